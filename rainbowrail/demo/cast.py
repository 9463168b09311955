"""The people of the demo: staff with log-ins, an official with a key, and two applicants who went the real way.

Ade and Bo are sent through the real actions: draft, code, sending, drain. All other applicants are written in bulk
(`rainbowrail.demo.caseload`), with codes that nobody has.
"""

import secrets
from base64 import b32encode
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction
from django.utils import timezone

from cases.actions import ask_applicant, claim
from cases.models import Case
from intake import actions as applicant
from intake.drain import drain
from rainbowrail.accounts.actions import add_person
from rainbowrail.accounts.models import User
from rainbowrail.actors import SYSTEM
from rainbowrail.crypto import datakeys, return_code
from rainbowrail.crypto.recipients import age
from rainbowrail.roles import Role
from referrals.actions import add_recipient, confirm_key
from referrals.states import KeyKind

STAFF: tuple[tuple[str, str, tuple[Role, ...]], ...] = (
    ("cleo", "Cleo", (Role.CASEWORKER,)),
    ("dana", "Dana", (Role.TRIAGE_LEAD,)),
    ("eli", "Eli", (Role.REFERRAL_OFFICER,)),
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
    officer: int


def make_cast() -> Cast:
    """Make staff, an official and two applicants with known return codes; everything through the real actions."""
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
    confirm_key(recipient, by=staff["dana"].actor)
    codes = {"Ade": _send(ADE), "Bo": _send(BO)}
    _drain_all()
    _let_cleo_ask_ade(staff["cleo"])
    return Cast(
        password=password,
        app_secret=app_secret,
        codes=codes,
        official_secret=secret_key,
        caseworkers=(staff["cleo"].pk, *(colleague.pk for colleague in colleagues)),
        lead=staff["dana"].pk,
        officer=staff["eli"].pk,
    )


def _send(answers: dict[str, Any]) -> str:
    """Send one request as its applicant would, and return the code in groups."""
    today = timezone.localdate()
    stated = answers | {"consent_read": True}
    if answers.get("last_harm") == "beating":
        stated |= {
            "last_harm_on": (today - timedelta(days=6)).isoformat(),
            "shelter_until": (today + timedelta(days=4)).isoformat(),
        }
    # One transaction, as the public door has one for each request: its rows open only to the visitor who is named in it.
    with datakeys.scope(), transaction.atomic():
        draft = applicant.start_draft(language="en")
        applicant.save_step(draft, stated, language="en")
        code = applicant.keep_with_code(draft)
        applicant.submit(draft, language="en")
    return return_code.show(code)


def _drain_all() -> None:
    with datakeys.scope():
        while drain():
            pass


def _let_cleo_ask_ade(cleo: User) -> None:
    with datakeys.scope():
        case = Case.objects.get(country=ADE["current_country"])
        claim(case, by=cleo.actor)
        case.refresh_from_db()
        ask_applicant(case, question=QUESTION, by=cleo.actor)
