"""The marks every view wears. A door refuses a view without a mark, so that forgetting one fails closed.

`public_page` is for what both doors show to anybody (health, errors, the staff sign-in form), `applicant_page` for the public
door, `staff_page(*roles)` for the staff door; without roles any active member of staff may enter. Decision 0020.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from rainbowrail.actors import Actor
from rainbowrail.errors import NotAllowed
from rainbowrail.roles import Role

type View = Callable[..., HttpResponseBase]


class DoorKind(StrEnum):
    OPEN = "open"
    APPLICANT = "applicant"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Door:
    """Who may come in: the kind of door and, for staff, the roles of which one is needed (none named: any)."""

    kind: DoorKind
    roles: frozenset[Role] = frozenset()


def _marked[V: View](view: V, door: Door) -> V:
    if door_of(view) is not None:
        raise TypeError(f"{getattr(view, '__qualname__', view)} already wears a door mark; a view has one door.")
    view.door = door  # type: ignore[attr-defined]
    return view


def public_page[V: View](view: V) -> V:
    """Mark a view that anybody may see on either door: health, errors, the way in."""
    return _marked(view, Door(DoorKind.OPEN))


def applicant_page[V: View](view: V) -> V:
    """Mark a view of the public door. It is never reachable on the staff door."""
    return _marked(view, Door(DoorKind.APPLICANT))


def staff_page[V: View](*roles: Role) -> Callable[[V], V]:
    """Mark a view of the staff door, for people with one of `roles`; for every member of staff when none is named."""
    if any(not isinstance(role, Role) for role in roles):
        raise TypeError("staff_page takes roles: write @staff_page() when every member of staff may enter.")
    return lambda view: _marked(view, Door(DoorKind.STAFF, frozenset(roles)))


def mark_third_party(view: View, door: Door) -> View:
    """Return somebody else's view with a mark, leaving the original untouched: the one way to route a view we did not write."""

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    marked.door = door  # type: ignore[attr-defined]
    return marked


def door_of(callback: Callable[..., Any]) -> Door | None:
    """Return the mark of a routed callback, or None. A decorator that keeps `__dict__` (functools.wraps) keeps the mark."""
    door = getattr(callback, "door", None)
    return door if isinstance(door, Door) else None


def actor_of(request: HttpRequest) -> Actor:
    """Return who asks, on a page behind `staff_page`: what every action takes as `by`.

    For apps below `accounts`, which know staff people only as actors. Raises NotAllowed where nobody is signed in.
    """
    actor = getattr(getattr(request, "user", None), "actor", None)
    if not isinstance(actor, Actor):
        raise NotAllowed(_("Please sign in."))
    return actor


def me_of(request: HttpRequest) -> int:
    """Return the id of the member of staff who asks, behind `staff_page`. Raises NotAllowed where nobody is signed in."""
    me = actor_of(request).staff_id
    if me is None:
        raise NotAllowed(_("Please sign in."))
    return me
