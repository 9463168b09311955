"""The people of the demo: staff with log-ins, an official with a key, and four applicants who went the real way.

They are sent through the real actions: draft, code, sending, drain. Cleo has asked Ade a question; Ima is asked for consent,
and Sol has given it. All other applicants are written in bulk
(`rainbowrail.demo.caseload`), with codes that nobody has, but for two of `rainbowrail.demo.dossiers`.
"""

import secrets
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction
from django.utils import timezone

from cases.actions import ask_applicant, claim, mark_read, mark_ready, verify
from cases.models import Case
from intake import actions as applicant
from intake import returning
from intake.drain import drain
from intake.opened import OpenVisit
from intake.states import OfferState
from rainbowrail.accounts.actions import add_person
from rainbowrail.accounts.models import User
from rainbowrail.actors import SYSTEM
from rainbowrail.crypto import datakeys, return_code
from rainbowrail.crypto.grants import set_visitor
from rainbowrail.crypto.recipients import age
from rainbowrail.roles import Role
from referrals.actions import add_recipient, ask_consent, confirm_key, draft
from referrals.models import Recipient
from referrals.states import KeyKind

STAFF: tuple[tuple[str, str, tuple[Role, ...]], ...] = (
    ("cleo", "Cleo", (Role.CASEWORKER,)),
    ("dana", "Dana", (Role.TRIAGE_LEAD,)),
    ("eli", "Eli", (Role.REFERRAL_OFFICER,)),
    ("lou", "Lou", (Role.REFERRAL_OFFICER,)),
    ("fay", "Fay", (Role.AUDITOR,)),
    ("gus", "Gus", ()),
    ("hana", "Hana", (Role.ADMINISTRATOR,)),
    ("zoe", "Zoe", (Role.ADMINISTRATOR,)),
    ("max", "Max", (Role.MANAGER,)),
    ("vera", "Vera", (Role.VOLUNTEER,)),
)
COLLEAGUES = ("Ida", "Ivo", "Jun", "Kemi", "Luz", "Mika", "Noa", "Oto")
ADE: dict[str, Any] = {
    "self_rated_danger": 3,
    "contact_channel": "none",
    "submitter": "self",
    "call_you": "Ade",
    "pronouns": "he/him",
    "age_band": "25_59",
    "current_country": "KEN",
    "nationality": "UGA",
    "legal_status_current": "asylum_seeker",
    "location_type": "hiding_private",
    "last_harm": "beating",
    "threat_now": "serious_harm",
    "threat_source": "community",
    "perpetrator_knows_location": "no",
    "custody": "none",
    "outed": "public",
    "medical": "injury_needs_care",
    "suicidality": "none",
    "trusted_person_nearby": True,
    "help_asked": ["relocation", "shelter", "resettlement"],
    "own_words": "After the list in the newspaper my landlord put my things in the street. I crossed the border with one bag. "
    "They found the house where I slept. A friend hides me now, for a few nights.",
}
BO: dict[str, Any] = {
    "self_rated_danger": 1,
    "contact_channel": "none",
    "submitter": "self",
    "call_you": "Bo",
    "pronouns": "they/them",
    "age_band": "18_24",
    "current_country": "GHA",
    "nationality": "GHA",
    "location_type": "home",
    "threat_now": "none",
    "last_harm": "verbal",
    "outed": "none",
    "help_asked": ["information"],
    "own_words": "Nobody knows about me. I want to know what I can do before the new law is signed.",
}
# Outside their own country, as the programme asks, and with time to prepare what an office is told.
IMA: dict[str, Any] = {
    "self_rated_danger": 1,
    "contact_channel": "none",
    "submitter": "self",
    "call_you": "Ima",
    "pronouns": "she/her",
    "age_band": "25_59",
    "current_country": "RWA",
    "nationality": "BDI",
    "legal_status_current": "refugee_recognised",
    "location_type": "home",
    "last_harm": "verbal",
    "threat_now": "none",
    "unhcr_registered": True,
    "help_asked": ["resettlement"],
    "own_words": "I have my papers here, and work. But his family has found out where I live.",
}
SOL: dict[str, Any] = IMA | {
    "call_you": "Sol",
    "pronouns": "they/them",
    "current_country": "ZMB",
    "nationality": "COD",
    "own_words": "I left with my sister two years ago. Here I can breathe, but not stay.",
}
CONSENT_PARTS, CONSENT_DAYS = ("B", "C", "D", "E", "F"), 365
QUESTION = "Do you have a place for the coming week? You can answer here whenever it is safe; nobody else will read it."


@dataclass(frozen=True, slots=True)
class Cast:
    """Who was made, and what a person needs to play them. `owners` are user ids by role name."""

    password: str
    app_secret: str
    codes: dict[str, str]
    official_secret: str
    caseworkers: tuple[int, ...]
    lead: int
    officers: tuple[int, ...]


def make_cast() -> Cast:
    """Make staff, an official and four applicants with known return codes; everything through the real actions."""
    password = "demo-" + "-".join(secrets.token_hex(2) for _ in range(3))
    staff = {
        key: add_person(f"{key}@example.org", name=name, roles=roles, password=password, by=SYSTEM)
        for key, name, roles in STAFF
    }
    app_secret = b32encode(secrets.token_bytes(20)).decode()
    for person in staff.values():
        TOTP.activate(person, app_secret)
    colleagues = [
        add_person(f"{name.lower()}@example.org", name=name, roles=[Role.CASEWORKER], password=None, by=SYSTEM)
        for name in COLLEAGUES
    ]
    public_key, secret_key = age.make_pair()
    recipient = add_recipient(
        programme="canada_gar",
        name="Robin Official",
        office="Resettlement Operations, an invented office",
        email="robin.official@example.org",
        kind=KeyKind.AGE,
        public_key=public_key,
        by=staff["eli"].actor,
    )
    recipient = confirm_key(recipient, by=staff["dana"].actor)
    visits = {str(answers["call_you"]): send(answers) for answers in (ADE, BO, IMA, SOL)}
    drain_all()
    _let_cleo_ask_ade(staff["cleo"])
    for name in ("Ima", "Sol"):
        _ask_for_consent(visits[name], recipient, staff)
    _let_say_yes(visits["Sol"])
    return Cast(
        password=password,
        app_secret=app_secret,
        codes={name: return_code.show(visit.code) for name, visit in visits.items()},
        official_secret=secret_key,
        caseworkers=(staff["cleo"].pk, *(colleague.pk for colleague in colleagues)),
        lead=staff["dana"].pk,
        officers=(staff["eli"].pk, staff["lou"].pk),
    )


def send(answers: dict[str, Any]) -> OpenVisit:
    """Send one request as its applicant would, and return their session, which shows the code."""
    today = timezone.localdate()
    stated = answers | {"consent_read": True}
    if answers.get("last_harm") == "beating":
        stated |= {
            "last_harm_on": (today - timedelta(days=6)).isoformat(),
            "shelter_until": (today + timedelta(days=4)).isoformat(),
        }
    # One transaction, as the public door has one for each request: its rows open only to the visitor who is named in it.
    with datakeys.scope(), transaction.atomic():
        begun = applicant.start_draft(language="en")
        applicant.save_step(begun, stated, language="en")
        applicant.keep_with_code(begun)
        return applicant.submit(begun, language="en")


def drain_all() -> None:
    with datakeys.scope():
        while drain():
            pass


def _let_cleo_ask_ade(cleo: User) -> None:
    with datakeys.scope():
        case = Case.objects.get(country=ADE["current_country"])
        claim(case, by=cleo.actor)
        mark_read(case, by=cleo.actor)
        case.refresh_from_db()
        ask_applicant(case, question=QUESTION, by=cleo.actor)


def _ask_for_consent(visit: OpenVisit, recipient: Recipient, staff: Mapping[str, User]) -> None:
    """Bring the case to where an office may be asked, and put the consent text on the person's own page."""
    with datakeys.scope():
        case = Case.objects.get(help_request=visit.help_request_id)
        claim(case, by=staff["cleo"].actor)
        mark_read(case, by=staff["cleo"].actor)
        verify(case, by=staff["cleo"].actor)
        case = mark_ready(case, by=staff["dana"].actor)
        referral = draft(case, recipient=recipient, language="en", by=staff["eli"].actor)
        ends_on = timezone.localdate() + timedelta(days=CONSENT_DAYS)
        ask_consent(referral, parts=CONSENT_PARTS, ends_on=ends_on, by=staff["eli"].actor)


def _let_say_yes(visit: OpenVisit) -> None:
    """Let the person agree to what they are asked, as their own page would."""
    with datakeys.scope(), transaction.atomic():
        set_visitor(visit_hash=visit.row.visit_hash, locator_hash=visit.locator_hash)
        visit.hold_conversation_key()
        (asked,) = returning.offers_of(visit)
        returning.answer_offer(visit, asked, OfferState.GIVEN, language="en", token=secrets.token_urlsafe(16))
    drain_all()
