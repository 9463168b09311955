"""What the public door's database role can do: exactly what design.md says, and nothing can be listed."""

from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction

from intake import access, actions
from intake.drain import drain
from intake.models import Delivery, Draft, HelpRequest, Message, RequestStatus, ReturnCode, Visit
from intake.opened import OpenVisit
from intake.staff_actions import ask
from rainbowrail.actors import Actor, ActorKind
from rainbowrail.crypto import datakeys
from rainbowrail.crypto.grants import set_visitor
from tests.factories.intake import ade, draft, sent
from tests.roles import AsRole

pytestmark = pytest.mark.django_db
CLEO = Actor(ActorKind.STAFF, staff_id=1)


def test_the_whole_way_from_the_first_answer_to_sending_needs_no_more_than_the_public_role(as_public: AsRole) -> None:
    with as_public():
        opened = draft(ade())
        with datakeys.scope(), transaction.atomic():
            visit = actions.submit(opened, answers=opened.answers, language="en")
    assert HelpRequest.objects.get().id == visit.help_request_id
    assert Delivery.objects.get().arrival > 0
    assert not Draft.objects.exists()
    assert ReturnCode.objects.filter(help_request_id=visit.help_request_id).count() == 2


def test_coming_back_and_answering_needs_no_more_than_the_public_role(as_public: AsRole) -> None:
    done = sent()
    drain()
    question = ask(done.visit.help_request_id, "Is it safe to call?", by=CLEO)
    with as_public(), datakeys.scope():
        visit = access.open_by_code(done.code)
        assert isinstance(visit, OpenVisit)
        with transaction.atomic():
            again = access.find_visit(visit.secret, lock=True)
            assert again is not None
            assert RequestStatus.objects.get().status == "question"
            assert Message.objects.get().text == "Is it safe to call?"
            actions.answer(again, question.id, "Yes.", token="a")
    assert drain() == 2  # that somebody came back, and the answer


@pytest.mark.parametrize(
    "table", ["intake_draft", "intake_visit", "intake_returncode", "intake_requeststatus", "intake_message"]
)
def test_nothing_of_others_can_be_listed(table: str, as_public: AsRole) -> None:
    done = sent()
    draft()
    drain()
    ask(done.visit.help_request_id, "How are you?", by=CLEO)
    with as_public(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('rainbowrail.visit', '', true), set_config('rainbowrail.locator', '', true)")
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
        assert cursor.fetchone()[0] == 0
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
        assert cursor.fetchone()[0] > 0


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM intake_delivery",
        "SELECT * FROM intake_helprequest",
        "SELECT * FROM intake_answer",
        "UPDATE intake_delivery SET state = 'opened'",
        "DELETE FROM intake_delivery",
        "UPDATE intake_helprequest SET language = 'fr'",
        "DELETE FROM intake_helprequest",
        "UPDATE intake_requeststatus SET status = 'closed'",
        "INSERT INTO intake_message (id) VALUES (gen_random_uuid())",
        "UPDATE intake_message SET sent_on = now()",
        "DELETE FROM intake_message",
        "SELECT * FROM crypto_datakey",
        "SELECT nextval('intake_arrival_number')",
        "TRUNCATE intake_draft",
    ],
)
def test_the_public_role_is_refused(statement: str, as_public: AsRole) -> None:
    with (
        as_public(),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_person_sees_their_own_status_and_messages_and_nobody_elses(as_public: AsRole) -> None:
    mine, theirs = sent(), sent()
    drain()
    ask(theirs.visit.help_request_id, "Only for them.", by=CLEO)
    with as_public(), transaction.atomic():
        set_visitor(locator_hash=mine.visit.locator_hash)
        assert [row.id for row in RequestStatus.objects.all()] == [mine.visit.help_request_id]
        assert not Message.objects.exists()
        assert ReturnCode.objects.count() == 1


def test_somebody_elses_draft_cannot_be_taken_over_or_deleted(as_public: AsRole) -> None:
    mine, theirs = draft(), draft()
    with as_public(), transaction.atomic():
        set_visitor(visit_hash=mine.row.visit_hash)
        assert Draft.objects.update(language="xx") == 1
        assert Draft.objects.filter(id=theirs.row.id).delete()[0] == 0
    assert Draft.objects.get(id=theirs.row.id).language == "en"


def test_a_request_cannot_be_born_with_another_status(as_public: AsRole) -> None:
    with as_public(), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        RequestStatus(id=uuid4(), status="closed", updated_on="2026-11-21").save(force_insert=True)


def test_a_visit_is_seen_by_its_own_cookie_only(as_public: AsRole) -> None:
    done = sent()
    other = sent()
    with as_public(), transaction.atomic():
        set_visitor(visit_hash=done.visit.row.visit_hash)
        assert [row.id for row in Visit.objects.all()] == [done.visit.row.id]
        assert not Visit.objects.filter(id=other.visit.row.id).exists()
