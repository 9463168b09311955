"""What staff do to a request: ask, tell, publish one of five words."""

from uuid import uuid4

import pytest

from intake import staff_actions
from intake.models import Message, RequestStatus
from intake.models.message import MESSAGE_MAX
from intake.states import PublicStatus
from rainbowrail.actors import APPLICANT, SYSTEM, Actor, ActorKind
from rainbowrail.audit.models import AuditEvent
from rainbowrail.errors import NotAllowed, NotPossible
from tests.factories.intake import received

pytestmark = pytest.mark.django_db
CLEO = Actor(ActorKind.STAFF, staff_id=1)


def test_a_question_changes_the_word_and_leaves_a_line_in_the_trail() -> None:
    request = received()
    message = staff_actions.ask(request.id, "  Is it safe to call?  ", by=CLEO)
    assert message.text == "Is it safe to call?"
    assert RequestStatus.objects.get(id=request.id).status == PublicStatus.QUESTION
    assert AuditEvent.objects.filter(verb="intake.asked", actor_id=1, thing_id=str(message.id)).exists()


def test_a_message_leaves_the_word_as_it_is() -> None:
    request = received()
    before = RequestStatus.objects.get(id=request.id).status
    staff_actions.tell(request.id, "We are reading.", by=CLEO)
    assert RequestStatus.objects.get(id=request.id).status == before


def test_messages_keep_their_order_within_a_day() -> None:
    request = received()
    for text in ("one", "two", "three"):
        staff_actions.tell(request.id, text, by=CLEO)
    assert [message.text for message in Message.objects.filter(help_request=request)] == ["one", "two", "three"]


@pytest.mark.parametrize("by", [APPLICANT, SYSTEM])
def test_only_staff_write_to_a_person(by: Actor) -> None:
    request = received()
    with pytest.raises(NotAllowed):
        staff_actions.ask(request.id, "Hello?", by=by)
    assert not Message.objects.exists()


@pytest.mark.parametrize("text", ["", "   ", "x" * (MESSAGE_MAX + 1)])
def test_an_empty_or_endless_message_is_refused(text: str) -> None:
    request = received()
    with pytest.raises(NotPossible):
        staff_actions.tell(request.id, text, by=CLEO)


def test_a_request_that_is_gone_takes_no_message() -> None:
    with pytest.raises(NotPossible):
        staff_actions.tell(uuid4(), "Hello?", by=CLEO)


def test_only_the_five_words_can_be_published() -> None:
    request = received()
    with pytest.raises(ValueError, match="secret"):
        staff_actions.publish_status(request.id, "secret")
    for word in PublicStatus:
        staff_actions.publish_status(request.id, word)
        assert RequestStatus.objects.get(id=request.id).status == word
