"""One order of locks: the case, then its referral, then what belongs to the referral (docs/decisions/0068).

Whoever closes, gives away or hides a case holds the case and then comes to its referrals; whoever acts on a referral comes from
the other end. Both take the case first, so that neither waits for the other for ever; and since the case says who may write
(officer, hidden, depth), what is asked under its lock stays true until the commit.
"""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from cases.models import Case
from rainbowrail.actors import Actor
from rainbowrail.lifecycle import engine
from rainbowrail.lifecycle.moves import Move
from referrals.models import Referral
from referrals.permissions import check_draft


def lock_case(case_id: UUID) -> Case:
    """Return the case freshly read, its row locked until the transaction ends."""
    return Case.objects.select_for_update(of=("self",)).get(pk=case_id)


def lock(referral: Referral) -> Referral:
    """Return the referral freshly read, its case and then itself locked until the transaction ends."""
    case = lock_case(referral.case_id)
    locked = Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
    locked.case = case
    return locked


def lock_to_write(referral: Referral, *, by: Actor) -> Referral:
    """Return it locked. Raises NotAllowed for whoever is not the officer of the case by now, or may not know of it any more."""
    locked = lock(referral)
    check_draft(by, locked)
    return locked


def move(
    referral: Referral, step: Move, *, by: Actor, reason: str = "", changes: Mapping[str, object] | None = None
) -> Referral:
    """Make one move of the engine with the case locked before the referral: what it asks, it asks of both as they are."""
    with transaction.atomic():
        lock_case(referral.case_id)
        return engine.move(referral, step, by=by, reason=reason, changes=changes)
