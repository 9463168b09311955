"""The queue: who waits, the most urgent first, and why."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from cases import actions
from cases.models import Case
from cases.states import CaseState
from cases.urgency.bands import Band
from cases.views.queue import PAGE_SIZE
from rainbowrail.accounts.models import User
from rainbowrail.audit.models import AuditEvent
from rainbowrail.roles import Role
from tests.clients import CarefulClient
from tests.factories.accounts import make_staff
from tests.factories.cases import CALM, EMERGENCY, UNKNOWN, URGENT, book_now, make_case, make_case_in

pytestmark = pytest.mark.django_db
REFERENCE = re.compile(r'href="/cases/(RR-[A-Z0-9]{4}-[A-Z0-9]{4})/"')


def queue(client: CarefulClient, who: User, query: str = "") -> Any:
    client.force_login(who)
    return client.get(f"/{query}")


def shown(response: Any) -> list[str]:
    """Return the references on the page, in their order."""
    return REFERENCE.findall(response.content.decode())


def place(case: Case, **columns: Any) -> Case:
    """Put a case at an exact place in the queue."""
    Case.objects.filter(pk=case.pk).update(**columns)
    case.refresh_from_db()
    return case


def test_a_caseworker_sees_who_waits_and_why(staff_client: CarefulClient, cleo: User) -> None:
    case = make_case(EMERGENCY)
    page = queue(staff_client, cleo)
    assert page.status_code == 200
    assert shown(page) == [case.reference]
    assert case.latest_score is not None
    for reason in case.latest_score.words()["reasons"][:2]:
        assert reason in page.content.decode().replace("&#x27;", "'")
    assert "Emergency" in page.content.decode()


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.TRIAGE_LEAD, Role.MANAGER, Role.REFERRAL_OFFICER])
def test_the_other_readers_may_look(role: Role, staff_client: CarefulClient) -> None:
    assert queue(staff_client, make_staff(role)).status_code == 200


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, None])
def test_auditor_administrator_and_strangers_may_not(role: Role | None, staff_client: CarefulClient) -> None:
    make_case()
    page = queue(staff_client, make_staff(*([role] if role else [])))
    assert (page.status_code, page.headers["Location"]) == (302, "/account/")  # led to the first page that they may open
    assert shown(page) == []


def test_nobody_enters_without_signing_in(staff_client: CarefulClient) -> None:
    assert staff_client.get("/").headers["Location"].startswith("/account/login/")


def test_the_queue_is_only_looked_at(staff_client: CarefulClient, cleo: User) -> None:
    staff_client.force_login(cleo)
    assert staff_client.post("/").status_code == 405


def test_the_order_is_band_then_due_then_score_then_received_then_id(staff_client: CarefulClient, dana: User) -> None:
    day = datetime(2026, 11, 20, 12, tzinfo=UTC)
    later = day + timedelta(days=1)
    rows = [
        {"band": Band.EMERGENCY, "due_at": later, "score": Decimal("10.0"), "received_at": later},
        {"band": Band.URGENT, "due_at": day, "score": Decimal("20.0"), "received_at": later},
        {"band": Band.URGENT, "due_at": later, "score": Decimal("90.0"), "received_at": later},
        {"band": Band.URGENT, "due_at": later, "score": Decimal("30.0"), "received_at": day},
        {"band": Band.URGENT, "due_at": later, "score": Decimal("30.0"), "received_at": later},
        {"band": Band.NORMAL, "due_at": day, "score": Decimal("99.0"), "received_at": day},
    ]
    expected = [place(make_case(), **row) for row in rows]
    twins = sorted([place(make_case(), **rows[-1]), expected.pop()], key=lambda case: case.pk)
    expected += twins

    assert shown(queue(staff_client, dana)) == [case.reference for case in expected]


def test_pages_follow_each_other_without_loss_or_repetition(staff_client: CarefulClient, dana: User) -> None:
    cases = [make_case([EMERGENCY, URGENT, UNKNOWN, CALM][number % 4]) for number in range(PAGE_SIZE + 3)]
    in_order = [case.reference for case in Case.objects.most_urgent_first()]

    first = queue(staff_client, dana)
    (following,) = set(re.findall(r'href="(\?after=[^"]+)" rel="next"', first.content.decode()))
    second = queue(staff_client, dana, following)

    assert shown(first) + shown(second) == in_order
    assert len(in_order) == len(cases)


def test_closed_cases_do_not_wait_but_can_be_found_the_latest_first(
    staff_client: CarefulClient, cleo: User, dana: User
) -> None:
    first, second = (make_case_in(CaseState.CLOSED, owner=cleo, lead=dana) for _ in range(2))
    assert shown(queue(staff_client, dana)) == []
    assert shown(queue(staff_client, dana, "?whose=closed")) == [second.reference, first.reference]
    assert "Support is complete" in queue(staff_client, dana, "?whose=closed").content.decode()


@pytest.mark.parametrize("typed", [str.lower, str, lambda reference: f" {reference.removeprefix('RR-')} "])
def test_a_reference_leads_to_its_case(typed: Any, staff_client: CarefulClient, dana: User) -> None:
    case = make_case()
    staff_client.force_login(dana)
    answer = staff_client.get("/", {"reference": typed(case.reference)})
    assert answer.headers["Location"] == f"/cases/{case.reference}/"


def test_a_reference_of_a_case_one_may_not_see_is_answered_like_an_unknown_one(staff_client: CarefulClient, cleo: User) -> None:
    hidden = make_case_in(CaseState.VERIFIED)
    for reference in (hidden.reference, "RR-CCCC-CCCC", "nonsense"):
        page = queue(staff_client, cleo, f"?reference={reference}")
        assert page.status_code == 200
        assert "You have no case with this reference" in page.content.decode()


def test_a_caseworker_sees_the_unclaimed_and_their_own_only(staff_client: CarefulClient, cleo: User) -> None:
    mine, unclaimed = make_case_in(CaseState.VERIFIED, owner=cleo), make_case()
    make_case_in(CaseState.VERIFIED)
    assert set(shown(queue(staff_client, cleo))) == {mine.reference, unclaimed.reference}


def test_an_officer_sees_what_is_ready_and_further(staff_client: CarefulClient, eli: User) -> None:
    make_case()
    make_case_in(CaseState.IN_SUPPORT)
    seen = [make_case_in(state) for state in (CaseState.READY, CaseState.REFERRED, CaseState.OUTCOME)]
    assert set(shown(queue(staff_client, eli))) == {case.reference for case in seen}


def test_filters_narrow_the_queue_and_stay_in_the_links(staff_client: CarefulClient, cleo: User, dana: User) -> None:
    mine = make_case_in(CaseState.IN_REVIEW, owner=dana, answers=CALM)
    urgent, french = make_case({**URGENT, "current_country": "KEN"}), make_case(UNKNOWN, language="fr")
    late = place(make_case(CALM), due_at=timezone.now() - timedelta(hours=2))
    asked = make_case_in(CaseState.VERIFIED, owner=cleo)
    actions.ask_applicant(asked, question="Where are you?", by=cleo.actor)
    wanted = {
        "?whose=mine": {mine},
        "?whose=unclaimed": {urgent, french, late},
        "?whose=overdue": {late},
        "?whose=waiting": {asked},
        "?band=urgent": {urgent},
        "?stage=verified": {asked},
        "?country=KEN": {urgent},
        "?language=fr": {french},
        "?country=CAN&whose=mine": {mine},
        "?country=CAN&band=urgent": set(),
    }
    for query, cases in wanted.items():
        assert set(shown(queue(staff_client, dana, query))) == {case.reference for case in cases}, query
    assert 'href="?country=CAN&amp;whose=mine"' in queue(staff_client, dana, "?country=CAN").content.decode()


def test_a_word_that_is_no_filter_is_said_and_narrows_nothing(staff_client: CarefulClient, dana: User) -> None:
    case = make_case()
    page = queue(staff_client, dana, "?band=hopeless&after=nonsense")
    assert shown(page) == [case.reference]
    assert "Please check" in page.content.decode()


def test_an_empty_queue_says_what_happens_next(staff_client: CarefulClient, cleo: User) -> None:
    assert "New requests appear here" in queue(staff_client, cleo).content.decode()
    assert "Take a filter away" in queue(staff_client, cleo, "?whose=mine").content.decode()


def test_the_look_at_the_queue_is_on_record(staff_client: CarefulClient, cleo: User) -> None:
    make_case()
    queue(staff_client, cleo)
    event = AuditEvent.objects.get(verb="cases.queue_viewed")
    assert (event.actor_id, event.detail) == (cleo.pk, {"count": 1})


def test_each_case_whose_reasons_it_shows_has_a_line_of_its_own_once_in_six_hours(
    staff_client: CarefulClient, cleo: User, dana: User
) -> None:
    cases = {make_case().pk, make_case(EMERGENCY).pk}
    now = timezone.now()
    for hours, lines in ((0, 2), (5, 2), (7, 4)):
        with time_machine.travel(now + timedelta(hours=hours), tick=False):
            queue(staff_client, cleo)
        listed = AuditEvent.objects.filter(verb="audit.listed", actor_id=cleo.pk)
        assert listed.count() == lines, hours
    assert set(listed.values_list("case_id", flat=True)) == cases
    assert listed[0].detail == {"page": "queue", "compartment": "casework"}
    queue(staff_client, dana)
    assert AuditEvent.objects.filter(verb="audit.listed", actor_id=dana.pk).count() == 2


def test_who_sees_no_reasons_leaves_no_line_that_says_so(staff_client: CarefulClient) -> None:
    make_case()
    queue(staff_client, make_staff(Role.MANAGER))
    assert not AuditEvent.objects.filter(verb="audit.listed").exists()


@pytest.mark.parametrize("cases", [2, 12])
def test_the_number_of_queries_does_not_grow_with_the_queue(
    cases: int, staff_client: CarefulClient, dana: User, django_assert_num_queries: Any
) -> None:
    for number in range(cases):
        make_case_in(CaseState.IN_REVIEW, owner=dana) if number % 2 else make_case(EMERGENCY)
    staff_client.force_login(dana)
    # session, person; the cases with owner and score; the keys of their reasons; the line in the trail, and one for each case
    with django_assert_num_queries(10):
        assert len(shown(staff_client.get("/"))) == cases


def test_taking_a_case_from_the_queue(staff_client: CarefulClient, cleo: User) -> None:
    case = make_case()
    page = queue(staff_client, cleo)
    assert f'action="/cases/{case.reference}/claim/"' in page.content.decode()
    answer = staff_client.post(f"/cases/{case.reference}/claim/")
    case.refresh_from_db()
    assert answer.headers["Location"] == f"/cases/{case.reference}/"
    assert (case.owner, case.state) == (cleo, CaseState.IN_REVIEW)


def test_a_volunteer_is_offered_no_case_to_take(staff_client: CarefulClient) -> None:
    case, volunteer = make_case(), make_staff(Role.VOLUNTEER)
    book_now(volunteer, by=make_staff(Role.TRIAGE_LEAD))
    assert case.reference in queue(staff_client, volunteer).content.decode()
    assert "/claim/" not in queue(staff_client, volunteer).content.decode()
    assert staff_client.post(f"/cases/{case.reference}/claim/").status_code == 403


def test_taking_what_somebody_else_took_meanwhile_is_said(staff_client: CarefulClient, dana: User, cleo: User) -> None:
    case = make_case_in(CaseState.IN_REVIEW, owner=cleo)
    staff_client.force_login(dana)
    answer = staff_client.post(f"/cases/{case.reference}/claim/")
    assert answer.status_code == 409
    assert "changed in the meantime" in answer.content.decode()


def test_the_index_carries_the_queue() -> None:
    """The order of the queue and of its index are one; PostgreSQL then reads 25 rows and stops."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        plan = Case.objects.waiting().most_urgent_first()[:25].explain()
        # On a table as small as this one either index costs the same: take the other away, until the test is rolled back.
        cursor.execute("DROP INDEX case_queue")
        mine = Case.objects.waiting().filter(owner=1).most_urgent_first()[:25].explain()
    assert "case_queue" in plan and "Sort" not in plan
    assert "case_queue_of_owner" in mine and "Sort" not in mine
