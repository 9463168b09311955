"""The trail as CSV: what was narrowed to, harmless to spreadsheets, bounded, streamed, and itself on record."""

import csv
import io
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from rainbowrail.accounts.models import User
from rainbowrail.actors import APPLICANT
from rainbowrail.audit import table
from rainbowrail.audit.models import AuditEvent
from rainbowrail.audit.record import record
from rainbowrail.audit.verbs import KernelVerb
from rainbowrail.formats.spreadsheets import harmless
from rainbowrail.panic import actions as panic
from rainbowrail.panic.states import WhyBegun
from tests.clients import CarefulClient

pytestmark = pytest.mark.django_db
PAGE = "/trail/table/"


@pytest.fixture
def auditor(staff_client: CarefulClient, fay: User) -> CarefulClient:
    staff_client.force_login(fay)
    return staff_client


def taken(client: CarefulClient, **wanted: object) -> list[dict[str, str]]:
    response = client.post(PAGE, wanted)
    assert response.status_code == 200, response.content
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))


def test_it_holds_the_lines_asked_for_and_no_others(auditor: CarefulClient, cleo: User, dana: User) -> None:
    record(KernelVerb.VIEWED, by=cleo.actor, case_id=uuid.UUID(int=5), detail={"compartment": "story"})
    record(KernelVerb.VIEWED, by=dana.actor)
    (row,) = taken(auditor, person=cleo.pk)
    assert (row["who"], row["verb"], row["detail"]) == ("Cleo", "audit.viewed", "compartment=story")


def test_taking_it_is_on_record_with_what_was_asked_and_how_many_lines(auditor: CarefulClient, fay: User, cleo: User) -> None:
    record(KernelVerb.VIEWED, by=cleo.actor)
    rows = taken(auditor, person=cleo.pk, what="look")
    line = AuditEvent.objects.get(verb="audit.trail_exported")
    assert line.actor_id == fay.pk
    assert line.detail == {"person": cleo.pk, "kind": "look", "count": len(rows), "format": "csv"}


@pytest.mark.parametrize("name", ["=1+1", "+cmd", "-2", "@SUM(A1)", "  =HYPERLINK(1)", "\t=1", "|calc"])
def test_no_cell_is_a_formula(name: str, auditor: CarefulClient, cleo: User) -> None:
    User.objects.filter(pk=cleo.pk).update(name=name)
    record(KernelVerb.VIEWED, by=cleo.actor)
    (row,) = taken(auditor, person=cleo.pk)
    assert row["who"].startswith("'")
    assert harmless("Cleo") == "Cleo" and harmless(None) == ""


def test_more_than_the_bound_is_refused_and_nothing_leaves(auditor: CarefulClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rainbowrail.audit.views.trail.MOST_LINES", 2)
    for _ in range(3):
        record(KernelVerb.VIEWED, by=APPLICANT)
    response = auditor.post(PAGE, {"who": "applicant"})
    assert response.status_code == 409 and "Narrow it" in response.content.decode()
    assert not AuditEvent.objects.filter(verb="audit.trail_exported").exists()


def test_a_long_table_comes_in_batches_in_order_and_whole(auditor: CarefulClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "BATCH", 3)
    lines = [record(KernelVerb.VIEWED, by=APPLICANT).pk for _ in range(8)]
    assert [int(row["line"]) for row in taken(auditor, who="applicant")] == lines[::-1]


def test_a_narrowing_that_is_wrong_takes_nothing(auditor: CarefulClient) -> None:
    assert auditor.post(PAGE, {"day": "2026-11-20", "until": "2026-11-01"}).status_code == 409


def test_it_asks_for_a_recent_sign_in_and_leads_back_to_the_trail(auditor: CarefulClient) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=15)):
        response = auditor.post(PAGE, {})
    assert response.headers["Location"] == "/account/confirm/?next=%2Ftrail%2F"


def test_it_is_frozen_by_the_panic_plan(auditor: CarefulClient, dana: User, fay: User) -> None:
    panic.begin(WhyBegun.OFFICE, by=dana.actor, session_key="")
    auditor.force_login(fay)
    assert auditor.post(PAGE, {}).status_code == 409


@pytest.mark.parametrize("person", ["cleo", "dana", "hana"])
def test_only_auditors_take_it(staff_client: CarefulClient, person: str, request: pytest.FixtureRequest) -> None:
    staff_client.force_login(request.getfixturevalue(person))
    assert staff_client.post(PAGE).status_code == 403
