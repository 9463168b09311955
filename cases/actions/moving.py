"""The moves of a case. The engine makes them; here stands what each one takes with it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import workflow
from cases.actions.planning import due_with, lock, next_step_in
from cases.audit_verbs import CaseVerb
from cases.erasures import forget_plan, plan_closed
from cases.leaving import OWNERS
from cases.models import Case, Restriction
from cases.notifications import CASE_GIVEN
from cases.permissions import check_assign, check_hand_over
from cases.signals import case_back, case_closed, case_ready
from cases.states import CaseState, CloseReason
from intake.staff_actions import publish_status
from rainbowrail.accounts.models import User
from rainbowrail.actors import Actor
from rainbowrail.audit.record import record
from rainbowrail.errors import NotPossible
from rainbowrail.lifecycle import engine
from rainbowrail.lifecycle.moves import Move
from rainbowrail.notifications import outbox


def claim(case: Case, *, by: Actor) -> Case:
    """Take an unclaimed case. Raises NotPossible for the second of two who try at once."""
    return _move(case, workflow.CLAIM, by=by, owner_id=by.staff_id)


def assign(case: Case, *, to: User, by: Actor, reason: str = "") -> Case:
    """Give the case to a caseworker or lead, whether or not somebody has it. The new owner is told.

    Raises NotPossible when `to` cannot own cases, owns it already, or the case is closed.
    """
    if not can_own(to, case):
        raise NotPossible(_("%(name)s cannot own this case; choose a caseworker or a triage lead.") % {"name": to.name})
    with transaction.atomic():
        locked = lock(case)
        if locked.owner_id is None and locked.state == CaseState.RECEIVED:
            _move(case, workflow.ASSIGN, by=by, reason=reason, owner_id=to.pk)
        else:
            _hand_over(locked, to, by=by)
            case.owner = to
        if to.pk != by.staff_id:
            outbox.queue(CASE_GIVEN, case.pk)
    return case


def can_own(somebody: User, case: Case) -> bool:
    """Whether somebody may own this case: they may work on it, and it is not hidden from them."""
    if not (somebody.is_active and somebody.actor.roles & OWNERS):
        return False
    return not Restriction.objects.filter(case=case, person=somebody, lifted_at=None).exists()


def _hand_over(case: Case, to: User, *, by: Actor) -> None:
    (check_assign if case.owner_id is None else check_hand_over)(by, case)
    if not case.is_open:
        raise NotPossible(_("This case is closed. Reopen it first, then give it to somebody."))
    if case.owner_id == to.pk:
        raise NotPossible(_("%(name)s has this case already.") % {"name": to.name})
    case.owner = to
    case.save(update_fields=["owner"])
    record(CaseVerb.HANDED_OVER, by=by, on=case, case_id=case.pk, detail={"owner": to.pk})


def verify(case: Case, *, by: Actor, reason: str = "") -> Case:
    """Say that the account is sufficiently sure. A dial of its own: the urgency does not change."""
    return _move(case, workflow.VERIFY, by=by, reason=reason)


def send_back(case: Case, *, reason: str, by: Actor) -> Case:
    """Put the case back into review, because something does not fit."""
    with transaction.atomic():
        _move(case, workflow.DOUBT, by=by, reason=reason)
        case_back.send(Case, case=case, by=by)
    return case


def plan_support(case: Case, *, by: Actor, reason: str = "") -> Case:
    """Say that support is planned; the clock "plan" of the band is met."""
    with transaction.atomic():
        planned_at = case.planned_at or timezone.now()
        due_at = due_with(case, met=case.met_clocks | {"plan"})
        _move(case, workflow.PLAN, by=by, reason=reason, planned_at=planned_at, due_at=due_at)
        case_back.send(Case, case=case, by=by)
    return case


def mark_ready(case: Case, *, by: Actor, reason: str = "") -> Case:
    """Hand the case to the referral officers. Sends `case_ready`."""
    with transaction.atomic():
        _move(case, workflow.MARK_READY, by=by, reason=reason)
        case_ready.send(Case, case=case)
    return case


def mark_referred(case: Case, *, by: Actor) -> Case:
    """Record that a packet left the building; `referrals` calls this in the transaction of the release."""
    return _move(case, workflow.REFER, by=by, referred_on=case.referred_on or timezone.localdate())


def mark_outcome(case: Case, *, by: Actor) -> Case:
    """Record that the office answered; `referrals` calls this beside its own Outcome."""
    return _move(case, workflow.RECORD_OUTCOME, by=by)


def close_case(case: Case, *, close_reason: CloseReason, reason: str, by: Actor) -> Case:
    """Close the case, with the reason that is counted and the words that explain it (sealed). Sends `case_closed`."""
    changes = {
        "closed_at": timezone.now(),
        "closed_by_id": by.staff_id,
        "close_reason": CloseReason(close_reason),
        "waiting_since": None,
    }
    with transaction.atomic():
        _move(case, workflow.CLOSE, by=by, reason=reason, **changes)
        plan_closed(case)
        case_closed.send(Case, case=case)
    return case


def reopen(case: Case, *, reason: str, by: Actor) -> Case:
    """Open a closed case again, in review; its last owner has it, or whoever reopens it when nobody had or they cannot now."""
    last = case.owner
    owner_id = last.pk if last is not None and can_own(last, case) else by.staff_id
    changes = {"closed_at": None, "closed_by_id": None, "close_reason": "", "owner_id": owner_id}
    with transaction.atomic():
        forget_plan(case)
        _move(case, workflow.REOPEN, by=by, reason=reason, **changes)
        case_back.send(Case, case=case, by=by)
    return case


def _move(case: Case, move: Move, *, by: Actor, reason: str = "", **changes: object) -> Case:
    """Make the move, plan what follows it and publish the word that the applicant sees."""
    plan = next_step_in(CaseState(move.enters), case, today=timezone.localdate())
    with transaction.atomic():
        engine.move(case, move, by=by, reason=reason, changes={**plan, **changes})
        publish_status(case.help_request_id, workflow.public_status(case))
    return case
