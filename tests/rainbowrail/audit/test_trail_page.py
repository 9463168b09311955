"""The auditor's page."""

import uuid
from collections.abc import Iterator

import pytest

from rainbowrail.accounts.models import User
from rainbowrail.actors import APPLICANT, SYSTEM
from rainbowrail.audit import references
from rainbowrail.audit.models import AuditEvent
from rainbowrail.audit.record import record
from rainbowrail.audit.verbs import KernelVerb
from rainbowrail.web.pagination import PAGE_SIZE
from tests.clients import CarefulClient

CASE, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)
PAGE = "/trail/"


@pytest.fixture(autouse=True)
def _book(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"RR-K7MT-4QWD": CASE, "RR-CCCC-DDDD": OTHER}
    names = {case: reference for reference, case in known.items()}
    monkeypatch.setattr(
        references, "_book", references.ReferenceBook(known.get, lambda ids: {i: names[i] for i in ids if i in names})
    )


@pytest.fixture
def auditor(staff_client: CarefulClient, fay: User) -> Iterator[CarefulClient]:
    staff_client.force_login(fay)
    yield staff_client


def test_the_auditor_reads_who_did_what_newest_first(auditor: CarefulClient, cleo: User) -> None:
    record(KernelVerb.VIEWED, by=APPLICANT, case_id=CASE)
    record(KernelVerb.VIEWED, by=cleo.actor, case_id=CASE, detail={"compartment": "story"})
    page = auditor.get(PAGE).content.decode()
    assert page.index("Cleo") < page.index("Applicant")
    assert "RR-K7MT-4QWD" in page and "what the person told us" in page and str(CASE) not in page


def test_the_trail_of_one_case_is_found_by_its_reference_in_any_case(auditor: CarefulClient, cleo: User) -> None:
    record(KernelVerb.VIEWED, by=cleo.actor, case_id=CASE)
    record(KernelVerb.VIEWED, by=SYSTEM, case_id=OTHER)
    response = auditor.get(PAGE, {"case": " rr-k7mt-4qwd "})
    assert [line.event.case_id for line in response.context["lines"]] == [CASE]


def test_the_trail_of_one_person(auditor: CarefulClient, cleo: User, dana: User) -> None:
    record(KernelVerb.VIEWED, by=cleo.actor)
    record(KernelVerb.VIEWED, by=dana.actor)
    response = auditor.get(PAGE, {"person": dana.pk})
    assert {line.who for line in response.context["lines"]} == {"Dana"}


def test_an_unknown_reference_is_told_and_shows_nothing(auditor: CarefulClient) -> None:
    record(KernelVerb.VIEWED, by=SYSTEM, case_id=CASE)
    response = auditor.get(PAGE, {"case": "RR-XXXX-XXXX"})
    assert "No case has this reference." in response.content.decode()
    assert response.context["lines"] == []


def test_reading_the_trail_is_on_the_trail(auditor: CarefulClient, fay: User, cleo: User) -> None:
    auditor.get(PAGE, {"case": "RR-K7MT-4QWD", "person": cleo.pk})
    event = AuditEvent.objects.get(verb="audit.trail_viewed")
    assert (event.actor_id, event.case_id, event.detail) == (fay.pk, CASE, {"person": cleo.pk})


def test_a_long_trail_comes_in_pages_that_keep_the_filter(auditor: CarefulClient) -> None:
    for _ in range(PAGE_SIZE + 3):
        record(KernelVerb.VIEWED, by=SYSTEM, case_id=CASE)
    first = auditor.get(PAGE, {"case": "RR-K7MT-4QWD"})
    assert len(first.context["lines"]) == PAGE_SIZE
    second = auditor.get(PAGE, {"case": "RR-K7MT-4QWD", "after": first.context["page"].next_token})
    assert len(second.context["lines"]) == 3
    assert "case=RR-K7MT-4QWD" in first.content.decode()


def test_the_number_of_queries_does_not_grow_with_the_lines(
    auditor: CarefulClient, cleo: User, dana: User, django_assert_num_queries: object
) -> None:
    for person in (cleo, dana, cleo):
        record(KernelVerb.VIEWED, by=person.actor, case_id=CASE)
    with django_assert_num_queries(7):  # type: ignore[operator]  # session, user, people to choose, lines, names, own line, plan
        auditor.get(PAGE)


@pytest.mark.parametrize("person", ["cleo", "dana", "eli", "gus", "hana"])
def test_nobody_else_may_read_it(staff_client: CarefulClient, person: str, request: pytest.FixtureRequest) -> None:
    staff_client.force_login(request.getfixturevalue(person))
    assert staff_client.get(PAGE).status_code == 403


def test_the_trail_is_only_read(auditor: CarefulClient) -> None:
    assert auditor.post(PAGE).status_code == 405


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_of_the_calendar_are_days_like_others(auditor: CarefulClient, day: str) -> None:
    record(KernelVerb.VIEWED, by=SYSTEM, case_id=CASE)
    response = auditor.get(PAGE, {"day": day})
    assert (response.status_code, response.context["lines"]) == (200, [])
