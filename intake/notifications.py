"""Worker and staff only: the two notices a person may get, "we have it" and "there is something to read".

Their text is fixed and neutral: no name, no organisation, no link, never why. The address is opened at the moment of sending,
and the contact plan is asked just before (`intake.safe_contact`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from intake import contact_plans, safe_contact
from intake.models import ContactStop, Delivery, HelpRequest
from intake.states import CAUTIOUS_DAYS, Channel
from rainbowrail.crypto.errors import KeyMissing
from rainbowrail.notifications import kinds, outbox
from rainbowrail.notifications.kinds import Audience, Decision, NotificationKind, send_later, send_never

# How long a notice waits before it is asked again whether everything of its person was opened.
UNREAD_WAIT = timedelta(minutes=2)
MEANS = {Channel.EMAIL: kinds.Channel.MAIL, Channel.TEXT: kinds.Channel.TEXT}


def _days_for_everybody(help_request_id: UUID) -> int:
    return CAUTIOUS_DAYS


# How old a confirmation may be depends on the band, which `cases` knows and intake does not.
_most_days: Callable[[UUID], int] = _days_for_everybody


def use_confirmation_days(days_of: Callable[[UUID], int]) -> None:
    """Let a higher app say, by the request's id, how many days a confirmed contact plan stays good (14 or 60)."""
    global _most_days
    _most_days = days_of


def contact_plan(help_request_id: UUID) -> dict[str, Any]:
    """Return the contact plan in force; empty when the request is gone or its identity was erased. Opens IDENTITY."""
    request = HelpRequest.objects.filter(id=help_request_id).first()
    if request is None:
        return {}
    try:
        return contact_plans.in_force(request)
    except KeyMissing:
        return {}


def queue_received(request: HelpRequest) -> None:
    """Queue "we have it" if the person asked to be written to."""
    _queue(RECEIVED, request.id)


def queue_question(help_request_id: UUID) -> None:
    """Queue "there is something to read" if the person asked to be written to."""
    _queue(QUESTION, help_request_id)


def register_kinds() -> None:
    """Make the kinds known; called once, when the app is ready."""
    for by_channel in (RECEIVED, QUESTION):
        for kind in by_channel.values():
            kinds.register(kind)


def _queue(by_channel: dict[Channel, NotificationKind], help_request_id: UUID) -> None:
    channel = contact_plan(help_request_id).get("channel")
    if channel in by_channel:
        outbox.queue(by_channel[Channel(channel)], help_request_id)


def _address(help_request_id: UUID) -> str | None:
    return contact_plan(help_request_id).get("address")


def _language(help_request_id: UUID) -> str:
    return HelpRequest.objects.values_list("language", flat=True).get(id=help_request_id)


def _may_send_now(channel: Channel) -> Callable[[UUID], Decision]:
    def may_send_now(help_request_id: UUID) -> Decision:
        if ContactStop.objects.filter(help_request_id=help_request_id, lifted_on=None).exists():
            return send_never("contact_stopped")
        if _something_is_unread(help_request_id):
            return send_later(timezone.now() + UNREAD_WAIT, "something_unread")
        plan = contact_plan(help_request_id)
        if not plan:
            return send_never("no_contact_plan")
        return safe_contact.decide(plan, channel=channel, now=timezone.now(), most_days=_most_days(help_request_id))

    return may_send_now


def _something_is_unread(help_request_id: UUID) -> bool:
    """Whether the person sent something that is not opened: it may be another number, or a sign that somebody forces them."""
    person = HelpRequest.objects.filter(id=help_request_id).values("person_id")
    return Delivery.objects.unopened().filter(subject_id__in=person).exists()


def _kinds(name: str) -> dict[Channel, NotificationKind]:
    """Return the same words for mail and for text message."""
    return {
        channel: NotificationKind(
            name=f"intake.{name}_by_{channel}",
            subject_template=f"emails/intake/{name}.subject.txt",
            text_template=f"emails/intake/{name}.txt",
            audience=Audience.APPLICANT,
            recipient=_address,
            may_send_now=_may_send_now(channel),
            channel=means,
            language=_language,
        )
        for channel, means in MEANS.items()
    }


RECEIVED = _kinds("received")
QUESTION = _kinds("question")
