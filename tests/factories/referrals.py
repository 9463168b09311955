"""Referrals in any state, brought there by the real actions; traits read as words."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pyrage
from django.utils import timezone

from cases.models import Case
from cases.states import CaseState
from rainbowrail.accounts.models import User
from rainbowrail.roles import Role
from referrals import actions
from referrals.casefile import ConsentHow
from referrals.gather import compile_packet
from referrals.models import Recipient, Referral
from referrals.states import HandedOver, KeyKind, OutcomeKind, ReferralState
from tests.factories.accounts import make_staff
from tests.factories.cases import CALM, make_case_in
from tests.referrals.casefiles import ACCOUNT, IDENTITY

# Outside the country of their nationality, as the programme asks.
ABROAD = {
    **CALM,
    "nationality": "UGA",
    "current_country": "KEN",
    "legal_status_current": "asylum_seeker",
    "unhcr_registered": True,
}
WORDS = {**IDENTITY, **ACCOUNT}


@dataclass
class Official:
    """An official, and the private half of their key, which stays on their computer."""

    recipient: Recipient
    private_key: str = field(repr=False)


@dataclass
class Crew:
    """Who works on a referral; each is made when first needed."""

    officer: User
    lead: User

    @classmethod
    def new(cls, officer: User | None = None, lead: User | None = None) -> "Crew":
        return cls(officer or make_staff(Role.REFERRAL_OFFICER), lead or make_staff(Role.TRIAGE_LEAD))


def make_official(
    *,
    crew: Crew | None = None,
    checked: bool = True,
    name: str = "Maren Tran",
    kind: KeyKind = KeyKind.AGE,
    public_key: str = "",
) -> Official:
    """Return an official of the Canadian programme whose key a second person has checked; a new age key by default."""
    crew = crew or Crew.new()
    pair = pyrage.x25519.Identity.generate()
    recipient = actions.add_recipient(
        programme="canada_gar",
        name=name,
        office="Resettlement Operations",
        email="maren@office.example",
        kind=kind,
        public_key=str(pair.to_public()) if kind is KeyKind.AGE else public_key,
        by=crew.officer.actor,
    )
    if checked:
        recipient = actions.confirm_key(recipient, by=crew.lead.actor)
    return Official(recipient, str(pair) if kind is KeyKind.AGE else "")


def make_referral(
    *,
    crew: Crew | None = None,
    case: Case | None = None,
    recipient: Recipient | None = None,
    answers: dict[str, Any] | None = None,
) -> Referral:
    """Return an empty draft for a case that is ready."""
    crew = crew or Crew.new()
    case = case or make_case_in(CaseState.READY, lead=crew.lead, answers=answers or ABROAD)
    recipient = recipient or make_official(crew=crew).recipient
    return actions.draft(case, recipient=recipient, language="en", by=crew.officer.actor)


def give_consent(referral: Referral, *, crew: Crew, parts: str = "BCDEFGH", **changes: Any) -> None:
    today = timezone.localdate()
    given = {
        "how": ConsentHow.RECORDED_ORAL,
        "language": "ar",
        "given_on": today,
        "ends_on": today + timedelta(days=365),
        **changes,
    }
    actions.record_consent(referral, parts=parts, by=crew.officer.actor, **given)


def make_referral_in(state: ReferralState, *, crew: Crew | None = None, **kwargs: Any) -> Referral:
    """Return a complete referral that went all the way to `state`."""
    crew = crew or Crew.new()
    referral = make_referral(crew=crew, **kwargs)
    give_consent(referral, crew=crew)
    referral = actions.save_draft(referral, words=WORDS, by=crew.officer.actor)
    for wanted, step in _road(crew):
        if referral.state == state:
            break
        if state in SIDE_ROADS and SIDE_ROADS[state][0] == referral.state:
            SIDE_ROADS[state][1](referral, crew)
        else:
            step(referral)
        referral = Referral.objects.select_related("case").get(pk=referral.pk)
        assert referral.state == state or wanted == referral.state, (
            f"{wanted} was not reached: {referral.state} {referral.problem}"
        )
    assert referral.state == state
    return referral


def read_digest(referral: Referral) -> str:
    """Return what an approver's page sends back: the digest of what they read."""
    packet, _findings = compile_packet(referral, today=timezone.localdate())
    return packet.digest()


def _road(crew: Crew) -> list[tuple[ReferralState, Any]]:
    officer, lead, today = crew.officer.actor, crew.lead.actor, timezone.localdate()
    return [
        (ReferralState.WAITING, lambda it: actions.submit(it, by=officer)),
        (ReferralState.BUILDING, lambda it: actions.approve(it, read_digest=read_digest(it), by=lead)),
        (ReferralState.READY, lambda it: actions.build_packet(it.pk)),
        (ReferralState.SENT, lambda it: actions.hand_over(it, on=today, how=HandedOver.PORTAL, by=officer)),
        (
            ReferralState.ACKNOWLEDGED,
            lambda it: actions.record_acknowledgement(it, on=today, office_number="G000123456", by=officer),
        ),
        (
            ReferralState.DECIDED,
            lambda it: actions.record_outcome(it, kind=OutcomeKind.ACCEPTED, on=today, note="Interview in May.", by=officer),
        ),
    ]


def _retire_the_key(referral: Referral, crew: Crew) -> None:
    actions.retire_recipient(referral.recipient, by=crew.officer.actor)
    actions.build_packet(referral.pk)


# Stages beside the straight road: where it branches off, and how.
SIDE_ROADS: dict[ReferralState, tuple[ReferralState, Any]] = {
    ReferralState.BUILD_FAILED: (ReferralState.BUILDING, _retire_the_key),
    ReferralState.MORE_ASKED: (
        ReferralState.ACKNOWLEDGED,
        lambda it, crew: actions.record_outcome(
            it, kind=OutcomeKind.MORE_INFORMATION, on=timezone.localdate(), by=crew.officer.actor
        ),
    ),
    ReferralState.WITHDRAWN: (
        ReferralState.SENT,
        lambda it, crew: actions.withdraw(it, reason="They found another way.", by=crew.officer.actor),
    ),
}
