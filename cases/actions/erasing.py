"""Erasing a person: planned when the case closes, wished by the person, or decided by staff; put off only for a danger to life.

What is erased and what stays to be counted: docs/decisions/0048. Whatever the way, `_erase` does it, in one transaction.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases import workflow
from cases.actions.moving import close_case
from cases.actions.opening import open_case
from cases.actions.planning import lock
from cases.actions.telling import tell_owner_or_leads
from cases.audit_verbs import CaseVerb
from cases.erasures import plan_row, wish_day
from cases.models import (
    Case,
    ErasurePlan,
    ErasureProposal,
    HardMark,
    NamedPlaces,
    PossibleDuplicate,
    Postponement,
    SecondReading,
    UnsavedText,
)
from cases.notifications import CONTACT_STOPPED
from cases.permissions import check_ask_erasure, check_confirm_erasure, check_postpone_erasure, person
from cases.signals import case_closed, case_erased
from cases.states import CaseState, CloseReason, ErasureWhy
from intake import erasing
from intake.models import HelpRequest
from intake.staff_actions import publish_status
from rainbowrail.actors import APPLICANT, SYSTEM, Actor
from rainbowrail.audit.record import record
from rainbowrail.crypto import datakeys
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.errors import KeyMissing, KeyNotHeld
from rainbowrail.errors import NotPossible
from rainbowrail.lifecycle import engine
from rainbowrail.privacy import erased
from rainbowrail.privacy.retention import Kept, due_on

# --- the person's own wish ---


def hear_wish(help_request: HelpRequest) -> Case:
    """The person wishes to be deleted: the case closes to all but its owner and the leads, and is shredded after 7 days."""
    with transaction.atomic():
        case = lock(open_case(help_request))
        if case.is_open:
            _close_by_wish(case)
        else:
            record(CaseVerb.ERASURE_WISHED, by=APPLICANT, on=case, case_id=case.pk)
        plan = plan_of(case)
        if plan is None or not plan.is_done:
            due = wish_day(timezone.localdate())
            if plan is not None and plan.why == ErasureWhy.POSTPONED:
                due = max(due, plan.due_on)  # a danger to life was recorded before, and still forbids it
            _write_plan(case, due=due, why=ErasureWhy.WISH)
        tell_owner_or_leads(case, CONTACT_STOPPED)  # that a case wants a look; not why
    return case


def _close_by_wish(case: Case) -> None:
    engine.move(case, workflow.WISH, by=APPLICANT, changes=_closing())
    publish_status(case.help_request_id, workflow.public_status(case))
    case_closed.send(Case, case=case)


def _closing() -> dict[str, object]:
    """What a case says that nobody of staff closed; of an applicant's act the hour only."""
    return {
        "closed_at": timezone.now().replace(minute=0, second=0, microsecond=0),
        "closed_by_id": None,
        "close_reason": CloseReason.DELETION,
        "waiting_since": None,
        "next_step": "",
        "next_step_on": None,
    }


# --- what staff decide ---


def ask_erasure(case: Case, *, reason: str, by: Actor) -> ErasureProposal:
    """Ask that everything about the person be erased. Raises NotPossible without a reason, or when somebody asked already."""
    check_ask_erasure(by, case)
    if not reason.strip():
        raise NotPossible(_("Say why: whoever confirms it must know."))
    with transaction.atomic():
        locked = lock(case)
        _check_not_erased(locked)
        if open_proposal(locked) is not None:
            raise NotPossible(_("Somebody asked for this already; it waits for a lead."))
        proposal = ErasureProposal.objects.create(
            case=locked, reason=reason, needs_second=locked.is_open, asked_by_id=person(by)
        )
        record(CaseVerb.ERASURE_ASKED, by=by, on=proposal, case_id=case.pk)
    return proposal


def confirm_erasure(proposal: ErasureProposal, *, by: Actor) -> Case:
    """Erase the person and every case of theirs, now.

    An open case is closed as withdrawn by whoever confirms; for one that was open when it was asked, that is a second person.
    Raises NotAllowed, NotPossible when it is decided, or when the person has another case that is still open.
    """
    with transaction.atomic():
        case = Case.objects.select_related("help_request").get(pk=proposal.case_id)
        check_confirm_erasure(by, case)
        person_id = case.help_request.person_id
        erasing.lock_deliveries(person_id)
        case = lock(case)
        waiting = open_proposal(case)
        if waiting is None or waiting.pk != proposal.pk:
            raise NotPossible(_("Somebody has already decided about this proposal."))
        if (waiting.needs_second or case.is_open) and waiting.asked_by_id == by.staff_id:
            raise NotPossible(
                _("You asked for this. A case that is open is erased by two people, so another lead must confirm it.")
            )
        _check_no_other_open(case, by=by)
        waiting.confirmed_by_id, waiting.confirmed_at = by.staff_id, timezone.now()
        waiting.save(update_fields=["confirmed_by", "confirmed_at"])
        record(CaseVerb.ERASURE_CONFIRMED, by=by, on=waiting, case_id=case.pk)
        if case.is_open:
            close_case(case, close_reason=CloseReason.WITHDRAWN, reason=_("Erased at request."), by=by)
        _erase(person_id, why=ErasureWhy.STAFF, by=by, today=timezone.localdate())
    return case


def _check_no_other_open(case: Case, *, by: Actor) -> None:
    """Raise NotPossible while another case of the person is open.

    Of one that is hidden from `by` nothing is said, not even that it is there: another lead is asked for, as in every case
    that somebody else must confirm.
    """
    others = Case.objects.waiting().filter(help_request__person_id=case.help_request.person_id).exclude(pk=case.pk)
    if others.visible_to(by).exists():
        raise NotPossible(_("This person has another case that is open. Close it first, or erase from there."))
    if others.exists():
        raise NotPossible(_("You cannot confirm this one. Another triage lead must."))


def refuse_erasure(proposal: ErasureProposal, *, by: Actor) -> None:
    """Decide that the person stays; whoever asked may take it back in the same way."""
    with transaction.atomic():
        case = lock(proposal.case)
        waiting = open_proposal(case)
        if waiting is None or waiting.pk != proposal.pk:
            raise NotPossible(_("Somebody has already decided about this proposal."))
        if waiting.asked_by_id != by.staff_id:
            check_confirm_erasure(by, case)
        waiting.refused_at = timezone.now()
        waiting.save(update_fields=["refused_at"])
        record(CaseVerb.ERASURE_REFUSED, by=by, on=waiting, case_id=case.pk)


def postpone_erasure(case: Case, *, until: date, reason: str, by: Actor) -> Postponement:
    """Put the erasure off, because of a recorded danger to life; the reason is that record, and sealed.

    Raises NotPossible without a reason, when nothing is planned, for a day that is not later than the planned one, or beyond
    what the policy allows at once.
    """
    check_postpone_erasure(by, case)
    if not reason.strip():
        raise NotPossible(_("Say which danger to life forbids it. Nothing else puts an erasure off."))
    today = timezone.localdate()
    latest = due_on(Kept.POSTPONEMENT, today)
    with transaction.atomic():
        plan = ErasurePlan.objects.select_for_update(of=("self",)).filter(case=case, erased_on=None).first()
        if plan is None:
            raise NotPossible(_("No erasure is planned for this case."))
        if not max(plan.due_on, today) < until:
            raise NotPossible(_("Choose a day after the one on which it would be erased."))
        if until > max(latest, plan.due_on):
            raise NotPossible(
                _("At most until %(latest)s; it can be put off again.") % {"latest": date_format(latest, "DATE_FORMAT")}
            )
        made = Postponement.objects.create(case=case, until=until, reason=reason, by_id=person(by))
        plan.due_on = until
        if plan.why == ErasureWhy.RETENTION:
            plan.why = ErasureWhy.POSTPONED
        plan.save(update_fields=["due_on", "why"])
        record(CaseVerb.ERASURE_POSTPONED, by=by, on=made, case_id=case.pk)
    return made


# --- doing it ---


def erase_due(plan_id: UUID, *, today: date) -> bool:
    """Erase the person of one plan, if it is due and all their cases are. False when it is not, any more. Safe to run twice."""
    with transaction.atomic():
        plan = ErasurePlan.objects.select_related("case__help_request").filter(pk=plan_id, erased_on=None).first()
        if plan is None:
            return False
        person_id = plan.case.help_request.person_id
        erasing.lock_deliveries(person_id)
        plan = ErasurePlan.objects.select_for_update().get(pk=plan_id)
        cases = Case.objects.filter(help_request__person_id=person_id)
        not_due = cases.exclude(erasure__erased_on__isnull=False).exclude(state=CaseState.CLOSED, erasure__due_on__lte=today)
        if plan.is_done or not_due.exists():
            return False
        _erase(person_id, why=ErasureWhy(plan.why), by=SYSTEM, today=today)
    return True


def forget_again(subject_ids: Sequence[UUID]) -> int:
    """After a restore: erase again whoever is on the list and was known to the backup. Returns how many people.

    A process without store and index key can do no more than destroy the keys, which the caller did; the worker's nightly run
    calls this again and does the rest.
    """
    cases = Case.objects.filter(help_request__person_id__in=subject_ids).exclude(erasure__erased_on__isnull=False)
    people = list(cases.order_by().values_list("help_request__person_id", flat=True).distinct())
    with suppress(KeyNotHeld):
        for person_id in people:
            with transaction.atomic(), datakeys.scope():
                erasing.lock_deliveries(person_id)
                for case in Case.objects.waiting().filter(help_request__person_id=person_id):
                    _close_again(lock(case))
                _erase(person_id, why=ErasureWhy.STAFF, by=SYSTEM, today=timezone.localdate())
    return len(people)


def _close_again(case: Case) -> None:
    """Close a case that was erased since the backup. Its move is written under a key that lives until the erasure is done."""
    try:
        datakeys.open_key(case.pk, Compartment.CASEWORK)
    except KeyMissing:
        datakeys.create(case.pk, Compartment.CASEWORK)
    engine.move(case, workflow.ERASE_AGAIN, by=SYSTEM, changes=_closing())


def _erase(person_id: UUID, *, why: ErasureWhy, by: Actor, today: date) -> None:
    cases = list(
        Case.objects.select_for_update(of=("self",))
        .filter(help_request__person_id=person_id)
        .exclude(erasure__erased_on__isnull=False)
        .order_by("id")
    )
    for case in cases:
        case_erased.send(Case, case=case)
        PossibleDuplicate.objects.of(case).delete()
        for kind in (HardMark, SecondReading, UnsavedText, NamedPlaces):
            kind._default_manager.filter(case=case).delete()
        Case.objects.filter(pk=case.pk).update(is_compared=True)
    gone = erasing.forget_person(person_id)
    for case in cases:
        datakeys.destroy(case.pk)
        gone.append(case.pk)
        _write_plan(case, due=today, why=why, erased_on=today)
        record(CaseVerb.ERASED, by=by, on=case, case_id=case.pk, detail={"cause": why.value})
    transaction.on_commit(partial(erased.append, *gone))


def plan_of(case: Case) -> ErasurePlan | None:
    return ErasurePlan.objects.filter(case=case).first()


def open_proposal(case: Case) -> ErasureProposal | None:
    """Return the proposal that waits for a lead, if there is one."""
    return ErasureProposal.objects.filter(case=case, confirmed_at=None, refused_at=None).select_related("asked_by").first()


def _check_not_erased(case: Case) -> None:
    plan = plan_of(case)
    if plan is not None and plan.is_done:
        raise NotPossible(_("This person was erased. Only what can be counted is left."))


def _write_plan(case: Case, *, due: date, why: ErasureWhy, erased_on: date | None = None) -> None:
    row = plan_row(case, due=due, why=why)
    ErasurePlan.objects.update_or_create(
        case=case, defaults={"due_on": due, "why": why, "policy": row.policy, "erased_on": erased_on}
    )
