"""What a member of staff holds, so that nobody leaves, or loses a role, with something that then belongs to nobody.

The apps that own things register themselves when they are ready; accounts knows only how many there are and who may hold them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from rainbowrail.errors import NotPossible
from rainbowrail.roles import Role


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of thing. `count(staff_id)` says how many somebody holds; `roles` are those of which a holder needs one.

    `words` stand before the number: "Open cases: 12". An empty `roles` means that it goes only when the person leaves.
    """

    name: str
    words: str | Promise
    count: Callable[[int], int]
    roles: frozenset[Role] = frozenset()


_holdings: dict[str, Holding] = {}


def register(holding: Holding) -> None:
    """Add a kind of thing, from the owning app's `ready`; the same name replaces its former entry."""
    _holdings[holding.name] = holding


def held_by(staff_id: int, *, keeps: frozenset[str] | None = None) -> dict[str, int]:
    """Return how many of each kind somebody would leave behind, by name: leaving, or keeping only the roles `keeps`."""
    left = (h for h in _holdings.values() if keeps is None or (h.roles and not h.roles & keeps))
    return {holding.name: number for holding in left if (number := holding.count(staff_id))}


def check_empty(staff_id: int, *, keeps: frozenset[str] | None = None) -> None:
    """Raise NotPossible while something would belong to nobody; the sentence says what, and where it is handed over."""
    left = held_by(staff_id, keeps=keeps)
    if left:
        things = ", ".join(f"{_holdings[name].words}: {number}" for name, number in left.items())
        raise NotPossible(_("Something would be left without anybody (%(things)s). Hand it over first.") % {"things": things})
