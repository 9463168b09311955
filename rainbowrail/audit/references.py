"""How the trail page speaks of cases by the reference people say aloud, without knowing the app that gives them.

The app that owns cases registers itself when it is ready; without one, ids are shown and typed.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ReferenceBook:
    """`find(reference)` gives the id of a case or None; `names(ids)` gives the references of those that exist."""

    find: Callable[[str], UUID | None]
    names: Callable[[Collection[UUID]], Mapping[UUID, str]]


def _no_case(reference: str) -> UUID | None:
    return None


def _no_names(ids: Collection[UUID]) -> Mapping[UUID, str]:
    return {}


_book = ReferenceBook(_no_case, _no_names)


def register(book: ReferenceBook) -> None:
    """Make the references of cases known, from the owning app's `ready`."""
    global _book
    _book = book


def find(text: str) -> UUID | None:
    """Return the id of the case that somebody typed as a reference or as an id, or None."""
    text = text.strip()
    try:
        return UUID(text)
    except ValueError:
        return _book.find(text.upper())


def names(ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Return the reference of each case that has one."""
    return _book.names(ids)
