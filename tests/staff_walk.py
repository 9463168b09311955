"""Walks the staff door by its URL table: every address, every role, a case of one's own, another's, nobody's, a hidden one.

A page that is added later is walked by itself. It needs a line here only where its address takes an argument of a new name, and
one in tests/staff_things.py for what it is about and what its form asks.
"""

import re
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID

from django.contrib import messages
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from cases import actions as case_actions
from cases.models import Case
from cases.states import CaseState, HiddenWhy
from intake.models import Evidence
from rainbowrail.accounts.models import User
from rainbowrail.audit.models import AuditEvent
from rainbowrail.crypto import datakeys
from rainbowrail.crypto.fields import SealedField
from rainbowrail.roles import Role
from rainbowrail.web.doors import DoorKind, door_of
from referrals.models import Referral
from referrals.states import ReferralState
from tests.architecture.test_doors import pages
from tests.clients import STAFF_URLS, CarefulClient
from tests.factories.accounts import make_staff
from tests.factories.cases import _road as road
from tests.factories.evidence import with_file
from tests.factories.intake import ade, sent
from tests.factories.referrals import Crew, make_referral_in
from tests.rainbowrail.crypto import hostile

NOWHERE = UUID(int=1)
METHODS = ("GET", "POST")
CASES = ("own", "other", "unclaimed", "hidden")
# What stands for "unclaimed" where a referral, or a referral officer, has to do with it; and what officers have no part in.
OFFICERLESS = "officerless"
WAITING = "waiting"
# Words that the person of one case alone says: who they are, and in their story. KANARI finds them on a page, and every number
# of a case or a referral.
KANARI = re.compile(r"[a-z]+kanari|(?:rr-)?[0-9a-z]{4}-[0-9a-z]{4}(?![0-9a-z])")
# Arguments that say which case an address is about; without one of them an address is walked once.
OF_A_CASE = {"reference", "packet_id"}
# Every other argument has one value for the whole walk, which is of no case; tests/staff_things.py makes what there is.
ELSEWHERE: dict[str, Any] = {
    "other": "RR-CCCC-DDDD",
    "name": "close",
    "page": "note",
    "factor_id": 999_999_999,
    "person_id": 999_999_999,
}


@dataclass(frozen=True)
class Address:
    """One staff address: the name of its route and the names of its arguments."""

    name: str
    arguments: tuple[str, ...]
    roles: frozenset[Role]

    about_a_case: bool = False

    def cases_for(self, role: Role) -> tuple[str, ...]:
        """Return which cases tell anything: one where no case is named, or where the door itself refuses the role."""
        if not self.is_about_a_case or (self.roles and role not in self.roles):
            return CASES[:1]
        return (*CASES, WAITING) if role is Role.REFERRAL_OFFICER and "packet_id" not in self.arguments else CASES

    @property
    def is_about_a_case(self) -> bool:
        return self.about_a_case or bool(OF_A_CASE & set(self.arguments))

    def case_meant(self, which: str, role: Role) -> str:
        """Return the name of the case in the world that a column means: what nobody has, for an officer, has no officer."""
        if which == "unclaimed" and (role is Role.REFERRAL_OFFICER or "packet_id" in self.arguments):
            return OFFICERLESS
        return "unclaimed" if which == WAITING else which


@dataclass
class World:
    """One case of each kind with a referral whose file is made, and one person of each role."""

    people: dict[Role, User] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    referrals: dict[str, Referral] = field(default_factory=dict)
    owner: User = field(default_factory=lambda: make_staff(Role.CASEWORKER, name="Somebody else"))
    lead: User = field(default_factory=lambda: make_staff(Role.TRIAGE_LEAD, name="Another lead"))


def addresses(about_a_case: Container[str] = ()) -> list[Address]:
    """Return every staff address with the mark of the staff door, in the order of the table.

    `about_a_case`: those that are about a case which their arguments do not name.
    """
    return [
        Address(name, tuple(converters), door.roles, name in about_a_case)
        for name, entry, converters in pages(STAFF_URLS)
        if (door := door_of(entry.callback)) is not None and door.kind is DoorKind.STAFF
    ]


def path_of(address: Address, which: str, world: World, given: Mapping[str, Any] | None = None) -> str:
    """Return the path of an address about one of the cases, or with what it is `given`.

    Raises KeyError for an argument of a name that is not known.
    """
    said = given or {}
    arguments = {name: said[name] if name in said else _argument(name, which, world) for name in address.arguments}
    return reverse(address.name, urlconf=STAFF_URLS, kwargs=arguments or None)


def _argument(name: str, which: str, world: World) -> Any:
    if name == "reference":
        return world.cases[which].reference
    if name == "packet_id":
        return world.referrals[which].packet_id
    if name == "packet_row":
        row = world.referrals[which].packets.order_by("pk").first()
        return row.pk if row else NOWHERE
    if name == "recipient_id":
        return world.referrals["other"].recipient_id
    if name == "file_id":
        files = Evidence.objects.filter(help_request=world.cases[which].help_request_id)
        return files.values_list("pk", flat=True).first() or NOWHERE
    return NOWHERE if name.endswith("_id") and name not in ELSEWHERE else ELSEWHERE[name]


def make_world(*, with_kanaris: bool = False) -> World:
    """Three people ask for help; each case went the whole way to a sealed file, all owned by somebody else.

    `with_kanaris`: each of them says words that nobody else says.
    """
    world = World()
    crew = Crew.new(lead=world.lead)
    for which in ("own", "other", "hidden"):
        _add_referred(world, which, crew, **(kanaris(which) if with_kanaris else {}))
    world.people = {role: make_staff(role, name=str(role.label)) for role in Role}
    now = timezone.now()
    case_actions.book_slot(
        world.people[Role.VOLUNTEER], begins_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=5), by=world.lead.actor
    )
    for role in (Role.VOLUNTEER, Role.CASEWORKER, Role.TRIAGE_LEAD, Role.REFERRAL_OFFICER, Role.MANAGER):
        _hide(world, world.people[role])
    return world


def make_whole_world() -> World:
    """The same, hidden from every role, and two cases that nobody has: one waits for triage, and one for an officer."""
    world = make_world(with_kanaris=True)
    for role in (Role.AUDITOR, Role.ADMINISTRATOR):
        _hide(world, world.people[role])
    world.cases["unclaimed"] = _case_with_a_file(world, until=None, **kanaris("unclaimed"))
    _add_referred(world, OFFICERLESS, Crew.new(lead=world.lead), **kanaris(OFFICERLESS))
    Case.objects.filter(pk=world.cases[OFFICERLESS].pk).update(officer=None)
    return world


def kanaris(which: str) -> dict[str, Any]:
    """Return who somebody is, where they are reached, with whom they live and what they tell, in words of their own."""
    name = f"Ade{which}kanari"
    return {
        "call_you": name,
        "contact_channel": "email", "contact_address": f"mail{which}kanari@example.net", "contact_word": f"word{which}kanari",
        "contact_shared_device": False, "contact_confirmed_on": timezone.localdate().isoformat(),
        "household": [{"id": str(UUID(int=7)), "called": f"Musa{which}kanari", "relation": "parent", "place": "elsewhere"}],
        "own_words": f"I am {name}, I live with Musa{which}kanari; my brothers found my telephone. Story{which}kanari.",
    }  # fmt: skip


def _add_referred(world: World, which: str, crew: Crew, **told: Any) -> None:
    case = _case_with_a_file(world, **told)
    case_actions.write_note(case, text="A note.", by=world.owner.actor)
    world.cases[which] = case
    world.referrals[which] = make_referral_in(ReferralState.READY, crew=crew, case=case)


def _hide(world: World, person: User) -> None:
    case_actions.restrict(
        world.cases["hidden"], people=[person], why=HiddenWhy.COMMUNITY, words="Cousins.", by=world.lead.actor
    )


def _case_with_a_file(world: World, *, until: CaseState | None = CaseState.READY, **said: Any) -> Case:
    """A case that is ready for referral, or came just now, of somebody who said where they stay and also sent a picture."""
    place: dict[str, Any] = {
        "current_country": "KEN", "legal_status_current": "asylum_seeker", "region": "Mukono-canary",
        "location_type": "safe_house", "shelter_until": (timezone.localdate() + timedelta(days=20)).isoformat(),
        "trusted_person_nearby": True,
        "household": [{"id": str(UUID(int=7)), "called": "Musa", "relation": "parent", "place": "elsewhere"}],
    }  # fmt: skip
    told = ade(**(place | said))
    picture = with_file(hostile.picture(), done=sent(told))
    case = Case.objects.select_related("help_request").get(help_request=picture.help_request_id)
    for wanted, step in road(world.owner.actor, world.lead.actor) if until else ():
        step(case)
        if wanted is until:
            break
    return case


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside did not happen, so that every request of a walk meets the same world."""
    with transaction.atomic(), datakeys.scope():
        yield
        transaction.set_rollback(True)


@contextmanager
def signed_in(person: User, world: World) -> Iterator[CarefulClient]:
    """A browser of this person, who owns the case called "own" meanwhile; a referral officer is its officer too."""
    with undone():
        Case.objects.filter(pk=world.cases["own"].pk).update(owner=person)
        if person.has_role(Role.REFERRAL_OFFICER):
            Case.objects.filter(pk=world.cases["own"].pk).update(officer=person)
        client = CarefulClient(raise_request_exception=False)
        client.force_login(person)
        yield client


@dataclass(frozen=True)
class Visit:
    """One request: the verdict in one word of the table, the status, the compartments it opened, the lines it left, the tables
    it wrote to, but for the trail and the session, and what KANARI found in the answer that did not stand in the request."""

    verdict: str
    status: int
    opened: frozenset[str]
    lines: tuple[AuditEvent, ...]
    fault: str = ""
    wrote: frozenset[str] = frozenset()
    said: frozenset[str] = frozenset()


_WRITES = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(?!audit_|accounts_staffsession|django_session)(\w+)"')


def visit(
    client: CarefulClient, method: str, path: str, body: Mapping[str, Any] | None = None, *, follows: bool = False
) -> Visit:
    """Ask for one address, with an empty body if nothing is given, and undo whatever it did.

    `follows`: take the page to which the answer leads for the answer.
    """
    opened: set[str] = set()
    wrote: set[str] = set()
    really = SealedField.open_cell
    cookies = deepcopy(client.cookies)

    def noted(field: SealedField, instance: Any, cell: Any) -> None:
        opened.add(field.compartment.value)
        really(field, instance, cell)

    def heard(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        done = execute(sql, params, many, context)
        if (found := _WRITES.match(sql)) and context["cursor"].rowcount:
            wrote.add(found[1])
        return done

    with undone(), patch.object(SealedField, "open_cell", noted), connection.execute_wrapper(heard):
        last = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        response = getattr(client, method.lower())(path, *([dict(body or {})] if method == "POST" else []), follow=follows)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        client.cookies = cookies  # what signed out, or signed in anew, is undone here too
        lines = tuple(AuditEvent.objects.filter(pk__gt=last).order_by("pk"))
    fault = str(response.exc_info[1]) if response.status_code == 500 and response.exc_info else ""
    said = kanaris_in(content.decode(errors="replace")) - kanaris_in(f"{path} {body}")
    return Visit(_verdict(response), response.status_code, frozenset(opened), lines, fault, frozenset(wrote), said)


def kanaris_in(text: str) -> frozenset[str]:
    return frozenset(KANARI.findall(text.lower()))


def _verdict(response: Any) -> str:
    status, where = response.status_code, response.headers.get("Location", "")
    match status:
        case 200:
            if "cases/card.html" not in {template.name for template in response.templates}:
                return "yes"
            return "card" if response.context["is_card"] else "outline"
        case 302 if where.startswith("/account/login/"):
            return "sign in"
        case 302 if where.startswith("/account/confirm/"):
            return "confirm"
        case 302 if where == "/account/second-factor/":
            return "enrol"
        case 204 | 302:
            return "not so" if _says_no(response) else "yes"
        case 400 | 409 | 422:
            return "not so"
        case 403:
            return "no"
        case 404:
            return "hidden"
        case 405:
            return "–"
    return str(status)


def _says_no(response: Any) -> bool:
    """Whether the page to which an answer leads says that it was not done, and why not."""
    queued = getattr(getattr(response.wsgi_request, "_messages", None), "_queued_messages", ())
    return any(message.level >= messages.WARNING for message in queued)
