"""Stopping contact with a person, and allowing it again."""

from django.db import transaction
from django.utils.translation import gettext as _

from cases.actions.telling import tell_leads_to_look, tell_owner_or_leads
from cases.audit_verbs import CaseVerb
from cases.models import Case, ErasurePlan
from cases.notifications import ANSWER_CAME, CONTACT_STOPPED
from cases.permissions import check_resume_contact, check_stop_contact
from cases.states import ErasureWhy
from intake import staff_codes
from intake.models import HelpRequest
from intake.states import StopReason
from rainbowrail.actors import APPLICANT, Actor
from rainbowrail.audit.record import record
from rainbowrail.errors import NotPossible
from rainbowrail.notifications import outbox


def stop_contact(case: Case, *, reason: str, by: Actor) -> None:
    """Let no notice go out to the person until a lead lifts it. The reason is sealed."""
    check_stop_contact(by, case)
    if not reason.strip():
        raise NotPossible(_("Say why: somebody has to decide later whether it is over."))
    with transaction.atomic():
        staff_codes.stop_contact(case.help_request, StopReason.STAFF, by=by, reason=reason)
        record(CaseVerb.CONTACT_STOPPED, by=by, on=case, case_id=case.pk)


def resume_contact(case: Case, *, reason: str, by: Actor) -> None:
    """Allow notices again. Raises NotPossible without a reason, or when contact is not stopped."""
    check_resume_contact(by, case)
    if ErasurePlan.objects.filter(case=case, why=ErasureWhy.WISH).exists():
        raise NotPossible(_("The person asked us to delete everything; nobody contacts them any more."))
    if not reason.strip():
        raise NotPossible(_("Say what makes it safe again."))
    with transaction.atomic():
        staff_codes.lift_stop(case.help_request_id, by=by, reason=reason)
        record(CaseVerb.CONTACT_RESUMED, by=by, on=case, case_id=case.pk)


def hear_plan_changed(help_request: HelpRequest) -> None:
    """The person gave another way to reach them: its owner is asked to look, before somebody calls the old number."""
    case = Case.objects.filter(help_request=help_request).first()
    if case is not None and case.owner_id is not None:
        outbox.queue(ANSWER_CAME, case.pk)


def hear_contact_stopped(help_request: HelpRequest) -> None:
    """Alert the owner, or the leads while nobody owns the case. The notice says that a case wants a look, never why."""
    case = Case.objects.filter(help_request=help_request).select_related("owner").first()
    if case is None:
        tell_leads_to_look()
        return
    record(CaseVerb.CONTACT_STOPPED, by=APPLICANT, on=case, case_id=case.pk)
    tell_owner_or_leads(case, CONTACT_STOPPED)
