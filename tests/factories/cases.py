"""Cases in any state, brought there by the real actions; traits read as words."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from cases import actions
from cases.models import Case, Slot
from cases.states import CaseState, CloseReason
from intake import finding
from intake.models import HelpRequest, RequestStatus
from rainbowrail.accounts.models import User
from rainbowrail.actors import Actor
from rainbowrail.crypto import datakeys
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.roles import Role
from tests.factories.accounts import make_staff

# One set of answers for each band, in the shape that intake stores.
CALM = {
    "threat_now": "none", "last_harm": "none", "self_rated_danger": 0, "current_country": "CAN", "outed": "some",
    "custody": "none", "medical": "none", "suicidality": "none", "shelter_until": "stable", "dated_event": [{"type": "none"}],
}  # fmt: skip
UNKNOWN: dict[str, Any] = {}
URGENT = {**CALM, "threat_now": "death", "perpetrator_knows_location": "no", "self_rated_danger": 2}
EMERGENCY = {**CALM, "threat_now": "death", "perpetrator_knows_location": "yes", "self_rated_danger": 4}

IDENTITY = {"call_you": "Ade", "pronouns": "they", "contact": {"channel": "none"}}


def make_help_request(
    answers: dict[str, Any] | None = None,
    *,
    own_words: str = "",
    identity: dict[str, Any] | None = None,
    received_at: datetime | None = None,
    language: str = "en",
) -> HelpRequest:
    """Return a help request as the drain leaves it: sealed under keys that are wrapped for the store, with its status row."""
    hour = (received_at or timezone.now()).replace(minute=0, second=0, microsecond=0)
    request = HelpRequest(
        language=language,
        received_hour=hour,
        identity=identity or IDENTITY,
        answers=UNKNOWN if answers is None else answers,
        own_words=own_words,
        consent={},
    )
    for compartment in (Compartment.IDENTITY, Compartment.STORY, Compartment.CONVERSATION):
        datakeys.create(request.person_id, compartment)
    request.save()
    RequestStatus.objects.create(id=request.pk, updated_on=timezone.localdate())
    finding.reindex_person(request.person_id)
    return request


def make_case(answers: dict[str, Any] | None = None, **kwargs: Any) -> Case:
    """Return a case that was just received; the arguments are those of `make_help_request`."""
    return actions.open_case(make_help_request(answers, **kwargs))


def make_case_in(
    state: CaseState, *, owner: User | None = None, lead: User | None = None, answers: dict[str, Any] | None = None
) -> Case:
    """Return a case that went all the way to `state`, owned by `owner` from the first move on."""
    case = make_case(answers)
    if state is CaseState.RECEIVED:
        return case
    owner, lead = owner or make_staff(Role.CASEWORKER), lead or make_staff(Role.TRIAGE_LEAD)
    for wanted, step in _road(owner.actor, lead.actor):
        step(case)
        if wanted is state:
            break
    return case


def _road(owner: Actor, lead: Actor) -> list[tuple[CaseState, Any]]:
    return [
        (CaseState.IN_REVIEW, lambda case: actions.claim(case, by=owner)),
        (CaseState.VERIFIED, lambda case: actions.verify(case, by=owner)),
        (CaseState.IN_SUPPORT, lambda case: actions.plan_support(case, by=owner)),
        (CaseState.READY, lambda case: actions.mark_ready(case, by=lead)),
        (CaseState.REFERRED, lambda case: actions.mark_referred(case, by=lead)),
        (CaseState.OUTCOME, lambda case: actions.mark_outcome(case, by=lead)),
        (CaseState.CLOSED, lambda case: actions.close_case(case, close_reason=CloseReason.HELPED, reason="Safe now.", by=lead)),
    ]


def book_now(volunteer: User, *, by: User) -> Slot:
    """Book a time of this volunteer that runs now."""
    now = timezone.now()
    return actions.book_slot(volunteer, begins_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1), by=by.actor)
