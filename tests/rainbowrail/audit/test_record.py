"""The trail takes ids and codes, of an applicant the hour, and never gives a line back changed."""

import uuid
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection, transaction
from django.db.utils import DatabaseError

from rainbowrail.accounts.models import User
from rainbowrail.actors import APPLICANT, SYSTEM
from rainbowrail.audit.models import AuditEvent
from rainbowrail.audit.queries import trail_of
from rainbowrail.audit.record import record, record_view
from rainbowrail.audit.verbs import AuditVerb, KernelVerb, every_verb, label_of
from rainbowrail.crypto import key_events
from rainbowrail.crypto.sources.files import Kind

CASE = uuid.UUID(int=77)
pytestmark = pytest.mark.django_db


def test_a_line_says_who_what_on_what_and_when(cleo: User) -> None:
    with time_machine.travel(datetime(2026, 11, 21, 9, 41, 7, tzinfo=UTC), tick=False):
        event = record(
            KernelVerb.ROLES_CHANGED, by=cleo.actor, on=cleo, case_id=CASE, detail={"roles": "caseworker", "count": 2}
        )
    event.refresh_from_db()
    assert event.at == datetime(2026, 11, 21, 9, 41, 7, tzinfo=UTC)
    assert (event.actor_id, event.thing, event.thing_id, event.case_id) == (cleo.pk, "accounts.user", str(cleo.pk), CASE)
    assert event.detail == {"roles": "caseworker", "count": 2}


def test_of_an_applicant_only_the_hour_is_kept() -> None:
    with time_machine.travel(datetime(2026, 11, 21, 9, 41, 7, tzinfo=UTC), tick=False):
        event = record(KernelVerb.VIEWED, by=APPLICANT)
    assert event.at == datetime(2026, 11, 21, 9, tzinfo=UTC)
    assert event.actor_id is None


def test_opening_is_recorded_with_how_deep_somebody_looked(cleo: User) -> None:
    event = record_view(cleo, compartment="identity", by=cleo.actor, case_id=CASE)
    assert (event.verb, event.detail) == ("audit.viewed", {"compartment": "identity"})


@pytest.mark.parametrize(
    ("detail", "complaint"),
    [
        ({"name": "Ade"}, "knows no detail called 'name'"),
        ({"move": "Ade fled on Monday"}, "short code"),
        ({"move": "x" * 129}, "short code"),
        ({"move": None}, "whole number or a short code"),
    ],
)
def test_free_text_is_refused(detail: dict[str, str], complaint: str) -> None:
    if detail.get("move") is None and "move" in detail:
        detail = {"move": ["x"]}  # type: ignore[dict-item]
    with pytest.raises(ValueError, match=complaint):
        record(KernelVerb.VIEWED, by=SYSTEM, detail=detail)
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("statement", ["UPDATE audit_auditevent SET verb = 'x'", "DELETE FROM audit_auditevent"])
def test_the_database_refuses_to_change_or_remove_a_line_even_for_the_owner(statement: str) -> None:
    record(KernelVerb.VIEWED, by=SYSTEM)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEvent.objects.get().verb == "audit.viewed"


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_auditevent SET verb = 'x'", "DELETE FROM audit_auditevent", "TRUNCATE audit_auditevent"],
)
def test_the_role_that_serves_staff_is_not_even_granted_it(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE rainbowrail_staff")
        record(KernelVerb.VIEWED, by=SYSTEM)
        assert AuditEvent.objects.count() == 1
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            cursor.execute(statement)


def test_the_role_that_serves_applicants_cannot_read_or_write_the_trail() -> None:
    for statement in ("SELECT 1 FROM audit_auditevent", "INSERT INTO audit_auditevent (verb) VALUES ('x')"):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE rainbowrail_public")
            cursor.execute(statement)


def test_the_trail_of_a_case_is_newest_first() -> None:
    lines = [record(KernelVerb.VIEWED, by=SYSTEM, case_id=CASE) for _ in range(3)]
    record(KernelVerb.VIEWED, by=SYSTEM, case_id=uuid.UUID(int=1))
    assert [event.pk for event in trail_of(CASE)] == [line.pk for line in reversed(lines)]


def test_a_day_is_a_day_in_utc() -> None:
    with time_machine.travel(datetime(2026, 11, 20, 23, 59, 59, tzinfo=UTC), tick=False):
        record(KernelVerb.VIEWED, by=SYSTEM)
    with time_machine.travel(datetime(2026, 11, 21, 0, 0, 0, tzinfo=UTC), tick=False):
        second = record(KernelVerb.VIEWED, by=SYSTEM)
    assert list(AuditEvent.objects.on_day(datetime(2026, 11, 21, tzinfo=UTC).date())) == [second]


def test_no_two_apps_use_the_same_verb() -> None:
    values = [verb.value for verbs in AuditVerb.__subclasses__() for verb in verbs]
    assert len(values) == len(set(values)) == len(every_verb())


def test_a_verb_whose_app_is_gone_is_shown_as_it_is_stored() -> None:
    assert label_of("evidence.scanned_by_moonlight") == "evidence.scanned_by_moonlight"


def test_turning_and_destroying_a_key_is_on_record_by_kind_and_number() -> None:
    key_events.tell(key_events.turned, Kind.STORE, "2")
    key_events.tell(key_events.destroyed, Kind.INTAKE, "i-2026-11-21")
    lines = list(AuditEvent.objects.order_by("pk").values_list("verb", "actor_kind", "detail"))
    assert lines == [
        ("keys.turned", "system", {"kind": "store", "version": "2"}),
        ("keys.destroyed", "system", {"kind": "intake", "version": "i-2026-11-21"}),
    ]
