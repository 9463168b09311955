"""Requests brought to any state through the real actions: a draft, a sent one, one that the worker has opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from intake import actions
from intake.answers import Answers
from intake.drain import drain
from intake.models import Delivery, HelpRequest
from intake.opened import OpenDraft, OpenVisit
from intake.states import DeliveryState
from rainbowrail.crypto import datakeys


def _ahead(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def ade(**changes: Any) -> Answers:
    """Ade's answers as a draft keeps them: outed, beaten last week, hiding, three nights left. `key=None` takes one away."""
    answers: Answers = {
        "self_rated_danger": 2,
        "contact_channel": "none",
        "submitter": "self",
        "call_you": "Ade",
        "pronouns": "he",
        "age_band": "18_24",
        "current_country": "UGA",
        "region": "Mukono",
        "nationality": "UGA",
        "legal_status_current": "citizen",
        "location_type": "hiding_private",
        "shelter_until": _ahead(3),
        "custody": "none",
        "last_harm": "beating",
        "last_harm_on": _ahead(-7),
        "threat_now": "general",
        "threat_source": "family",
        "perpetrator_knows_location": "no",
        "dated_event": [{"type": "eviction", "on": _ahead(20)}],
        "outed": "some",
        "medical": "none",
        "suicidality": "none",
        "help_asked": ["shelter", "relocation"],
        "own_words": "My brothers found my telephone.",
        "consent_read": True,
        "consent_text_version": "2026-11-1",
    }
    return {key: value for key, value in (answers | changes).items() if value is not None}


@dataclass(frozen=True)
class Sent:
    """What the applicant is left with after sending: a code, and the session of this browser."""

    visit: OpenVisit
    code: str

    @property
    def request(self) -> HelpRequest:
        return HelpRequest.objects.get(id=self.visit.help_request_id)

    @property
    def delivery(self) -> Delivery:
        return Delivery.objects.get(subject_id=self.visit.person_id, sequence=1)


def draft(answers: Answers | None = None, *, language: str = "en", with_code: bool = True) -> OpenDraft:
    """An unsent request of this browser."""
    with transaction.atomic():
        opened = actions.start_draft(language=language)
        actions.save_step(opened, ade() if answers is None else answers, language=language)
        if with_code:
            actions.keep_with_code(opened)
    return opened


def sent(answers: Answers | None = None, *, language: str = "en") -> Sent:
    """A request that was sent and waits for the worker."""
    opened = draft(answers, language=language)
    with datakeys.scope(), transaction.atomic():
        visit = actions.submit(opened, answers=opened.answers, language=language)
    return Sent(visit, opened.code)


def received(answers: Answers | None = None, *, language: str = "en") -> HelpRequest:
    """A request that the worker has opened: readable by staff, and the signal was sent."""
    done = sent(answers, language=language)
    drain(subject_id=done.visit.person_id)
    assert done.delivery.state == DeliveryState.OPENED, "The delivery did not open; look at the log."
    return done.request


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)
