"""A second code, for when somebody is forced: the same pages with nothing on them, nothing changed, contact stopped."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from intake import access, actions
from intake.drain import drain
from intake.models import Answer, ContactStop, Delivery, Message, RequestStatus, ReturnCode, Visit
from intake.notifications import QUESTION
from intake.opened import OpenVisit
from intake.staff_actions import ask, publish_status, tell
from intake.states import Channel, PublicStatus
from rainbowrail.actors import Actor, ActorKind
from rainbowrail.audit.models import AuditEvent
from rainbowrail.crypto import datakeys, return_code, visit_secret
from rainbowrail.errors import NotPossible
from rainbowrail.notifications.kinds import Verdict
from tests.clients import PublicClient
from tests.factories.intake import Sent, ade, in_days, sent
from tests.intake.coming_back import (
    comes_back,
    is_refused,
    once_on,
    shown_code,
    takes_new_code,
    takes_second_code,
    text_of,
    writes,
)
from tests.roles import AsRole

pytestmark = pytest.mark.django_db
CLEO = Actor(ActorKind.STAFF, staff_id=1)
BY_MAIL = {
    "contact_channel": "email",
    "contact_address": "ade@example.org",
    "contact_shared_device": False,
    "contact_confirmed_on": in_days(0).isoformat(),
}
PAGES = ("intake:here", "intake:own_code", "intake:new_code", "intake:write", "intake:answered")


def two_codes(as_public: AsRole, **answers: Any) -> tuple[Sent, str]:
    """A drained request whose person has set a second code; returns what was sent, and that code."""
    done = sent(ade(**answers))
    drain()
    with as_public():
        second = takes_second_code(comes_back(done.code), done.code)
    drain()
    return done, second


def rows_of(done: Sent) -> list[ReturnCode]:
    return list(ReturnCode.objects.filter(help_request_id=done.visit.help_request_id))


def without_marks(response: Any) -> str:
    """The page without its random marks."""
    return re.sub(r'name="(once|csrfmiddlewaretoken)" value="[^"]*"', "", response.content.decode())


def session_of(browser: PublicClient) -> Visit:
    """The row of this browser's session; others lie beside it."""
    secret = browser.cookies[settings.VISIT_COOKIE_NAME].value.split(":")[0]
    return Visit.objects.get(visit_hash=visit_secret.hash_of(secret))


def shapes(queries: CaptureQueriesContext) -> list[str]:
    """What was asked of the database, without the values."""
    return [re.sub(r"'[^']*'|::\w+|\b\d+\b|\"s\d+_x\d+\"", "?", query["sql"]) for query in queries]


# --- what it opens ---


def test_it_opens_a_received_page_with_nothing_on_it(as_public: AsRole) -> None:
    done, second = two_codes(as_public)
    tell(done.visit.help_request_id, "We booked a flight.", by=CLEO)
    publish_status(done.visit.help_request_id, PublicStatus.SUPPORT)
    with as_public():
        page = text_of((forced := comes_back(second)).get(forced.url("intake:here")))
        assert "Received" in page
        assert "We have not written to you yet" in page
        assert "flight" not in page
        assert "before you had this code" not in page
        own = text_of((free := comes_back(done.code)).get(free.url("intake:here")))
        assert "We booked a flight." in own
        assert "Support under way" in own


def test_a_message_of_the_real_page_is_not_found_behind_it(as_public: AsRole) -> None:
    done, second = two_codes(as_public)
    question = ask(done.visit.help_request_id, "Is it safe to call?", by=CLEO)
    with as_public():
        forced = comes_back(second)
        assert forced.get(forced.url("intake:answer", question.id)).status_code == 404
        assert forced.post(forced.url("intake:answer", question.id), {"text": "x", "once": "y"}).status_code == 404


def test_every_page_is_the_page_of_somebody_to_whom_we_have_not_written(as_public: AsRole) -> None:
    done, second = two_codes(as_public)
    with as_public():
        free, forced = comes_back(done.code), comes_back(second)
        for page in PAGES:
            assert without_marks(free.get(free.url(page))) == without_marks(forced.get(forced.url(page))), page
        for browser in (free, forced):
            assert browser.get(browser.url("intake:second_code")).headers["Location"] == browser.url("intake:own_code")
            assert "second" not in text_of(browser.get(browser.url("intake:own_code")))
        answers = [without_marks(writes(browser, "Hello")) for browser in (free, forced)]
        assert answers[0] == answers[1]
        pages = [without_marks(browser.get(browser.url("intake:here"))) for browser in (free, forced)]
        assert pages[0] == pages[1]


def test_both_codes_of_somebody_who_filed_for_another_show_one_page(as_public: AsRole) -> None:
    done, second = two_codes(as_public, submitter="friend")
    with as_public():
        pages = [without_marks(browser.get(browser.url("intake:here"))) for browser in map(comes_back, (done.code, second))]
    assert "Thank you for writing to us for somebody else" in pages[0]
    assert pages[0] == pages[1]


def test_it_accepts_everything_and_changes_nothing(as_public: AsRole) -> None:
    done, second = two_codes(as_public)
    before = (
        list(RequestStatus.objects.values()),
        list(Message.objects.values("id")),
        sorted(bytes(row.wrapped) for row in rows_of(done) if opens(done.code, row)),
    )
    with as_public():
        forced = comes_back(second)
        assert writes(forced, "I take everything back.").status_code == 302
        changed = takes_new_code(forced, second)
        assert is_refused(second)
        page = text_of((again := comes_back(changed)).get(again.url("intake:here")))
        assert "We have not written to you yet" in page
        assert "Where things stand" in text_of((free := comes_back(done.code)).get(free.url("intake:here")))
    drain()
    assert not Answer.objects.exists()
    assert before == (
        list(RequestStatus.objects.values()),
        list(Message.objects.values("id")),
        sorted(bytes(row.wrapped) for row in rows_of(done) if opens(done.code, row)),
    )
    assert not AuditEvent.objects.filter(verb="intake.code_changed").exists()


def opens(code: str, row: ReturnCode) -> bool:
    return row.locator_hash == return_code.derive(code).locator_hash


# --- which of the two it is ---


def test_neither_the_rows_nor_a_dump_of_their_table_tell_which_is_which(as_public: AsRole) -> None:
    plain, (done, _second) = sent(), two_codes(as_public)
    for pair in (rows_of(plain), rows_of(done)):
        assert len(pair) == 2
        assert len({len(bytes(row.wrapped)) for row in pair}) == 1
        assert len({bytes(row.wrapped)[:1] for row in pair}) == 1
        assert len({(row.pepper_version, row.params_version, row.audience, len(row.locator_hash)) for row in pair}) == 1
    assert {len(bytes(row.wrapped)) for row in rows_of(plain)} == {len(bytes(row.wrapped)) for row in rows_of(done)}
    told = {field.name for field in ReturnCode._meta.concrete_fields}
    assert told == {"id", "help_request", "audience", "locator_hash", "pepper_version", "params_version", "wrapped"}


@pytest.mark.django_db(transaction=True)
def test_both_rows_are_always_written_together_and_never_locked_or_changed_in_place(as_public: AsRole) -> None:
    """`xmin` and `xmax`, which PostgreSQL keeps with each row, are what a stolen disk tells beyond the columns."""

    def traces() -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT xmin::text, xmax::text FROM intake_returncode")
            return list(cursor.fetchall())

    done = sent()
    drain()
    browser = PublicClient()
    with as_public():
        writes(comes_back(done.code, browser), "Hello")
    assert len(traces()) == 2
    assert len(set(traces())) == 1
    with as_public():
        second = takes_second_code(browser, done.code)
    assert len(set(traces())) == 1
    with as_public():
        writes(comes_back(second), "Hello")
        takes_new_code(browser, done.code)
    assert len(set(traces())) == 1
    assert {xmax for _xmin, xmax in traces()} == {"0"}


@pytest.mark.django_db(transaction=True)
def test_the_order_in_which_the_rows_lie_is_random(as_public: AsRole) -> None:
    first = {rows_of(done)[0].locator_hash == done.visit.locator_hash for done in (sent() for _ in range(12))}
    assert first == {True, False}


def test_both_codes_ask_the_same_of_database_and_processor(as_public: AsRole, monkeypatch: pytest.MonkeyPatch) -> None:
    done, second = two_codes(as_public)
    stretched: list[str] = []
    stretch = return_code.stretch
    monkeypatch.setattr(return_code, "stretch", lambda digits, pepper: stretched.append(digits) or stretch(digits, pepper))
    asked: dict[str, list[list[str]]] = {}
    with as_public():
        for code in (done.code, second):
            browser = PublicClient()
            asked[code] = []
            with CaptureQueriesContext(connection) as queries:
                comes_back(code, browser)
            asked[code].append(shapes(queries))
            for page in PAGES:
                with CaptureQueriesContext(connection) as queries:
                    browser.get(browser.url(page))
                asked[code].append(shapes(queries))
            with CaptureQueriesContext(connection) as queries:
                writes(browser, "Hello")
            asked[code].append(shapes(queries))
            with CaptureQueriesContext(connection) as queries:
                takes_new_code(browser, code)
            asked[code].append(shapes(queries))
    assert asked[done.code] == asked[second]
    assert stretched.count(done.code) == stretched.count(second) == 2


def test_deliveries_and_sessions_of_both_are_of_one_size(as_public: AsRole) -> None:
    done, second = two_codes(as_public)
    sizes: dict[str, list[int]] = {}
    for code in (done.code, second):
        with as_public():
            browser = comes_back(code)
            writes(browser, "Is anybody there?")
            takes_new_code(browser, code)
        boxes = Delivery.objects.waiting().in_order_of_arrival()
        sizes[code] = [len(bytes(row.box)) for row in boxes]
        sizes[code] += [len(bytes(session_of(browser).sealed))]
        drain()
    assert sizes[done.code] == sizes[second]
    assert len(sizes[second]) == 4


# --- what it does ---


def test_contact_stops_and_the_reason_is_sealed(as_public: AsRole) -> None:
    done, second = two_codes(as_public)
    with as_public():
        comes_back(second)
    drain()
    stop = ContactStop.objects.get(help_request_id=done.visit.help_request_id)
    assert stop.told["why"] == "duress"
    with connection.cursor() as cursor:
        cursor.execute("SELECT s::text FROM intake_contactstop AS s")
        assert "duress" not in str(cursor.fetchall())
    assert not AuditEvent.objects.filter(verb__contains="duress").exists()
    assert AuditEvent.objects.filter(verb="intake.contact_stopped").count() == 1


def test_no_notice_goes_out_while_contact_is_stopped(as_public: AsRole) -> None:
    done, second = two_codes(as_public, **BY_MAIL)
    kind = QUESTION[Channel.EMAIL]
    with datakeys.scope():
        assert kind.may_send_now(done.visit.help_request_id).verdict is Verdict.NOW
    with as_public():
        comes_back(second)
    drain()
    mail.outbox.clear()
    with datakeys.scope():
        decision = kind.may_send_now(done.visit.help_request_id)
    assert (decision.verdict, decision.reason_code) == (Verdict.NEVER, "contact_stopped")


def test_being_forced_again_is_one_stop_with_a_later_day(as_public: AsRole) -> None:
    done, second = two_codes(as_public)
    with as_public():
        comes_back(second)
    drain()
    with as_public():
        writes(comes_back(second), "again")
    drain()
    assert ContactStop.objects.filter(help_request_id=done.visit.help_request_id).count() == 1


def test_what_was_done_behind_it_leaves_no_delivery_behind(as_public: AsRole) -> None:
    done, second = two_codes(as_public)
    rows = Delivery.objects.filter(subject_id=done.visit.person_id).count()
    with as_public():
        forced = comes_back(second)
        writes(forced, "x")
        takes_new_code(forced, second)
    assert drain() == 3
    assert Delivery.objects.filter(subject_id=done.visit.person_id).count() == rows


def test_typing_the_persons_own_code_stops_nothing(as_public: AsRole) -> None:
    done, _second = two_codes(as_public)
    with as_public():
        writes(comes_back(done.code), "I am well.")
    drain()
    assert not ContactStop.objects.exists()


# --- setting it ---


def test_it_is_set_once_and_no_page_speaks_of_it_again(as_public: AsRole) -> None:
    done = sent()
    with as_public():
        browser = comes_back(done.code)
        assert "second code" in text_of(browser.get(browser.url("intake:own_code")))
        second = takes_second_code(browser, done.code)
        assert shown_code(browser.get(browser.url("intake:second_code"))) == second
        again = comes_back(done.code)
        assert "second" not in text_of(again.get(again.url("intake:own_code")))
        token = {"return_code": done.code, "once": "z"}
        assert again.post(again.url("intake:second_code"), token).headers["Location"] == again.url("intake:own_code")


def test_a_second_one_cannot_be_set_behind_the_pages_back(as_public: AsRole) -> None:
    done, second = two_codes(as_public)
    with as_public(), datakeys.scope():
        for code in (done.code, second):
            visit = access.open_by_code(code)
            assert isinstance(visit, OpenVisit)
            with pytest.raises(NotPossible, match="already"):
                actions.codes.set_second_code(visit, return_code.derive(code), token="t")


def test_the_present_code_is_asked_for_before_a_second_one_is_made(as_public: AsRole) -> None:
    done = sent()
    with as_public():
        browser = comes_back(done.code)
        form = {"return_code": return_code.make(), "once": once_on(browser, "intake:second_code")}
        assert "not the code you came in with" in text_of(browser.post(browser.url("intake:second_code"), form))


def test_the_second_code_outlives_a_change_of_the_first(as_public: AsRole) -> None:
    done, second = two_codes(as_public)
    with as_public():
        new = takes_new_code(comes_back(done.code), done.code)
        assert "not written to you yet" in text_of((forced := comes_back(second)).get(forced.url("intake:here")))
        comes_back(new)
        assert is_refused(done.code)


def test_its_row_holds_no_key_of_the_conversation(as_public: AsRole) -> None:
    done, second = two_codes(as_public)
    tell(done.visit.help_request_id, "Hello.", by=CLEO)
    with as_public(), datakeys.scope():
        visit = access.open_by_code(second)
    assert isinstance(visit, OpenVisit)
    assert visit.duress
    assert not visit.opens(Message.objects.get())
    assert visit.conversation["key"] != done.visit.conversation["key"]
