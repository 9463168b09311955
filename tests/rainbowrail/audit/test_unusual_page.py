"""Unusual patterns: against the person's own habit, in the organisation's nights, and never a verdict."""

import uuid
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection

from cases.audit_verbs import CaseVerb
from rainbowrail.accounts.models import User
from rainbowrail.actors import SYSTEM
from rainbowrail.audit import references, unusual
from rainbowrail.audit.kinds import Kind
from rainbowrail.audit.models import AuditEvent
from rainbowrail.audit.record import record, record_listed
from rainbowrail.audit.unusual import Pattern
from rainbowrail.audit.verbs import KernelVerb
from tests.clients import CarefulClient

pytestmark = pytest.mark.django_db
PAGE = "/trail/unusual/"
TODAY = date(2026, 11, 20)
ZONE = ZoneInfo("America/Toronto")
NOON = datetime(2026, 11, 20, 12, tzinfo=ZONE)


def look(person: User, *, at: datetime, cases: int, first: int = 0) -> None:
    with time_machine.travel(at, tick=False):
        for number in range(cases):
            for compartment in ("story", "casework"):  # one look at one case leaves several lines
                record(
                    KernelVerb.VIEWED,
                    by=person.actor,
                    case_id=uuid.UUID(int=first + number + 1),
                    detail={"compartment": compartment},
                )


def found(pattern: Pattern) -> list[tuple[int, int, float | None]]:
    return [(one.staff_id, one.count, one.usual) for one in unusual.found(until=TODAY) if one.pattern is pattern]


def test_many_cases_in_an_hour_stand_out_and_lines_of_one_case_count_once(cleo: User, dana: User) -> None:
    look(cleo, at=NOON, cases=unusual.CASES_AN_HOUR)
    look(dana, at=NOON, cases=unusual.CASES_AN_HOUR - 1)
    assert found(Pattern.HOUR) == [(cleo.pk, unusual.CASES_AN_HOUR, None)]


def test_whoever_always_opens_many_does_not_stand_out(cleo: User, dana: User) -> None:
    for days in range(8, 12):
        look(cleo, at=NOON - timedelta(days=days), cases=unusual.CASES_A_DAY)
    look(cleo, at=NOON, cases=unusual.CASES_A_DAY + 5)
    look(dana, at=NOON - timedelta(days=9), cases=2)
    look(dana, at=NOON, cases=unusual.CASES_A_DAY + 5)
    assert found(Pattern.DAY) == [(dana.pk, unusual.CASES_A_DAY + 5, 2.0)]


@pytest.mark.parametrize(("hour", "stands_out"), [(21, False), (22, True), (3, True), (5, True), (6, False)])
def test_nights_are_those_of_the_organisation(hour: int, stands_out: bool, cleo: User) -> None:
    look(cleo, at=NOON.replace(hour=hour, minute=30), cases=unusual.CASES_AT_NIGHT)
    assert bool(found(Pattern.NIGHT)) is stands_out


def test_cases_of_others_stand_out_and_ones_own_do_not(cleo: User, dana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = {uuid.UUID(int=number): cleo.pk for number in range(1, unusual.CASES_OUTSIDE + 1)}
    book = references.ReferenceBook(lambda _: None, lambda _: {}, lambda ids: {i: {mine[i]} for i in ids if i in mine})
    monkeypatch.setattr(references, "_book", book)
    look(cleo, at=NOON, cases=unusual.CASES_OUTSIDE)
    look(dana, at=NOON, cases=unusual.CASES_OUTSIDE)
    assert found(Pattern.OUTSIDE) == [(dana.pk, unusual.CASES_OUTSIDE, None)]


def test_searches_in_vain_exports_and_broken_glass_are_counted_a_day(cleo: User) -> None:
    with time_machine.travel(NOON, tick=False):
        for _ in range(unusual.SEARCHES_IN_VAIN):
            record(CaseVerb.SEARCHED, by=cleo.actor, detail={"kind": "name", "count": 0, "found": 0})
            record(CaseVerb.SEARCHED, by=cleo.actor, detail={"kind": "name", "count": 0, "found": 1})
        record(CaseVerb.FILE_DOWNLOADED, by=cleo.actor)
        record(CaseVerb.GLASS_BROKEN, by=cleo.actor)
        record(CaseVerb.ACCESS_ASKED, by=cleo.actor)  # what a lead decides is not counted with it
    assert found(Pattern.IN_VAIN) == [(cleo.pk, unusual.SEARCHES_IN_VAIN, None)]
    assert found(Pattern.OUT) == [(cleo.pk, 1, None)]
    assert found(Pattern.GLASS) == [(cleo.pk, 1, None)]


def test_the_glass_that_was_refused_stands_first_and_leads_to_its_line(
    staff_client: CarefulClient, cleo: User, fay: User
) -> None:
    with time_machine.travel(NOON, tick=False):
        record(CaseVerb.GLASS_BROKEN, by=cleo.actor)
        record(CaseVerb.GLASS_REFUSED, by=cleo.actor)
    assert found(Pattern.GLASS_REFUSED) == found(Pattern.GLASS) == [(cleo.pk, 1, None)]
    staff_client.force_login(fay)
    first, *_ = staff_client.get(PAGE, {"until": TODAY.isoformat()}).context["groups"]
    assert first.pattern is Pattern.GLASS_REFUSED
    lines = staff_client.get(first.rows[0].url).context["lines"]
    assert "cases.glass_refused" in {line.event.verb for line in lines}


def test_whoever_takes_many_cases_in_a_day_stands_out_as_owner_or_officer(cleo: User, dana: User, eli: User) -> None:
    takes = [(cleo, CaseVerb.CLAIMED, 10), (eli, CaseVerb.OFFICER_TAKEN, 12), (dana, CaseVerb.CLAIMED, 9)]
    with time_machine.travel(NOON, tick=False):
        for person, verb, number in takes:
            for case in range(number):
                record(verb, by=person.actor, case_id=uuid.UUID(int=case + 1))
                record(CaseVerb.OFFICER_RELEASED, by=person.actor, case_id=uuid.UUID(int=case + 100))
    assert sorted(found(Pattern.TAKEN)) == [(cleo.pk, 10, None), (eli.pk, 12, None)]


def test_what_was_before_the_seven_days_is_habit_only(cleo: User) -> None:
    look(cleo, at=NOON - timedelta(days=7), cases=unusual.CASES_A_DAY)
    assert unusual.found(until=TODAY) == []


def test_the_page_names_who_and_leads_to_the_lines(staff_client: CarefulClient, fay: User, cleo: User) -> None:
    look(cleo, at=NOON, cases=unusual.CASES_AN_HOUR)
    staff_client.force_login(fay)
    response = staff_client.get(PAGE, {"until": TODAY.isoformat()})
    page = response.content.decode()
    assert "Cleo" in page and "Opened many cases in one hour" in page
    (row, *_) = response.context["groups"][0].rows
    lines = staff_client.get(row.url)
    assert {line.event.actor_id for line in lines.context["lines"]} == {cleo.pk}
    told = AuditEvent.objects.filter(verb="audit.trail_viewed").order_by("pk").first()
    assert told is not None and told.detail == {"page": "unusual", "left": "2026-11-20"}


def test_when_nothing_stands_out_the_page_says_what_would(staff_client: CarefulClient, fay: User) -> None:
    staff_client.force_login(fay)
    page = staff_client.get(PAGE, {"until": TODAY.isoformat()}).content.decode()
    assert "Nothing stands out in these days" in page


@pytest.mark.parametrize("until", ["0001-01-01", "9999-12-31", "nonsense"])
def test_days_at_the_edge_of_the_calendar_and_no_day_at_all_are_answered(
    until: str, staff_client: CarefulClient, fay: User
) -> None:
    staff_client.force_login(fay)
    assert staff_client.get(PAGE, {"until": until}).status_code == 200


@pytest.mark.parametrize("person", ["cleo", "dana", "hana"])
def test_only_auditors_read_it(staff_client: CarefulClient, person: str, request: pytest.FixtureRequest) -> None:
    staff_client.force_login(request.getfixturevalue(person))
    assert staff_client.get(PAGE).status_code == 403


@pytest.mark.heavy
def test_at_a_hundred_thousand_lines_every_narrowing_is_served_by_an_index(cleo: User) -> None:
    """The shape that production has: sixty people, one of them seldom here, five thousand cases, two years."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_auditevent (at, verb, actor_kind, actor_id, thing, thing_id, case_id, detail, seal) "
            "SELECT timestamptz '2024-11-20' + n * interval '10 minutes', 'audit.viewed', 'staff', "
            "CASE WHEN n % 1000 = 0 THEN 61 ELSE n % 60 + 1 END, '', '', "
            "md5((n % 5000)::text)::uuid, '{}', '' FROM generate_series(1, 100000) n"
        )
        cursor.execute("ANALYZE audit_auditevent")
    day = datetime(2025, 3, 1, tzinfo=UTC).date()
    case_id = AuditEvent.objects.values_list("case_id", flat=True)[0]
    wanted = {
        "audit_of_a_case": AuditEvent.objects.filter(case_id=case_id).order_by("-id"),
        "audit_of_a_person": AuditEvent.objects.of_person(61).order_by("-id"),
        "audit_of_a_day": AuditEvent.objects.on_days(day, day).order_by("-at", "-id"),
        "audit_of_a_verb": AuditEvent.objects.filter(verb__in=["cases.glass_broken"]).order_by("-id"),
    }
    for index, query in wanted.items():
        assert index in query[:51].explain(), index
    assert "Seq Scan" not in unusual._acts(Kind.LOOK, begin=NOON - timedelta(days=35), end=NOON).explain()


def test_failed_sign_ins_stand_out_by_account_and_lead_to_lines(staff_client: CarefulClient, cleo: User, fay: User) -> None:
    with time_machine.travel(NOON, tick=False):
        for _ in range(unusual.SIGN_INS_FAILED):
            record(KernelVerb.SIGN_IN_FAILED, by=SYSTEM, on=cleo, detail={"kind": "password"})
    assert found(Pattern.SIGN_IN) == [(cleo.pk, unusual.SIGN_INS_FAILED, None)]
    staff_client.force_login(fay)
    (group,) = staff_client.get(PAGE, {"until": TODAY.isoformat()}).context["groups"]
    lines = staff_client.get(group.rows[0].url).context["lines"]
    assert len([line for line in lines if line.event.thing_id == str(cleo.pk)]) == unusual.SIGN_INS_FAILED


def test_many_cases_in_lists_and_lists_at_night_stand_out(cleo: User, dana: User) -> None:
    cases = [uuid.UUID(int=number + 1) for number in range(unusual.CASES_IN_LISTS)]
    with time_machine.travel(NOON.replace(hour=2), tick=False):
        record_listed(cases[: unusual.CASES_AT_NIGHT], page="queue", compartment="casework", by=dana.actor)
    with time_machine.travel(NOON, tick=False):
        record_listed(cases, page="queue", compartment="casework", by=cleo.actor)
        record_listed(cases[unusual.CASES_AT_NIGHT + 1 :], page="queue", compartment="casework", by=dana.actor)
    assert found(Pattern.LISTED) == [(cleo.pk, unusual.CASES_IN_LISTS, None)]
    assert found(Pattern.HOUR) == found(Pattern.OUTSIDE) == []
    assert found(Pattern.NIGHT) == [(dana.pk, unusual.CASES_AT_NIGHT, 0)]
