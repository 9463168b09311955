"""Figures: what all work looks like in numbers, and what no number says."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases import actions
from cases.figures import FEWEST, WEEKS, Figures
from cases.models import Case
from cases.states import CaseState, CloseReason, HiddenWhy
from cases.urgency.bands import Band
from rainbowrail.accounts.models import User
from rainbowrail.audit.models import AuditEvent
from rainbowrail.roles import Role
from tests.clients import CarefulClient
from tests.factories.accounts import make_staff
from tests.factories.cases import CALM, EMERGENCY, make_case, make_case_in
from tests.roles import AsRole

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 18, 15, tzinfo=UTC)  # a Wednesday
MONDAY = datetime(2026, 11, 16, tzinfo=UTC).date()


def a_case(**columns: Any) -> Case:
    """A request as the queue has it; its dates are put where a test wants them."""
    case = make_case(CALM)
    Case.objects.filter(pk=case.pk).update(**columns)
    case.refresh_from_db()
    return case


def figures(who: User, *, at: datetime = NOW) -> Figures:
    return Figures.of(who.actor, at=at)


def test_each_band_says_who_waits_for_whom_and_since_when(dana: User) -> None:
    old, late = NOW - timedelta(days=3), NOW - timedelta(hours=1)
    a_case(band=Band.URGENT, received_at=old, due_at=late)
    a_case(band=Band.URGENT, received_at=NOW - timedelta(days=1), due_at=NOW + timedelta(hours=1))
    taken = make_case_in(CaseState.IN_REVIEW)
    Case.objects.filter(pk=taken.pk).update(band=Band.URGENT, received_at=NOW - timedelta(days=9), due_at=late)
    urgent = figures(dana).bands[Band.URGENT]
    assert (urgent.open, urgent.unclaimed, urgent.oldest, urgent.late) == (3, 2, old, 2)
    assert figures(dana).bands[Band.EMERGENCY].open == 0


def test_each_stage_says_what_waits_for_the_person_and_what_slips(dana: User) -> None:
    case = make_case_in(CaseState.IN_SUPPORT)
    Case.objects.filter(pk=case.pk).update(
        waiting_since=NOW - timedelta(days=2), due_at=NOW + timedelta(days=1), next_step_on=(NOW - timedelta(days=1)).date()
    )
    by_state = {stage.state: stage for stage in figures(dana).stages}
    assert (by_state[CaseState.IN_SUPPORT].for_person, by_state[CaseState.IN_SUPPORT].late) == (1, 1)
    assert CaseState.CLOSED not in by_state


def test_weeks_begin_on_monday_where_the_organisation_is(dana: User) -> None:
    # Monday, 03:00 UTC is still Sunday in Toronto: the week before.
    a_case(received_at=datetime(2026, 11, 16, 3, tzinfo=UTC))
    a_case(received_at=datetime(2026, 11, 16, 12, tzinfo=UTC), referred_on=MONDAY)
    a_case(received_at=NOW - timedelta(weeks=WEEKS + 1))
    weeks = figures(dana).weeks
    assert [week.received for week in weeks[-2:]] == [1, 1]
    assert sum(week.received for week in weeks) == 2
    assert (weeks[-1].begins, weeks[-1].referred, len(weeks)) == (MONDAY, 1, WEEKS)


def test_what_ended_is_told_with_its_reasons(dana: User) -> None:
    case = make_case_in(CaseState.CLOSED)
    at = timezone.now()
    told = figures(dana, at=at)
    assert [(ending.reason, ending.count) for ending in told.endings] == [(CloseReason(case.close_reason), 1)]
    assert told.weeks[-1].closed == 1


def test_how_long_people_waited_needs_enough_of_them(dana: User) -> None:
    received = NOW - timedelta(days=2)
    for hours in range(1, FEWEST):
        a_case(band=Band.NORMAL, received_at=received, first_read_at=received + timedelta(hours=hours))
    assert figures(dana).readings[Band.NORMAL].half is None
    a_case(band=Band.NORMAL, received_at=received, first_read_at=received + timedelta(hours=11))
    a_case(band=Band.NORMAL, received_at=received)
    reading = figures(dana).readings[Band.NORMAL]
    assert (reading.received, reading.read, reading.half) == (FEWEST + 1, FEWEST, timedelta(hours=3))
    assert reading.most is not None
    assert timedelta(hours=4) < reading.most < timedelta(hours=11)


def test_a_country_from_which_few_write_is_not_named(dana: User) -> None:
    for _ in range(FEWEST):
        a_case(country="UGA", received_at=NOW - timedelta(days=1))
    a_case(country="UGA", received_at=NOW - timedelta(days=8))
    for _ in range(FEWEST - 1):
        a_case(country="GHA", received_at=NOW - timedelta(days=1))
    a_case(country="", received_at=NOW - timedelta(days=1))
    told = [(row.country, row.now, row.before) for row in figures(dana).countries]
    assert told == [("UGA", FEWEST, 1), (None, FEWEST, 0)]


def test_what_is_hidden_from_somebody_is_in_no_number_of_theirs(dana: User) -> None:
    max_ = make_staff(Role.MANAGER)
    case = make_case(EMERGENCY)
    seen = figures(max_, at=timezone.now())
    actions.restrict(case, people=[max_], why=HiddenWhy.KNOWS, by=dana.actor)
    hidden = figures(max_, at=timezone.now())
    assert seen.bands[Band.EMERGENCY].unclaimed == 1
    assert (hidden.bands[Band.EMERGENCY].open, sum(week.received for week in hidden.weeks), hidden.countries) == (0, 0, [])
    assert figures(dana, at=timezone.now()).bands[Band.EMERGENCY].unclaimed == 1


@pytest.mark.parametrize("role", [Role.TRIAGE_LEAD, Role.MANAGER, Role.AUDITOR])
def test_leads_managers_and_auditors_read_them_and_open_nothing_sealed(
    role: Role, staff_client: CarefulClient, as_staff_role: AsRole
) -> None:
    for _ in range(FEWEST):
        a_case(country="UGA")
    make_case_in(CaseState.CLOSED)
    staff_client.force_login(make_staff(role))
    before = AuditEvent.objects.count()
    with as_staff_role():
        page = staff_client.get("/figures/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "Uganda" in text
    assert "fewer than 5" in text  # the one that was closed
    assert AuditEvent.objects.count() == before
    assert not re.search(r"RR-[A-Z0-9]{4}-", text)


@pytest.mark.parametrize(("role", "told"), [(Role.MANAGER, "2"), (Role.AUDITOR, "fewer than 5")])
def test_a_small_number_of_what_waits_is_for_those_who_see_the_queue(
    role: Role, told: str, staff_client: CarefulClient
) -> None:
    for _ in range(2):
        make_case(EMERGENCY)
    staff_client.force_login(make_staff(role))
    row = re.search(r"Emergency</span>.*?</tr>", staff_client.get("/figures/").content.decode(), re.DOTALL)
    assert row is not None
    assert re.findall(r'data-label="Taken by nobody">([^<]*)<', row[0]) == [told]
    assert ("under an hour" in row[0]) is (role is Role.MANAGER)


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.VOLUNTEER, Role.REFERRAL_OFFICER, Role.ADMINISTRATOR])
def test_others_have_no_need_of_them(role: Role, staff_client: CarefulClient) -> None:
    staff_client.force_login(make_staff(role))
    assert staff_client.get("/figures/").status_code == 403


def test_an_empty_house_says_what_will_stand_here(staff_client: CarefulClient, dana: User) -> None:
    staff_client.force_login(dana)
    text = staff_client.get("/figures/").content.decode()
    assert "Nobody wrote in these two weeks" in text
    assert "No case was closed in these weeks" in text


def test_it_takes_eight_queries_however_many_cases_there_are(dana: User) -> None:
    for _ in range(3):
        make_case()
    with CaptureQueriesContext(connection) as asked:
        figures(dana)
    assert len(asked) == 8
