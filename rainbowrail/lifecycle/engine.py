"""The only code that assigns `.state` (held by tests/architecture/test_state_assignment.py)."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext as _

from rainbowrail.actors import Actor
from rainbowrail.audit.record import record
from rainbowrail.errors import DomainError, NotPossible
from rainbowrail.lifecycle.moves import Move


class Movable(Protocol):
    """What a model needs to be moved: a `state` and a way to write its own history row.

    The audit line belongs to the case `thing.case_id`; a thing without that attribute is its own case.
    """

    pk: Any
    state: str

    def write_history(self, move: Move, left: str, by: Actor, reason: str) -> object: ...


def move[T: models.Model](
    thing: T,
    step: Move,
    *,
    by: Actor,
    reason: str = "",
    changes: Mapping[str, object] | None = None,
) -> T:
    """Make one move and return the thing as it now is; `thing` itself is brought up to date too.

    In one transaction: lock the row, check the state, check permission, write the state (together with `changes`, so that a
    constraint such as "closed rows have closed_at" holds in the same UPDATE), write history, write the audit line. It sends
    nothing. Raises NotPossible when the row is in a state the move does not leave, or a needed reason is missing; NotAllowed
    from `step.may`.
    """
    if changes and "state" in changes:
        raise ValueError("The state comes from the move, never from changes.")
    with transaction.atomic():
        locked = type(thing)._default_manager.select_for_update(of=("self",)).get(pk=thing.pk)
        _check(locked, step, by)
        if step.needs_reason and not reason.strip():
            raise NotPossible(_("Say why: this step needs a reason."))
        left = _state(locked)
        _enter(locked, step, changes or {})
        locked.save(update_fields=["state", *(changes or {})])
        locked.write_history(step, left, by, reason)  # type: ignore[attr-defined]
        if step.verb is not None:
            detail = {"move": step.name, "left": str(left), "entered": str(step.enters)}
            record(step.verb, by=by, on=locked, case_id=_case_id(locked), detail=detail)
        _enter(thing, step, changes or {})
    return locked


def available(thing: models.Model, moves: Iterable[Move], *, by: Actor) -> list[Move]:
    """Return the moves that would succeed now, in the order of the table: a page's buttons come from here, nowhere else."""
    return [step for step in moves if _would_succeed(thing, step, by)]


def _would_succeed(thing: models.Model, step: Move, by: Actor) -> bool:
    try:
        _check(thing, step, by)
    except DomainError:
        return False
    return True


def _check(thing: models.Model, step: Move, by: Actor) -> None:
    if _state(thing) not in step.leaves:
        message = _("“%(move)s” is not possible now: it was changed in the meantime, or this step is already done.")
        raise NotPossible(message % {"move": step.label})
    step.may(by, thing)


def _state(thing: models.Model) -> str:
    return str(thing.state)  # type: ignore[attr-defined]


def _enter(thing: models.Model, step: Move, changes: Mapping[str, object]) -> None:
    thing.state = step.enters  # type: ignore[attr-defined]
    for name, value in changes.items():
        setattr(thing, name, value)


def _case_id(thing: models.Model) -> UUID:
    case_id: UUID = getattr(thing, "case_id", thing.pk)
    return case_id
