"""The worker opens what was sent: all of it, in order, once, and never lets one row stand in the way of another."""

from base64 import b64encode
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from intake import actions, deliveries
from intake.drain import MOST_TRIES, TAKERS, BadDelivery, _kind_and_content, drain
from intake.kept_aside import retry
from intake.models import Answer, Delivery, HelpRequest, Message
from intake.models.hours import this_hour
from intake.opened import key_as
from intake.signals import answer_received, delivery_quarantined, help_request_submitted
from intake.staff_actions import ask
from intake.states import DeliveryKind, DeliveryState
from rainbowrail.actors import SYSTEM, Actor, ActorKind
from rainbowrail.audit.models import AuditEvent
from rainbowrail.crypto import datakeys, fields
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.errors import KeyMissing, KeyNotHeld
from rainbowrail.crypto.models import DataKey
from tests.factories.intake import ade, received, sent

pytestmark = pytest.mark.django_db
CLEO = Actor(ActorKind.STAFF, staff_id=1)


@pytest.fixture
def heard() -> Iterator[list[Any]]:
    """What the signals said, in order."""
    said: list[Any] = []

    def hear_request(help_request: HelpRequest, **_: Any) -> None:
        said.append(help_request)

    def hear_answer(answer: Answer, **_: Any) -> None:
        said.append(answer)

    help_request_submitted.connect(hear_request)
    answer_received.connect(hear_answer)
    yield said
    help_request_submitted.disconnect(hear_request)
    answer_received.disconnect(hear_answer)


def test_before_the_drain_nobody_but_the_worker_can_open_a_request() -> None:
    request = sent().request
    with datakeys.scope(), pytest.raises(KeyMissing):
        request.answers  # noqa: B018 - reading is what opens


def test_a_drained_request_is_readable_and_the_signal_says_so(heard: list[Any]) -> None:
    done = sent(ade(call_you="Ade"))
    assert drain() == 1
    with datakeys.scope():
        request = done.request
        assert request.identity["call_you"] == "Ade"
        assert request.own_words == "My brothers found my telephone."
        assert request.consent["read"] is True
        assert request.answers["last_harm"] == "beating"
    assert heard == [request]


def test_the_box_is_cleared_and_the_hour_kept() -> None:
    done = sent()
    drain()
    delivery = done.delivery
    assert bytes(delivery.box) == b""
    assert delivery.state == DeliveryState.OPENED
    assert delivery.opened_hour is not None
    assert delivery.opened_hour.minute == 0


def test_draining_twice_changes_nothing(heard: list[Any]) -> None:
    done = sent()
    assert (drain(), drain()) == (1, 0)
    assert len(heard) == 1
    assert DataKey.objects.filter(subject_id=done.visit.person_id).count() == 3


def test_deliveries_are_opened_in_order_of_arrival(heard: list[Any]) -> None:
    first, second, third = sent(), sent(), sent()
    drain()
    assert [request.id for request in heard] == [one.visit.help_request_id for one in (first, second, third)]


def test_the_audit_trail_says_who_by_kind_and_when_by_hour() -> None:
    done = sent()
    drain()
    (event,) = AuditEvent.objects.filter(verb="intake.submitted")
    assert event.actor_kind == "applicant"
    assert event.thing_id == str(done.visit.help_request_id)
    assert (event.at.minute, event.at.second) == (0, 0)


@pytest.mark.parametrize("column", ["identity", "answers", "own_words", "consent"])
def test_a_request_that_was_changed_on_the_way_is_quarantined_whole(column: str, heard: list[Any]) -> None:
    done, untouched = sent(), sent()
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE intake_helprequest SET {column} = set_byte({column}, length({column}) - 1, "  # noqa: S608
            f"255 - get_byte({column}, length({column}) - 1)) WHERE id = %s",
            [done.visit.help_request_id],
        )
    assert drain() == 1
    delivery = done.delivery
    assert delivery.state == DeliveryState.QUARANTINED
    assert len(bytes(delivery.box)) > 100
    assert not DataKey.objects.filter(subject_id=done.visit.person_id).exists()
    assert heard == [untouched.request]


def test_a_field_sealed_anew_under_the_right_key_still_differs_from_the_digest(heard: list[Any]) -> None:
    """Whoever holds the keys of the box for a moment cannot exchange the story afterwards."""
    with datakeys.scope():
        subject = uuid4()
        keys = [datakeys.generate(subject, c) for c in (Compartment.IDENTITY, Compartment.STORY, Compartment.CONVERSATION)]
        request = HelpRequest(
            person_id=subject, language="en", identity={}, answers={"threat_now": "death"}, own_words="", consent={}
        )
        request.save(force_insert=True)
        content = {
            "request": str(request.id),
            "language": "en",
            "keys": [key_as(key) for key in keys],
            "digest": b64encode(fields.digest(request, HelpRequest.SEALED_FIELDS)).decode(),
        }
        request.answers = {"threat_now": "none"}
        request.save()
        deliveries.deliver(DeliveryKind.REQUEST, content, subject_id=subject, sequence=1)
    assert drain() == 0
    assert Delivery.objects.get(subject_id=subject).state == DeliveryState.QUARANTINED
    assert AuditEvent.objects.get(verb="intake.quarantined").detail == {"reason_code": "digest_differs"}
    assert heard == []


def test_a_box_moved_to_another_delivery_does_not_open() -> None:
    done = sent()
    stolen = Delivery.objects.get(id=done.delivery.id)
    copy = Delivery(subject_id=stolen.subject_id, sequence=2, intake_key_id=stolen.intake_key_id, box=bytes(stolen.box))
    copy.save(force_insert=True)
    drain()
    copy.refresh_from_db()
    assert copy.state == DeliveryState.QUARANTINED


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"request": "no id", "language": "en", "keys": [], "digest": ""},
        {"request": str(uuid4()), "language": "en", "keys": [], "digest": "AAAA"},
        {"request": str(uuid4()), "language": "en", "keys": [{"id": 3}], "digest": "AAAA"},
    ],
)
def test_a_box_with_nonsense_in_it_is_kept_aside(content: dict[str, Any]) -> None:
    deliveries.deliver(DeliveryKind.REQUEST, content, subject_id=uuid4(), sequence=1)
    assert drain() == 0
    assert Delivery.objects.get().state == DeliveryState.QUARANTINED


@pytest.mark.parametrize("kind", [DeliveryKind.REQUEST, DeliveryKind.ANSWER, DeliveryKind.CODE_CHANGED, DeliveryKind.DURESS])
def test_what_is_said_about_nonsense_does_not_carry_the_nonsense(kind: DeliveryKind) -> None:
    for content in ({"request": "a secret word", "keys": 3}, {"request": "x", "text": 1, "audience": "a secret word"}):
        delivery = Delivery(subject_id=uuid4(), sequence=1, received_hour=this_hour())
        with pytest.raises(BadDelivery) as raised:
            TAKERS[kind](delivery, content)
        assert raised.value.__cause__ is None
        assert raised.value.__context__ is None
        assert "secret" not in str(raised.value)


@pytest.mark.parametrize("payload", [b"{ a secret word", b'{"kind": "a secret word"}', b'["a secret word"]', b'{"kind": 3}'])
def test_an_unreadable_box_leaves_none_of_its_words_in_the_error(payload: bytes) -> None:
    with pytest.raises(BadDelivery, match="unreadable_content") as raised:
        _kind_and_content(payload)
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None


def test_quarantine_tells_whoever_listens(django_capture_on_commit_callbacks: Any) -> None:
    said: list[tuple[Delivery, str]] = []

    def hear(delivery: Delivery, reason: str, **_: Any) -> None:
        said.append((delivery, reason))

    delivery_quarantined.connect(hear)
    deliveries.deliver(DeliveryKind.REQUEST, {}, subject_id=uuid4(), sequence=1)
    with django_capture_on_commit_callbacks(execute=True):
        drain()
    delivery_quarantined.disconnect(hear)
    assert said == [(Delivery.objects.get(), "unreadable_content")]


def test_a_failing_receiver_rolls_everything_back_and_the_delivery_waits(heard: list[Any]) -> None:
    def fail(**_: Any) -> None:
        raise RuntimeError("no case could be opened")

    help_request_submitted.connect(fail)
    done = sent()
    try:
        assert drain() == 0
        assert done.delivery.state == DeliveryState.WAITING
        assert done.delivery.tries == 1
        assert not DataKey.objects.filter(subject_id=done.visit.person_id).exists()
        assert not AuditEvent.objects.filter(verb="intake.submitted").exists()
    finally:
        help_request_submitted.disconnect(fail)
    assert drain() == 1


def test_a_delivery_that_fails_again_and_again_is_put_aside_and_can_be_put_back() -> None:
    def fail(**_: Any) -> None:
        raise RuntimeError("no case could be opened")

    help_request_submitted.connect(fail)
    done = sent()
    for _run in range(MOST_TRIES):
        drain()
    help_request_submitted.disconnect(fail)
    assert done.delivery.state == DeliveryState.QUARANTINED
    assert drain() == 0
    assert retry(done.delivery.id, by=CLEO)
    assert drain() == 1
    assert not retry(done.delivery.id, by=SYSTEM)


def test_one_poisoned_row_does_not_hold_up_the_others(heard: list[Any]) -> None:
    deliveries.deliver(DeliveryKind.REQUEST, {"request": "?"}, subject_id=uuid4(), sequence=1)
    good = [sent(), sent()]
    assert drain() == 2
    assert [request.id for request in heard] == [one.visit.help_request_id for one in good]


def test_a_process_without_the_intake_key_leaves_everything_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    done = sent()

    def not_here(*_: Any, **__: Any) -> bytes:
        raise KeyNotHeld("the worker does this")

    monkeypatch.setattr("intake.drain.boxes.open_box", not_here)
    with pytest.raises(KeyNotHeld):
        drain()
    assert done.delivery.state == DeliveryState.WAITING


def test_draining_one_person_leaves_the_others_waiting() -> None:
    one, other = sent(), sent()
    assert drain(subject_id=other.visit.person_id) == 1
    assert one.delivery.state == DeliveryState.WAITING


def test_an_answer_reaches_staff_sealed_and_the_question_knows_the_day(heard: list[Any]) -> None:
    done = sent()
    drain()
    question = ask(done.visit.help_request_id, "Is it safe to call?", by=CLEO)
    with datakeys.scope():
        done.visit.hold_conversation_key()
        actions.answer(done.visit, question.id, "Only after eight.", token="a")
    assert drain() == 1
    answer = Answer.objects.get()
    with datakeys.scope():
        assert answer.text == "Only after eight."
    assert heard[-1] == answer
    assert Message.objects.get().answered_on is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT text::text FROM intake_answer")
        assert "Only" not in cursor.fetchone()[0]


def test_somebody_elses_request_cannot_be_answered_into() -> None:
    """A box names its request inside; its subject must be that request's person."""
    theirs = received()
    mine = sent()
    drain()
    content = {"request": str(theirs.id), "message": str(uuid4()), "text": "I am well, forget about me."}
    deliveries.deliver(DeliveryKind.ANSWER, content, subject_id=mine.visit.person_id, sequence=2)
    assert drain() == 0
    assert not Answer.objects.exists()
    assert Delivery.objects.quarantined().count() == 1
