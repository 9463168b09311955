"""Delete everything: the page says what happens when, asks for the code, and then nothing opens any more."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from cases.models import Case, ErasurePlan
from cases.states import CaseState
from intake.drain import drain
from intake.models import Delivery
from rainbowrail.crypto import return_code
from tests.clients import PublicClient
from tests.factories.intake import Sent, ade, sent
from tests.intake.coming_back import comes_back, is_refused, takes_second_code, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def done() -> Sent:
    done = sent()
    drain()
    return done


def asks(browser: PublicClient, code: str) -> object:
    return browser.post(browser.url("intake:delete_all"), {"return_code": code})


def test_the_page_names_the_days(done: Sent) -> None:
    browser = comes_back(done.code)
    page = text_of(browser.get(browser.url("intake:delete_all")))
    for days in (7, 7 + 35, 7 + 90):
        assert date_format(timezone.localdate() + timedelta(days=days), "DATE_FORMAT") in page


def test_with_the_code_everything_is_closed_at_once_and_erased_after_a_week(done: Sent) -> None:
    browser = comes_back(done.code)
    response = asks(browser, done.code)
    assert response.headers["Location"] == browser.url("intake:gone")  # type: ignore[attr-defined]
    assert "opens nothing any more" in text_of(browser.get(browser.url("intake:gone")))
    assert is_refused(done.code)
    drain()
    case = Case.objects.get(help_request_id=done.visit.help_request_id)
    assert case.state == CaseState.CLOSED
    assert ErasurePlan.objects.get(case=case).due_on == timezone.localdate() + timedelta(days=7)


@pytest.mark.parametrize("typed", ["", "12345", "another"])
def test_without_the_right_code_nothing_happens(done: Sent, typed: str) -> None:
    browser = comes_back(done.code)
    typed = return_code.make() if typed == "another" else typed
    assert asks(browser, typed).status_code == 200  # type: ignore[attr-defined]
    assert browser.get(browser.url("intake:here")).status_code == 200
    comes_back(done.code)


def test_behind_a_second_code_it_looks_the_same_and_deletes_nothing(done: Sent) -> None:
    second = takes_second_code(comes_back(done.code), done.code)
    drain()
    forced, free = comes_back(second), comes_back(done.code)
    pages = [text_of(browser.get(browser.url("intake:delete_all"))) for browser in (forced, free)]
    assert pages[0] == pages[1]
    assert asks(forced, second).headers["Location"] == forced.url("intake:gone")  # type: ignore[attr-defined]
    drain()
    assert is_refused(second)
    assert Case.objects.get(help_request_id=done.visit.help_request_id).state == CaseState.RECEIVED
    comes_back(done.code)


def test_who_filed_for_somebody_else_is_told_who_may() -> None:
    friend = sent(ade(submitter="friend"))
    drain()
    browser = comes_back(friend.code)
    assert "Delete everything" not in text_of(browser.get(browser.url("intake:here")))
    response = browser.get(browser.url("intake:delete_all"))
    assert response.status_code == 409
    assert "Only the person you wrote for" in text_of(response)


@pytest.mark.parametrize("of_the_second_code", [False, True])
def test_pressed_twice_it_ends_on_the_same_page(done: Sent, settings: Any, of_the_second_code: bool) -> None:
    code = done.code
    if of_the_second_code:
        code = takes_second_code(comes_back(done.code), done.code)
    drain()
    browser = comes_back(code)
    cookie = browser.cookies[settings.VISIT_COOKIE_NAME].value
    asks(browser, code)
    waiting = Delivery.objects.count()
    # The second press of a double click carries the cookie from before the first was answered.
    browser.cookies[settings.VISIT_COOKIE_NAME] = cookie
    again = asks(browser, code)
    assert again.headers["Location"] == browser.url("intake:gone")  # type: ignore[attr-defined]
    assert again.cookies[settings.VISIT_COOKIE_NAME].value == ""  # type: ignore[attr-defined]
    assert Delivery.objects.count() == waiting
    browser.cookies[settings.VISIT_COOKIE_NAME] = cookie
    assert browser.get(browser.url("intake:here")).headers["Location"] == browser.url("intake:gone")
    browser.cookies[settings.VISIT_COOKIE_NAME] = cookie
    assert "You were away" in text_of(browser.get(browser.url("intake:step", "s05"))), "a draft was never sent here"
