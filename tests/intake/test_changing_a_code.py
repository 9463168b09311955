"""Change of code, under the public door's own database role: the old one opens nothing, on any browser."""

import pytest

from intake import limiter
from intake.drain import drain
from intake.models import Answer, Delivery, ReturnCode, Visit
from intake.staff_actions import tell
from intake.states import DeliveryState
from rainbowrail.actors import Actor, ActorKind
from rainbowrail.audit.models import AuditEvent
from rainbowrail.crypto import return_code
from rainbowrail.crypto.errors import Busy
from tests.clients import PublicClient
from tests.factories.intake import sent
from tests.intake.coming_back import comes_back, is_refused, once_on, shown_code, takes_new_code, text_of, writes
from tests.roles import AsRole

pytestmark = pytest.mark.django_db
CLEO = Actor(ActorKind.STAFF, staff_id=1)


def test_the_new_code_opens_what_the_old_one_opened_and_the_old_one_opens_nothing(as_public: AsRole) -> None:
    done = sent()
    drain()
    tell(done.visit.help_request_id, "We are looking for a place.", by=CLEO)
    with as_public():
        new = takes_new_code(comes_back(done.code), done.code)
        assert is_refused(done.code)
        phone = comes_back(new)
        assert "We are looking for a place." in text_of(phone.get(phone.url("intake:here")))
    assert ReturnCode.objects.filter(help_request_id=done.visit.help_request_id).count() == 2


def test_sessions_that_the_old_code_opened_on_other_browsers_end(as_public: AsRole) -> None:
    done = sent()
    with as_public():
        mine, theirs = comes_back(done.code), comes_back(done.code)
        new = takes_new_code(mine, done.code)
        assert "You were away for a while" in text_of(theirs.get(theirs.url("intake:here")))
        assert theirs.post(theirs.url("intake:write"), {"text": "x", "once": "y"}).status_code == 409
        assert "Where things stand" in text_of(mine.get(mine.url("intake:here")))
        comes_back(new)


def test_staff_learn_that_the_code_was_changed_and_nothing_of_it(as_public: AsRole) -> None:
    done = sent()
    drain()
    with as_public():
        takes_new_code(comes_back(done.code), done.code)
    drain()
    verbs = list(AuditEvent.objects.filter(verb="intake.code_changed").values_list("actor_kind", flat=True))
    assert verbs == ["applicant"]
    assert not Delivery.objects.exclude(state=DeliveryState.OPENED).exists()


def test_the_present_code_is_asked_for_first(as_public: AsRole) -> None:
    done, other = sent(), sent()
    with as_public():
        browser = comes_back(done.code)
        for typed, said in [("", "25 digits"), ("12345", "Some digits are missing"), (other.code, "not the code you came in")]:
            form = {"return_code": typed, "once": once_on(browser, "intake:new_code")}
            assert said in text_of(browser.post(browser.url("intake:new_code"), form))
        comes_back(done.code)


def test_the_same_form_sent_twice_makes_one_code(as_public: AsRole) -> None:
    done = sent()
    with as_public():
        browser = comes_back(done.code)
        form = {"return_code": done.code, "once": once_on(browser, "intake:new_code")}
        browser.post(browser.url("intake:new_code"), form)
        first = shown_code(browser.get(browser.url("intake:own_code")))
        assert browser.post(browser.url("intake:new_code"), form).status_code == 302
        assert shown_code(browser.get(browser.url("intake:own_code"))) == first
        comes_back(first)


def test_the_new_code_is_shown_while_the_session_lasts_and_not_on_another_browser(as_public: AsRole) -> None:
    done = sent()
    with as_public():
        browser = comes_back(done.code)
        new = takes_new_code(browser, done.code)
        assert shown_code(browser.get(browser.url("intake:own_code"))) == new
        assert "We do not keep your code" in text_of((phone := comes_back(new)).get(phone.url("intake:own_code")))


def test_part_of_the_new_code_may_be_typed_back(as_public: AsRole) -> None:
    done = sent()
    with as_public():
        browser = comes_back(done.code)
        new = takes_new_code(browser, done.code)
        wrong = browser.post(browser.url("intake:own_code"), {"group": "00000" if new[10:15] != "00000" else "11111"})
        assert "not the third group" in text_of(wrong)
        assert browser.post(browser.url("intake:own_code"), {"group": new[10:15]}).status_code == 302
        assert "written it down well" in text_of(browser.get(browser.url("intake:own_code")))


def test_a_full_house_is_said_on_the_page_and_the_code_stays(as_public: AsRole, monkeypatch: pytest.MonkeyPatch) -> None:
    done = sent()

    def full(*_: object, **__: object) -> None:
        raise Busy

    with as_public():
        browser = comes_back(done.code)
        form = {"return_code": done.code, "once": once_on(browser, "intake:new_code")}
        with monkeypatch.context() as patch:
            patch.setattr(return_code, "derive", full)
            assert "try again in a minute" in text_of(browser.post(browser.url("intake:new_code"), form))
        with monkeypatch.context() as patch:
            patch.setattr(limiter, "allows", lambda *_, **__: False)
            assert "try again in a minute" in text_of(browser.post(browser.url("intake:new_code"), form))
        comes_back(done.code)


def test_what_is_written_unasked_reaches_staff_and_is_not_shown_again(as_public: AsRole) -> None:
    done = sent()
    drain()
    with as_public():
        browser = comes_back(done.code)
        assert writes(browser, "I moved to my aunt.").status_code == 302
        page = browser.get(browser.url("intake:here"))
        assert "You wrote to us on" in text_of(page)
        assert "aunt" not in page.content.decode()
        assert "Write your answer first" in text_of(writes(browser, "  "))
    drain()
    answer = Answer.objects.get()
    assert (answer.message, answer.text, answer.audience) == (None, "I moved to my aunt.", "person")


def test_coming_back_leaves_no_row_that_tells_how_often(as_public: AsRole) -> None:
    done = sent()
    drain()
    with as_public():
        comes_back(done.code)
        comes_back(done.code)
    assert Delivery.objects.count() == 3
    assert drain() == 2
    assert Delivery.objects.count() == 1


def test_sessions_are_of_one_size(as_public: AsRole) -> None:
    done = sent()
    with as_public():
        browser = comes_back(done.code)
        takes_new_code(browser, done.code)
    visits = Visit.objects.order_by("-id")
    sizes = {len(bytes(visit.sealed)) for visit in visits if len(bytes(visit.sealed)) > 1000}
    assert len(sizes) == 1


def test_a_page_of_codes_needs_a_session(public_client: PublicClient) -> None:
    for page in ("intake:own_code", "intake:new_code", "intake:second_code", "intake:write"):
        assert "You were away for a while" in text_of(public_client.get(public_client.url(page)))
