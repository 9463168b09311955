"""One table says how far somebody sees into a case; page, lists, search, duplicates, referrals and buttons agree with it.

The properties are drawn over people with any roles, cases in any stage, owners, restrictions, requests and booked times, on a
real database. What a person may not see at all is spelled out here once more, in plain words, and not taken from the table.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import actions, need_to_know
from cases.models import AccessRequest, Case, ErasurePlan, PossibleDuplicate, Restriction, Slot
from cases.need_to_know import Depth
from cases.permissions import SEARCHERS
from cases.states import CaseState, ErasureWhy, HiddenWhy
from rainbowrail.accounts.models import User
from rainbowrail.audit.models import AuditEvent
from rainbowrail.crypto import datakeys
from rainbowrail.errors import NotAllowed
from rainbowrail.roles import Role
from referrals.models import Referral
from tests.clients import CarefulClient
from tests.factories.accounts import make_staff
from tests.factories.cases import make_case, make_case_in
from tests.factories.referrals import Crew, make_referral

pytestmark = pytest.mark.django_db

STAGES = (
    CaseState.RECEIVED, CaseState.RECEIVED, CaseState.IN_REVIEW, CaseState.IN_SUPPORT, CaseState.READY, CaseState.REFERRED,
    CaseState.CLOSED,
)  # fmt: skip
NUMBERS = st.sets(st.integers(0, len(STAGES) - 1), max_size=3)
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@dataclass(frozen=True)
class Drawn:
    """What is drawn about one person: roles, which cases are theirs, hidden, asked for in which way, and the booked time.

    `officers` are the cases of which they are the referral officer if they are one at all; `taken` those that another officer
    has; the others have none.
    """

    roles: frozenset[Role]
    owned: frozenset[int]
    officers: frozenset[int]
    taken: frozenset[int]
    hidden: frozenset[int]
    lifted: frozenset[int]
    opened: dict[int, str]
    shut: frozenset[int]
    slot: str


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    return Drawn(
        roles=frozenset(draw(st.sets(st.sampled_from(list(Role)), min_size=1, max_size=2))),
        owned=frozenset(draw(NUMBERS)),
        officers=frozenset(draw(NUMBERS)),
        taken=frozenset(draw(NUMBERS)),
        hidden=frozenset(draw(NUMBERS)),
        lifted=frozenset(draw(NUMBERS)),
        opened=draw(
            st.dictionaries(
                st.integers(0, len(STAGES) - 1), st.sampled_from(["waits", "open", "over", "refused", "broken"]), max_size=3
            )
        ),
        shut=frozenset(draw(NUMBERS)),
        slot=draw(st.sampled_from(["none", "now", "over", "coming", "cancelled"])),
    )


@dataclass
class World:
    cases: list[Case]
    referral: Referral
    lead: User
    officer: User
    person: User = field(init=False)

    @contextmanager
    def with_person(self, one: Drawn) -> Iterator[User]:
        """Put the drawn person into the world, and take back all that was written afterwards."""
        with transaction.atomic():
            self.person = User.objects.create(email="drawn@example.org", name="Drawn", roles=sorted(one.roles))
            self._place(one)
            yield self.person
            transaction.set_rollback(True)

    def _place(self, one: Drawn) -> None:
        for number, case in enumerate(self.cases):
            Case.objects.filter(pk=case.pk).update(owner=self._owner(one, number), officer=self._officer(one, number))
        for number in one.hidden | one.lifted:
            ended = {} if number in one.hidden else {"lifted_by": self.lead, "lifted_at": timezone.now()}
            told = {"why": HiddenWhy.OTHER, "words": ""}
            Restriction.objects.create(case=self.cases[number], person=self.person, told=told, set_by=self.lead, **ended)
        for number, how in one.opened.items():
            AccessRequest.objects.create(case=self.cases[number], person=self.person, reason="Why.", **self._request(how))
        for number in one.shut & {len(STAGES) - 1}:
            today = timezone.localdate()
            ErasurePlan.objects.update_or_create(
                case=self.cases[number], defaults={"due_on": today, "why": ErasureWhy.WISH, "policy": "1"}
            )
        self._book(one.slot)

    def _owner(self, one: Drawn, number: int) -> User | None:
        if STAGES[number] is CaseState.RECEIVED:
            return None
        return self.person if number in one.owned else self.lead

    def _officer(self, one: Drawn, number: int) -> User | None:
        if is_their_officer(one, number):
            return self.person
        return self.officer if number in one.taken and STAGES[number] is not CaseState.RECEIVED else None

    def _request(self, how: str) -> dict[str, Any]:
        now, hour = timezone.now(), timedelta(hours=1)
        return {
            "waits": {},
            "refused": {"refused_at": now, "decided_by": self.lead},
            "open": {"ends_at": now + hour, "decided_by": self.lead},
            "over": {"ends_at": now - hour, "decided_by": self.lead},
            "broken": {"ends_at": now + hour, "is_break_glass": True},
        }[how]

    def _book(self, slot: str) -> None:
        now, hour = timezone.now(), timedelta(hours=1)
        begins = {"now": now - hour, "cancelled": now - hour, "over": now - 5 * hour, "coming": now + hour}
        if slot in begins:
            cancelled = now if slot == "cancelled" else None
            Slot.objects.create(
                volunteer=self.person, begins_at=begins[slot], ends_at=begins[slot] + 2 * hour, booked_by=self.lead,
                cancelled_at=cancelled,
            )  # fmt: skip


@pytest.fixture
def world() -> World:
    lead = make_staff(Role.TRIAGE_LEAD)
    cases = [make_case() if stage is CaseState.RECEIVED else make_case_in(stage, lead=lead) for stage in STAGES]
    first, second = sorted(cases[:2], key=lambda case: case.pk)
    PossibleDuplicate.objects.create(case=first, other=second, reasons=["email"])
    officer = make_staff(Role.REFERRAL_OFFICER)
    return World(cases, make_referral(case=cases[4], crew=Crew(officer, lead)), lead, officer)


def is_their_officer(one: Drawn, number: int) -> bool:
    return Role.REFERRAL_OFFICER in one.roles and number in one.officers and STAGES[number] is not CaseState.RECEIVED


def never_seen(one: Drawn, number: int) -> bool:
    """What no table may open: hidden cases; all cases, to auditors, administrators and volunteers without a time now."""
    blind = {Role.AUDITOR, Role.ADMINISTRATOR} | ({Role.VOLUNTEER} if one.slot != "now" else set())
    return number in one.hidden or not one.roles - blind


def never_identified(one: Drawn, number: int) -> bool:
    """Whose identity stays closed: but for leads, owners, the officer of the case, and whom a request let in."""
    if Role.TRIAGE_LEAD in one.roles:
        return False
    owns = Role.CASEWORKER in one.roles and number in one.owned and STAGES[number] is not CaseState.RECEIVED
    let_in = one.opened.get(number) in ("open", "broken") and one.roles & {Role.CASEWORKER, Role.REFERRAL_OFFICER}
    return not (owns or is_their_officer(one, number) or let_in)


def only_the_card(one: Drawn, number: int) -> bool:
    """What an officer and nobody else sees at most of a case that they have not, and that nobody opened for them: the card of
    one in referral that no officer has, and otherwise where it stands."""
    return one.roles == {Role.REFERRAL_OFFICER} and never_identified(one, number)


@settings(max_examples=25, deadline=None, suppress_health_check=QUIET)
@given(one=drawn())
def test_the_verdict_on_a_case_and_the_condition_of_a_list_are_one(world: World, one: Drawn) -> None:
    with world.with_person(one) as person:
        by = person.actor
        listed = {
            level: set(Case.objects.visible_to(by, depth=level).values_list("pk", flat=True)) for level in list(Depth)[1:]
        }
        annotated = {case.pk: case.depth_seen for case in Case.objects.with_depth_for(by)}
        for number, case in enumerate(world.cases):
            fresh = Case.objects.get(pk=case.pk)
            verdict = need_to_know.depth_of(fresh, by)
            assert verdict == annotated[case.pk]
            assert all((case.pk in listed[level]) == (verdict >= level) for level in listed)
            if never_seen(one, number):
                assert verdict is Depth.NOTHING
            if never_identified(one, number):
                assert verdict < Depth.IDENTITY
            if only_the_card(one, number):
                waits = STAGES[number] in (CaseState.READY, CaseState.REFERRED) and number not in one.taken
                assert verdict <= (Depth.CARD if waits else Depth.OUTLINE)


@settings(max_examples=6, deadline=None, suppress_health_check=QUIET)
@given(one=drawn())
def test_page_queue_search_duplicates_and_referrals_agree(world: World, one: Drawn) -> None:
    with world.with_person(one) as person:
        client = CarefulClient()
        client.force_login(person)
        seen = {case.pk: need_to_know.depth_of(Case.objects.get(pk=case.pk), person.actor) for case in world.cases}
        pages = {case.pk: client.get(f"/cases/{case.reference}/") for case in world.cases}
        for case in world.cases:
            assert (pages[case.pk].status_code == 200) == (seen[case.pk] > Depth.NOTHING), case.state
            asked = client.post(f"/cases/{case.reference}/identity/").status_code
            assert (asked == 302) == (seen[case.pk] >= Depth.IDENTITY), (case.state, asked)
            assert bool(jumps_to(client, case)) == (seen[case.pk] > Depth.NOTHING)
        queue = references(client.get("/")) | references(client.get("/?whose=closed"))
        assert queue == {case.reference for case in world.cases if seen[case.pk] > Depth.NOTHING}
        assert found_by(person, "Ade") == {pk for pk, depth in seen.items() if depth >= Depth.IDENTITY}
        if person.actor.roles & SEARCHERS:
            for case in world.cases:
                assert found_by(person, case.reference) == ({case.pk} if seen[case.pk] > Depth.NOTHING else set())
        first, second = world.cases[:2]
        if seen[first.pk] >= Depth.CONTENTS:
            shown = second.reference in pages[first.pk].content.decode()
            assert shown == (seen[second.pk] >= Depth.CARD)
        is_listed = Referral.objects.visible_to(person).filter(pk=world.referral.pk).exists()
        assert is_listed == (seen[world.cases[4].pk] > Depth.NOTHING and 4 not in one.hidden)
        page = client.get(world.referral.get_absolute_url())
        assert (page.status_code == 200) == is_listed
        assert not (is_listed and 4 in one.hidden)
        reads = client.get(f"{world.referral.get_absolute_url()}read/").status_code == 200
        may_read = bool(one.roles & {Role.REFERRAL_OFFICER, Role.TRIAGE_LEAD})
        assert reads == (may_read and seen[world.cases[4].pk] is Depth.IDENTITY)
        writes = client.get(f"{world.referral.get_absolute_url()}write/").status_code == 200
        assert writes == (is_their_officer(one, 4) and is_listed)
        in_list = client.get("/referrals/")
        assert (in_list.status_code == 200 and world.referral.packet_id in in_list.content.decode()) == is_listed


@settings(max_examples=6, deadline=None, suppress_health_check=QUIET)
@given(one=drawn())
def test_no_button_and_no_link_leads_to_a_refusal(world: World, one: Drawn) -> None:
    with world.with_person(one) as person:
        client = CarefulClient()
        client.force_login(person)
        addresses = [f"/cases/{case.reference}/" for case in world.cases]
        addresses += [world.referral.get_absolute_url(), "/", "/access/", "/referrals/"]
        for address in addresses:
            page = client.get(address)
            if page.status_code != 200:
                continue
            ways = Ways.of(page)
            for link in sorted(ways.links):
                assert client.get(link).status_code not in (403, 404), (address, link, sorted(one.roles))
            for action, told in ways.forms:
                with transaction.atomic():
                    status = client.post(action, told).status_code
                    assert status not in (403, 404), (address, action, told, sorted(one.roles))
                    transaction.set_rollback(True)
                client.force_login(person)


class Ways(HTMLParser):
    """Where a page leads: its links on this door, and its forms with the buttons they are sent by."""

    def __init__(self) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self._action: str | None = None
        self._told: dict[str, str] = {}

    @classmethod
    def of(cls, page: Any) -> "Ways":
        made = cls()
        made.feed(page.content.decode())
        made.links = {link for link in made.links if link.startswith("/") and not link.startswith(("/static/", "/account/"))}
        away = ("/account/", "/cover-names/", "/language/")
        made.forms = [(action, told) for action, told in made.forms if action.startswith("/") and not action.startswith(away)]
        return made

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given_ = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given_:
            self.links.add(given_["href"].split("#")[0])
        if tag == "form" and given_.get("method") == "post":
            self._action, self._told = given_.get("action", ""), {}
        if tag == "input" and given_.get("type") == "hidden":
            self._told[given_.get("name", "")] = given_.get("value", "")
        if tag == "button" and self._action is not None:
            named = {given_["name"]: given_.get("value", "")} if "name" in given_ else {}
            self.forms.append((self._action, {**self._told, **named}))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._action = None


def references(page: Any) -> set[str]:
    return set(re.findall(r'href="/cases/(RR-[A-Z0-9]{4}-[A-Z0-9]{4})/"', page.content.decode()))


def jumps_to(client: CarefulClient, case: Case) -> bool:
    answer = client.get("/", {"reference": case.reference})
    return answer.status_code == 302 and answer.headers["Location"] == case.get_absolute_url()


def found_by(person: User, words: str) -> set[Any]:
    """Return the cases that a search showed, each of them named in the trail; none for whoever may not search."""
    before = AuditEvent.objects.aggregate(last=Max("pk"))["last"] or 0
    try:
        with datakeys.scope():
            rows = actions.search(words, by=person.actor).rows
    except NotAllowed:
        return set()
    found = {row.case.pk for row in rows}
    assert found == set(AuditEvent.objects.filter(pk__gt=before, case_id__isnull=False).values_list("case_id", flat=True))
    return found


def test_what_hides_and_opens_cases_is_read_as_short_lists(world: World) -> None:
    """Whatever the number of cases: the lists of a person are read once a query, not once a row."""
    cleo = make_staff(Role.CASEWORKER)
    cases = Case.objects.visible_to(cleo).waiting().most_urgent_first()[:25]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = cases.explain()
    assert "case_queue" in plan, plan
    assert "hashed SubPlan" in plan, plan
