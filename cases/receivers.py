"""Hears intake, inside the drain's transaction: whatever fails here rolls the delivery back, so that nobody is lost."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from cases import actions
from cases.models import Case
from cases.urgency.bands import Band
from intake import notifications
from intake.marks import Mark
from intake.models import Answer, Evidence, HelpRequest
from intake.signals import (
    answer_received,
    code_changed,
    contact_stopped,
    deletion_wished,
    delivery_quarantined,
    evidence_received,
    help_request_submitted,
    person_reindexed,
    plan_changed,
)
from intake.states import CAUTIOUS_DAYS, Audience
from rainbowrail.crypto import blind_index

# Days that a confirmed contact plan stays good in the calmer bands (domain.md); EMERGENCY and URGENT have CAUTIOUS_DAYS.
CALM_DAYS = 60


def listen() -> None:
    """Connect the receivers; CasesConfig.ready calls this once."""
    help_request_submitted.connect(open_case_of, dispatch_uid="cases.open_case")
    help_request_submitted.connect(look_at_new, dispatch_uid="cases.look_at_new")
    evidence_received.connect(tell_owner_of_file, dispatch_uid="cases.file_came")
    answer_received.connect(wake_case_of, dispatch_uid="cases.wake_case")
    deletion_wished.connect(shut_case_of, dispatch_uid="cases.shut_case")
    plan_changed.connect(tell_owner_of_plan, dispatch_uid="cases.plan_changed")
    code_changed.connect(note_changed_code, dispatch_uid="cases.code_changed")
    contact_stopped.connect(alert_owner, dispatch_uid="cases.contact_stopped")
    delivery_quarantined.connect(alert_leads, dispatch_uid="cases.kept_aside")
    notifications.use_confirmation_days(confirmation_days)
    blind_index.rebuilders["rows that partners brought"] = actions.rename_rows
    person_reindexed.connect(compare_person_again, dispatch_uid="cases.compare_again")


def shut_case_of(sender: object, *, help_request: HelpRequest, **kwargs: Any) -> None:
    actions.hear_wish(help_request)


def open_case_of(sender: object, *, help_request: HelpRequest, **kwargs: Any) -> None:
    actions.open_case(help_request)


def look_at_new(
    sender: object, *, help_request: HelpRequest, marks: Iterable[Mark] = (), partner_id: UUID | None = None, **kwargs: Any
) -> None:
    actions.note_origin(help_request, partner_id=partner_id)
    # Whoever writes down what people tell them uses the same words again; that is no sign of a machine.
    actions.look_twice(help_request, marks, compare=partner_id is None)


def tell_owner_of_file(sender: object, *, evidence: Evidence, **kwargs: Any) -> None:
    actions.hear_file(evidence)


def wake_case_of(sender: object, *, answer: Answer, **kwargs: Any) -> None:
    actions.hear_answer(answer)


def compare_person_again(sender: object, *, person_id: UUID, **kwargs: Any) -> None:
    actions.compare_again(person_id)


def tell_owner_of_plan(sender: object, *, help_request: HelpRequest, **kwargs: Any) -> None:
    actions.hear_plan_changed(help_request)


def note_changed_code(sender: object, *, help_request: HelpRequest, audience: Audience, **kwargs: Any) -> None:
    actions.hear_code_changed(help_request, audience)


def alert_owner(sender: object, *, help_request: HelpRequest, **kwargs: Any) -> None:
    actions.hear_contact_stopped(help_request)


def alert_leads(sender: object, **kwargs: Any) -> None:
    actions.tell_leads_of_kept_aside()


def confirmation_days(help_request_id: UUID) -> int:
    """Return how many days ago the contact plan of this request may have been confirmed last, by the band of its case."""
    band = Case.objects.filter(help_request_id=help_request_id).values_list("band", flat=True).first()
    return CALM_DAYS if band in (Band.ELEVATED, Band.NORMAL) else CAUTIOUS_DAYS
