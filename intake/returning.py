"""What somebody does on their own page about contact and consent. Safe for the public process.

Each sends a delivery and notes in the session what the page shows until the worker has opened it. Behind a second code the same
happens, and what is sent changes nothing (`intake.deliveries.send`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from intake import codes
from intake.deliveries import send
from intake.models import ConsentOffer, ShownPlan
from intake.opened import OpenVisit
from intake.states import CAUTIOUS_DAYS, MAY_FOLLOW, Audience, Channel, DeliveryKind, OfferState
from rainbowrail.errors import NotPossible

# What the page may tell of a plan: never an address, a number or the code word.
SHOWN_KEYS = ("channel", "from_hour", "until_hour", "utc_offset", "confirmed_on")


@dataclass(frozen=True, slots=True)
class Plan:
    """How we would reach the person, as far as their page may say. Hours are those of the person's own clock."""

    channel: Channel
    from_hour: int | None = None
    until_hour: int | None = None
    confirmed_on: date | None = None

    @classmethod
    def of(cls, shown: Mapping[str, Any]) -> Plan:
        confirmed = shown.get("confirmed_on")
        return cls(
            Channel(shown.get("channel") or Channel.NONE),
            shown.get("from_hour"),
            shown.get("until_hour"),
            date.fromisoformat(confirmed) if confirmed else None,
        )

    @property
    def reaches_out(self) -> bool:
        """Whether there is anything to be wrong about."""
        return self.channel is not Channel.NONE

    @property
    def has_hours(self) -> bool:
        return None not in (self.from_hour, self.until_hour) and self.from_hour != self.until_hour

    @property
    def from_clock(self) -> str:
        return f"{self.from_hour:02d}:00"

    @property
    def until_clock(self) -> str:
        return f"{self.until_hour:02d}:00"

    def is_old(self, today: date) -> bool:
        """Whether the page asks if it is still right, after the shorter of our two spans for everybody: the page must not tell,
        by when it asks, how urgent we think somebody is."""
        if not self.reaches_out:
            return False
        return self.confirmed_on is None or today - self.confirmed_on > timedelta(days=CAUTIOUS_DAYS)


def plan_of(visit: OpenVisit) -> Plan | None:
    """Return the plan to show, None when there is none to show: before the worker published it, and for who filed for another.

    One query, also behind a second code, which shows "no contact" unless another plan was told in this session.
    """
    row = ShownPlan.objects.filter(help_request_id=visit.help_request_id).first()
    if visit.audience is not Audience.PERSON or row is None:
        return None
    if visit.told_plan is not None:
        return Plan.of(visit.told_plan)
    return Plan.of(row.shown) if visit.opens(row) else Plan(Channel.NONE)


def confirm_plan(visit: OpenVisit, *, token: str) -> None:
    """Say that the plan is still right. The same form (`token`) sent twice is one. Raises NotPossible as `_send` does."""
    plan = plan_of(visit)
    if plan is None or token in visit.used_tokens:
        return
    today = timezone.localdate().isoformat()
    told = {"channel": str(plan.channel), "from_hour": plan.from_hour, "until_hour": plan.until_hour, "confirmed_on": today}
    _send(visit, DeliveryKind.CONTACT_PLAN, {"plan": None}, token=token, told_plan=told)


def change_plan(visit: OpenVisit, plan: Mapping[str, Any], *, token: str) -> None:
    """Send another plan, in the keys of `intake.safe_contact`; it cannot be read here again. Behaves as `confirm_plan`.

    Raises NotPossible for who filed for somebody else: how to reach the person is the person's own word.
    """
    _check_own(visit)
    if token in visit.used_tokens:
        return
    told = {key: plan.get(key) for key in SHOWN_KEYS} | {"confirmed_on": timezone.localdate().isoformat()}
    _send(visit, DeliveryKind.CONTACT_PLAN, {"plan": dict(plan)}, token=token, told_plan=told)


@dataclass(frozen=True, slots=True)
class Offer:
    """A consent text (`terms` as in ConsentOffer), and where it stands as far as this session knows."""

    id: UUID
    terms: Mapping[str, Any]
    state: OfferState


def offers_of(visit: OpenVisit) -> list[Offer]:
    """Return the consent texts that this code opens. One query."""
    rows = ConsentOffer.objects.filter(help_request_id=visit.help_request_id).exclude(state=OfferState.TAKEN_BACK)
    return [
        Offer(row.id, row.terms, OfferState(visit.told_consents.get(str(row.id), row.state)))
        for row in rows
        if visit.audience is Audience.PERSON and visit.opens(row)
    ]


def offer_called(visit: OpenVisit, offer_id: UUID) -> Offer | None:
    return next((row for row in offers_of(visit) if row.id == offer_id), None)


def answer_offer(visit: OpenVisit, offer: Offer, act: OfferState, *, language: str, token: str) -> None:
    """Give, refuse or withdraw consent, as one delivery. `language` is the one in which the page was read.

    Raises NotPossible for what may not follow on what was answered before, and as `_send` does.
    """
    _check_own(visit)
    if token in visit.used_tokens:
        return
    if act not in MAY_FOLLOW[offer.state]:
        raise NotPossible(_("This was answered already. Go back to see where it stands."))
    if act is OfferState.GIVEN and is_over(offer):
        raise NotPossible(_("The last day of this question has gone by. We ask you again if it is still needed."))
    content = {"offer": str(offer.id), "act": str(act), "language": language}
    _send(visit, DeliveryKind.CONSENT, content, token=token, told_consents=visit.told_consents | {str(offer.id): str(act)})


def is_over(offer: Offer) -> bool:
    """Whether the last day of what is asked has gone by."""
    return date.fromisoformat(offer.terms["ends_on"]) < timezone.localdate()


def _check_own(visit: OpenVisit) -> None:
    if visit.audience is not Audience.PERSON:
        raise NotPossible(_("Only the person themself can say this, with their own code."))


def _send(visit: OpenVisit, kind: DeliveryKind, content: Mapping[str, Any], *, token: str, **told: Any) -> None:
    """Send, and remember in the session what was told. Raises NotPossible when the code was changed elsewhere meanwhile."""
    with transaction.atomic():
        codes.lock_codes(visit.help_request_id)
        if not codes.is_in_use(visit):
            raise NotPossible(_("Your code was changed in another browser. Use the newest one."))
        send(visit, kind, content)
        visit.use_token(token)
        for name, value in told.items():
            setattr(visit, name, value)
        visit.answered_on[""] = timezone.localdate().isoformat()
        visit.save()
