"""Is the trail whole: asked on the page, walked by the worker, told without waiting; checkpoints to carry away."""

import json

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from rainbowrail.accounts.models import User
from rainbowrail.actors import SYSTEM
from rainbowrail.audit import chain, reminders, tasks, verifying
from rainbowrail.audit.models import AuditEvent, AuditVerification
from rainbowrail.audit.record import record
from rainbowrail.audit.verbs import KernelVerb
from tests.clients import CarefulClient
from tests.roles import AsRole

pytestmark = pytest.mark.django_db
PAGE = "/trail/whole/"


@pytest.fixture
def auditor(staff_client: CarefulClient, fay: User) -> CarefulClient:
    staff_client.force_login(fay)
    for number in range(3):
        record(KernelVerb.SIGNED_IN, by=SYSTEM, detail={"count": number})
    chain.link_new(everything=True)
    return staff_client


def text_of(client: CarefulClient) -> str:
    return client.get(PAGE).content.decode()


def test_before_anybody_asked_the_page_says_so(auditor: CarefulClient) -> None:
    assert "Nobody has had it verified yet." in text_of(auditor)


def test_asking_waits_for_the_worker_and_then_says_when_and_by_whom(auditor: CarefulClient) -> None:
    assert "Somebody asked a moment ago" not in auditor.post(f"{PAGE}verify/", follow=True).content.decode()
    assert "Somebody asked a moment ago" in auditor.post(f"{PAGE}verify/", follow=True).content.decode()
    lines = AuditEvent.objects.count()
    waiting = auditor.get(PAGE)
    assert AuditEvent.objects.count() == lines  # the page looks again by itself
    assert waiting.headers["Refresh"] and "The worker is asked" in waiting.content.decode()
    tasks.verify()
    page = auditor.get(PAGE)
    assert "Refresh" not in page.headers
    assert "The trail is whole." in page.content.decode() and "Fay" in page.content.decode()
    assert AuditEvent.objects.filter(verb="audit.trail_verified").count() == 1


def test_what_is_wrong_is_named_on_the_page_and_in_doctor(auditor: CarefulClient) -> None:
    victim = AuditEvent.objects.filter(verb="accounts.signed_in", actor_kind="system").first()
    assert victim is not None
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE audit_auditevent SET detail = '{\"count\": 99}' WHERE id = %s", [victim.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")
    verifying.ask_daily()
    tasks.verify()
    page = text_of(auditor)
    assert "The trail is not whole" in page and f"line {victim.pk}" in page and "by the clock" in page
    assert any("not whole" in sentence for sentence in reminders.complaints())


def test_a_tail_that_was_cut_after_the_last_whole_walk_is_found(auditor: CarefulClient) -> None:
    verifying.ask_daily()
    chain.link_new(everything=True)
    tasks.verify()
    assert AuditVerification.objects.get().wrong == 0
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM audit_auditlink WHERE number > 1")
        cursor.execute("DELETE FROM audit_auditevent WHERE id NOT IN (SELECT event_id FROM audit_auditlink)")
        cursor.execute("SET LOCAL session_replication_role = origin")
    verifying.ask_daily()
    tasks.verify()
    assert "an anchor says that it reached" in str(verifying.last().findings)  # type: ignore[union-attr]


def test_an_answer_that_somebody_else_wrote_is_not_believed(auditor: CarefulClient) -> None:
    AuditVerification.objects.create(ended_at=timezone.now(), wrong=0, number=3, end_seal="x")
    page = text_of(auditor)
    assert "This answer is not the worker’s" in page and "The trail is whole." not in page
    assert any("not given by the worker" in sentence for sentence in reminders.complaints())


def test_the_serving_role_can_ask_and_answer_but_never_change_an_answer(auditor: CarefulClient, as_staff_role: AsRole) -> None:
    verifying.ask_daily()
    tasks.verify()
    with as_staff_role():
        verifying.ask_daily()
        tasks.verify()
        assert AuditVerification.objects.count() == 2
        for statement in ("UPDATE audit_auditverification SET wrong = 0", "DELETE FROM audit_auditverification"):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


def test_the_worker_does_nothing_when_nobody_asked() -> None:
    tasks.verify()
    assert not AuditVerification.objects.exists()


def test_a_checkpoint_is_taken_along_and_taking_it_is_on_record(auditor: CarefulClient) -> None:
    end = chain.checkpoint()
    assert end is not None
    response = auditor.post(f"{PAGE}checkpoint/")
    assert json.loads(response.content) == {"number": end.number, "seal": end.seal}
    assert "attachment" in response.headers["Content-Disposition"]
    assert AuditEvent.objects.filter(verb="audit.checkpoint_taken").count() == 1


def test_without_a_link_there_is_no_checkpoint(staff_client: CarefulClient, fay: User) -> None:
    staff_client.force_login(fay)
    assert staff_client.post(f"{PAGE}checkpoint/").status_code == 409
    assert "Nothing is linked yet." in staff_client.get(PAGE).content.decode()


@pytest.mark.parametrize("person", ["cleo", "dana", "hana", "gus"])
def test_only_auditors_have_it(staff_client: CarefulClient, person: str, request: pytest.FixtureRequest) -> None:
    staff_client.force_login(request.getfixturevalue(person))
    assert [staff_client.get(PAGE).status_code, staff_client.post(f"{PAGE}verify/").status_code] == [403, 403]
