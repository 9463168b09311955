"""Codes that staff make: for a lost one, and for somebody whose friend filed for them."""

import pytest

from intake.drain import drain
from intake.models import Answer, HelpRequest, Message, RequestStatus, ReturnCode
from intake.staff_actions import ask, audiences_of, publish_status, tell
from intake.staff_codes import lift_stop, make_code, stop_contact
from intake.states import Audience, PublicStatus, StopReason
from rainbowrail.actors import APPLICANT, Actor, ActorKind
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.grants import set_visitor
from rainbowrail.crypto.models import DataKey
from rainbowrail.errors import NotAllowed, NotPossible
from tests.factories.intake import ade, sent
from tests.intake.coming_back import comes_back, is_refused, once_on, shown_code, text_of, writes
from tests.roles import AsRole

pytestmark = pytest.mark.django_db
CLEO = Actor(ActorKind.STAFF, staff_id=1)


# --- lost ---


def test_a_new_code_opens_later_messages_only_and_the_old_one_opens_nothing(as_public: AsRole) -> None:
    done = sent()
    drain()
    tell(done.visit.help_request_id, "Said before.", by=CLEO)
    code = make_code(done.visit.help_request_id, Audience.PERSON, by=CLEO)
    tell(done.visit.help_request_id, "Said after.", by=CLEO)
    with as_public():
        assert is_refused(done.code)
        browser = comes_back(code)
        own = change_at_first_use(browser)
        page = text_of(browser.get(browser.url("intake:here")))
        assert "Said after." in page
        assert "Said before." not in page
        assert "before you had this code" in page
        assert is_refused(code)
        comes_back(own)
    versions = DataKey.objects.filter(subject_id=done.visit.person_id, compartment=Compartment.CONVERSATION)
    assert sorted(versions.values_list("version", flat=True)) == [1, 2]
    assert {message.text for message in Message.objects.all()} == {"Said before.", "Said after."}


def change_at_first_use(browser: object) -> str:
    form = {"once": once_on(browser, "intake:new_code")}  # type: ignore[arg-type]
    response = browser.post(browser.url("intake:new_code"), form)  # type: ignore[attr-defined]
    assert response.status_code == 302
    return shown_code(browser.get(browser.url("intake:own_code")))  # type: ignore[attr-defined]


def test_until_it_is_changed_no_other_page_opens_with_it(as_public: AsRole) -> None:
    done = sent()
    drain()
    code = make_code(done.visit.help_request_id, Audience.PERSON, by=CLEO)
    with as_public():
        browser = comes_back(code)
        for page in ("intake:here", "intake:write", "intake:own_code", "intake:second_code", "intake:answered"):
            assert browser.get(browser.url(page)).headers["Location"] == browser.url("intake:new_code"), page
        assert "made by a person on our team" in text_of(browser.get(browser.url("intake:new_code")))
        assert browser.get(browser.url("intake:leave")).status_code == 200
        change_at_first_use(browser := comes_back(code))
        assert "Where things stand" in text_of(browser.get(browser.url("intake:here")))


def test_a_question_of_the_older_code_is_not_announced(as_public: AsRole) -> None:
    done = sent()
    drain()
    ask(done.visit.help_request_id, "Where are you?", by=CLEO)
    code = make_code(done.visit.help_request_id, Audience.PERSON, by=CLEO)
    with as_public():
        browser = comes_back(code)
        change_at_first_use(browser)
        page = text_of(browser.get(browser.url("intake:here")))
    assert "Being read" in page
    assert "A question for you" not in page


def test_a_code_of_staff_looks_like_any_other_in_the_table() -> None:
    done, other = sent(), sent()
    drain()
    make_code(done.visit.help_request_id, Audience.PERSON, by=CLEO)
    sizes = {len(bytes(row.wrapped)) for row in ReturnCode.objects.all()}
    assert len(sizes) == 1
    assert ReturnCode.objects.filter(help_request_id=done.visit.help_request_id).count() == 2
    assert ReturnCode.objects.filter(help_request_id=other.visit.help_request_id).count() == 2


def test_only_staff_make_a_code_for_somebody() -> None:
    done = sent()
    drain()
    with pytest.raises(NotAllowed):
        make_code(done.visit.help_request_id, Audience.PERSON, by=APPLICANT)
    with pytest.raises(NotPossible):
        make_code(done.visit.person_id, Audience.PERSON, by=CLEO)


def test_a_lost_code_of_a_draft_cannot_be_replaced_and_the_page_says_so(as_public: AsRole) -> None:
    with as_public():
        browser = comes_back(sent().code)
        page = text_of(browser.get(browser.url("intake:back")))
    assert "nobody can open it any more" in page


# --- filed by a friend or partner ---


def filed_for_another(submitter: str = "friend") -> tuple[HelpRequest, str]:
    done = sent(ade(submitter=submitter))
    drain()
    return done.request, done.code


@pytest.mark.parametrize("submitter", ["friend", "partner"])
def test_who_filed_reads_received_and_what_is_written_to_them(submitter: str, as_public: AsRole) -> None:
    request, code = filed_for_another(submitter)
    assert audiences_of(request) == [Audience.FILER]
    message = tell(request.id, "Thank you for writing for him.", by=CLEO)
    publish_status(request.id, PublicStatus.SUPPORT)
    with as_public():
        browser = comes_back(code)
        page = text_of(browser.get(browser.url("intake:here")))
    assert message.audience == Audience.FILER
    assert "Thank you for writing for him." in page
    assert "Received" in page
    assert "Support under way" not in page


def test_the_person_gets_a_code_and_a_conversation_of_their_own(as_public: AsRole) -> None:
    request, code = filed_for_another()
    with pytest.raises(NotPossible, match="no return code"):
        tell(request.id, "To you alone.", by=CLEO, to=Audience.PERSON)
    own = make_code(request.id, Audience.PERSON, by=CLEO)
    tell(request.id, "To you alone.", by=CLEO)
    tell(request.id, "To the friend.", by=CLEO, to=Audience.FILER)
    publish_status(request.id, PublicStatus.SUPPORT)
    with as_public():
        theirs, mine = comes_back(code), comes_back(own)
        change_at_first_use(mine)
        friend_reads = text_of(theirs.get(theirs.url("intake:here")))
        person_reads = text_of(mine.get(mine.url("intake:here")))
    assert "To the friend." in friend_reads
    assert "To you alone." not in friend_reads
    assert "To you alone." in person_reads
    assert "To the friend." not in person_reads
    assert "Support under way" in person_reads
    assert ReturnCode.objects.filter(help_request=request).count() == 4


def test_the_database_shows_neither_the_rows_of_the_other(as_public: AsRole) -> None:
    request, _code = filed_for_another()
    make_code(request.id, Audience.PERSON, by=CLEO)
    tell(request.id, "To you alone.", by=CLEO)
    friends = ReturnCode.objects.filter(help_request=request, audience=Audience.FILER).values_list("locator_hash", flat=True)
    for locator_hash in list(friends):
        with as_public():
            set_visitor(locator_hash=locator_hash)
            assert not Message.objects.exists()
            assert not RequestStatus.objects.exists()


def test_what_the_friend_writes_is_kept_as_the_friends_words(as_public: AsRole) -> None:
    request, code = filed_for_another()
    question = ask(request.id, "Does he have a phone?", by=CLEO)
    with as_public():
        browser = comes_back(code)
        page = browser.url("intake:answer", question.id)
        assert browser.post(page, {"text": "Not any more.", "once": "a"}).status_code == 302
        writes(browser, "He was taken.")
    drain()
    assert {answer.audience for answer in Answer.objects.all()} == {"filer"}
    assert Answer.objects.count() == 2


def test_a_new_code_for_the_friend_leaves_the_persons_alone(as_public: AsRole) -> None:
    request, old = filed_for_another()
    own = make_code(request.id, Audience.PERSON, by=CLEO)
    new = make_code(request.id, Audience.FILER, by=CLEO)
    with as_public():
        assert is_refused(old)
        comes_back(own)
        comes_back(new)


# --- contact ---


def test_staff_stop_contact_and_allow_it_again() -> None:
    request = sent().request
    drain()
    stop_contact(request, StopReason.STAFF, by=CLEO, reason="Her brother answered.")
    stop = lift_stop(request.id, by=CLEO, reason="She wrote herself.")
    assert stop.told == {"why": "staff", "reason": "Her brother answered.", "lifted": "She wrote herself."}
    with pytest.raises(NotPossible, match="not stopped"):
        lift_stop(request.id, by=CLEO, reason="again")


def test_duress_outweighs_what_staff_noted_before() -> None:
    request = sent().request
    drain()
    stop_contact(request, StopReason.STAFF, by=CLEO, reason="Odd call.")
    assert stop_contact(request, StopReason.DURESS, by=APPLICANT).told["why"] == "duress"
    assert stop_contact(request, StopReason.STAFF, by=CLEO, reason="x").told["why"] == "duress"
