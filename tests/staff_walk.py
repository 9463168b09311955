"""Walks the staff door by its URL table: every address, every role, a case of one's own, another's, and a hidden one.

A page that is added later is walked by itself. It needs a line here only where its address takes an argument of a new name.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID

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
CASES = ("own", "other", "hidden")
# Arguments that say which case an address is about; without one of them an address is walked once.
OF_A_CASE = {"reference", "packet_id"}
# Every other argument has one value for the whole walk: things that no case of the walk has.
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

    def cases_for(self, role: Role) -> tuple[str, ...]:
        """Return which cases tell anything: one where no case is named, or where the door itself refuses the role."""
        return CASES if self.is_about_a_case and (not self.roles or role in self.roles) else CASES[:1]

    @property
    def is_about_a_case(self) -> bool:
        return bool(OF_A_CASE & set(self.arguments))


@dataclass
class World:
    """One case of each kind with a referral whose file is made, and one person of each role."""

    people: dict[Role, User] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    referrals: dict[str, Referral] = field(default_factory=dict)
    owner: User = field(default_factory=lambda: make_staff(Role.CASEWORKER, name="Somebody else"))
    lead: User = field(default_factory=lambda: make_staff(Role.TRIAGE_LEAD, name="Another lead"))


def addresses() -> list[Address]:
    """Return every staff address with the mark of the staff door, in the order of the table."""
    return [
        Address(name, tuple(converters), door.roles)
        for name, entry, converters in pages(STAFF_URLS)
        if (door := door_of(entry.callback)) is not None and door.kind is DoorKind.STAFF
    ]


def path_of(address: Address, which: str, world: World) -> str:
    """Return the path of an address about one of the cases. Raises KeyError for an argument of a name that is not known."""
    arguments = {name: _argument(name, which, world) for name in address.arguments}
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
    return ELSEWHERE[name] if name in ELSEWHERE else NOWHERE if name.endswith("_id") else {}[name]


def make_world() -> World:
    """Three people ask for help; each case went the whole way to a sealed file, all owned by somebody else."""
    world = World()
    crew = Crew.new(lead=world.lead)
    for which in CASES:
        case = _case_with_a_file(world)
        case_actions.write_note(case, text="A note.", by=world.owner.actor)
        world.cases[which] = case
        world.referrals[which] = make_referral_in(ReferralState.READY, crew=crew, case=case)
    world.people = {role: make_staff(role, name=str(role.label)) for role in Role}
    now = timezone.now()
    case_actions.book_slot(
        world.people[Role.VOLUNTEER], begins_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=5), by=world.lead.actor
    )
    for role in (Role.VOLUNTEER, Role.CASEWORKER, Role.TRIAGE_LEAD, Role.REFERRAL_OFFICER, Role.MANAGER):
        case_actions.restrict(
            world.cases["hidden"], people=[world.people[role]], why=HiddenWhy.COMMUNITY, words="Cousins.", by=world.lead.actor
        )
    return world


def _case_with_a_file(world: World) -> Case:
    """A case that is ready for referral, of somebody who said where they stay and also sent a picture."""
    told = ade(
        current_country="KEN", legal_status_current="asylum_seeker", region="Mukono-canary", location_type="safe_house",
        shelter_until=(timezone.localdate() + timedelta(days=20)).isoformat(), trusted_person_nearby=True,
        household=[{"id": str(UUID(int=7)), "called": "Musa", "relation": "parent", "place": "elsewhere"}],
    )  # fmt: skip
    picture = with_file(hostile.picture(), done=sent(told))
    case = Case.objects.select_related("help_request").get(help_request=picture.help_request_id)
    for wanted, step in road(world.owner.actor, world.lead.actor):
        step(case)
        if wanted is CaseState.READY:
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
    """One request: the verdict in one word of the table, the status, the compartments it opened, the lines it left, and the
    tables it wrote to, but for the trail and the session."""

    verdict: str
    status: int
    opened: frozenset[str]
    lines: tuple[AuditEvent, ...]
    fault: str = ""
    wrote: frozenset[str] = frozenset()


_WRITES = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(?!audit_|accounts_staffsession|django_session)(\w+)"')


def visit(client: CarefulClient, method: str, path: str) -> Visit:
    """Ask for one address, with an empty body if it is a POST, and undo whatever it did."""
    opened: set[str] = set()
    wrote: set[str] = set()
    really = SealedField.open_cell

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
        response = client.get(path) if method == "GET" else client.post(path, {})
        if response.streaming:
            for _piece in response.streaming_content:
                pass
        lines = tuple(AuditEvent.objects.filter(pk__gt=last).order_by("pk"))
    fault = str(response.exc_info[1]) if response.status_code == 500 and response.exc_info else ""
    return Visit(_verdict(response), response.status_code, frozenset(opened), lines, fault, frozenset(wrote))


def _verdict(response: Any) -> str:
    status, where = response.status_code, response.headers.get("Location", "")
    match status:
        case 200:
            return "card" if "cases/card.html" in {template.name for template in response.templates} else "yes"
        case 302 if where.startswith("/account/login/"):
            return "sign in"
        case 302 if where.startswith("/account/confirm/"):
            return "confirm"
        case 302 if where == "/account/second-factor/":
            return "enrol"
        case 204 | 302:
            return "yes"
        case 400 | 409 | 422:
            return "not so"
        case 403:
            return "no"
        case 404:
            return "hidden"
        case 405:
            return "–"
    return str(status)
