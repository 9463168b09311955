"""What a member of staff holds, so that nobody leaves, or loses a role, with something that then belongs to nobody.

The apps that own things register themselves when they are ready; accounts knows only how many there are and who may hold them.
"""

from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from rainbowrail.actors import Actor
from rainbowrail.errors import NotPossible
from rainbowrail.roles import Role


class Count(Protocol):
    """How many things somebody holds; with `known_to`, without those that are hidden from this reader."""

    def __call__(self, staff_id: int, known_to: Actor | None = None) -> int: ...


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of thing. `count` says how many somebody holds; `roles` are those of which a holder needs one.

    `words` stand before the number: "Open cases: 12". An empty `roles` means that it goes only when the person leaves.
    """

    name: str
    words: str | Promise
    count: Count
    roles: frozenset[Role] = frozenset()


_holdings: dict[str, Holding] = {}


def register(holding: Holding) -> None:
    """Add a kind of thing, from the owning app's `ready`; the same name replaces its former entry."""
    _holdings[holding.name] = holding


def held_by(staff_id: int, *, keeps: frozenset[str] | None = None, known_to: Actor | None = None) -> dict[str, int]:
    """Return how many of each kind somebody would leave behind, by name: leaving, or keeping only the roles `keeps`."""
    left = (h for h in _holdings.values() if keeps is None or (h.roles and not h.roles & keeps))
    return {holding.name: number for holding in left if (number := holding.count(staff_id, known_to))}


def check_empty(staff_id: int, *, keeps: frozenset[str] | None = None, by: Actor) -> None:
    """Raise NotPossible while something would belong to nobody; the sentence says what `by` may know of, and where it goes."""
    if not held_by(staff_id, keeps=keeps):
        return
    known = held_by(staff_id, keeps=keeps, known_to=by)
    if not known:
        raise NotPossible(_("This cannot be done now. Ask a colleague among the leads or administrators to do it."))
    things = ", ".join(f"{_holdings[name].words}: {number}" for name, number in known.items())
    raise NotPossible(_("Something would be left without anybody (%(things)s). Hand it over first.") % {"things": things})
