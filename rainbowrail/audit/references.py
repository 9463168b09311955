"""How the trail's pages speak of cases by the reference people say aloud, and know whose they are, without knowing the app that
gives them.

The app that owns cases registers itself when it is ready; without one, ids are shown and typed.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID


def _no_owners(ids: Collection[UUID]) -> Mapping[UUID, Collection[int]]:
    return {}


def _no_cases(staff_id: int) -> Any:
    return []


def _none_hidden(staff_id: int, ids: Collection[UUID]) -> Collection[UUID]:
    return ()


@dataclass(frozen=True, slots=True)
class ReferenceBook:
    """`find(reference)` gives the id of a case or None; `names(ids)` the references of those that exist; `owners(ids)` whose
    each is now; `owned_by(staff_id)` the ids of one person's cases, as something a query takes (`case_id__in`);
    `hidden(staff_id, ids)` which of them nobody may let this person know of, and
    `all_hidden(staff_id)` every such case, as something a query takes."""

    find: Callable[[str], UUID | None]
    names: Callable[[Collection[UUID]], Mapping[UUID, str]]
    owners: Callable[[Collection[UUID]], Mapping[UUID, Collection[int]]] = _no_owners
    owned_by: Callable[[int], Any] = _no_cases
    hidden: Callable[[int, Collection[UUID]], Collection[UUID]] = _none_hidden
    all_hidden: Callable[[int], Any] = _no_cases


def _no_case(reference: str) -> UUID | None:
    return None


def _no_names(ids: Collection[UUID]) -> Mapping[UUID, str]:
    return {}


_book = ReferenceBook(_no_case, _no_names)
# What in an address names a case, by the name of that part of the route.
_by_part: dict[str, Callable[[str], UUID | None]] = {}


def register(book: ReferenceBook) -> None:
    """Make the references of cases known, from the owning app's `ready`."""
    global _book
    _book = book


def register_part(kind: str, find_case: Callable[[str], UUID | None]) -> None:
    """Make known, from an app's `ready`, which case a part of its addresses names, such as the number of a referral."""
    _by_part[kind] = find_case


def tells(kind: str) -> bool:
    """Whether a part of an address, by its name in the route, should name a case."""
    return kind in _by_part


def find_by(kind: str, said: str) -> UUID | None:
    """Return the case that a part of an address names, also when it is hidden from whoever typed it. Raises KeyError for a
    part that names none."""
    return _by_part[kind](said)


def find(text: str) -> UUID | None:
    """Return the id of the case that somebody typed as a reference or as an id, or None."""
    text = text.strip()
    try:
        return UUID(text)
    except ValueError:
        return _book.find(text.upper())


# The parts of addresses that are references of cases: of the one it is about, and of another beside it.
register_part("reference", find)
register_part("other", find)


def names(ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Return the reference of each case that has one."""
    return _book.names(ids)


def owners(ids: Collection[UUID]) -> Mapping[UUID, Collection[int]]:
    """Return whose each case is now, of those that are somebody's. One query."""
    return _book.owners(ids)


def owned_by(staff_id: int) -> Any:
    """Return the ids of the cases that are one person's, as a subquery."""
    return _book.owned_by(staff_id)


def hidden(staff_id: int, ids: Collection[UUID]) -> Collection[UUID]:
    """Return which of these cases are hidden from a member of staff. One query."""
    return _book.hidden(staff_id, ids)


def all_hidden(staff_id: int) -> Any:
    """Return the ids of the cases that are hidden from a member of staff, as a subquery."""
    return _book.all_hidden(staff_id)


def find_for(reader: int, text: str) -> UUID | None:
    """Return what `find` does; of a reference whose case is hidden from the reader None, as of one that was never given."""
    found = find(text)
    return found if found is not None and found not in hidden(reader, {found}) else None
