"""A stranger who asks for a challenge leaves nothing behind, and a challenge opens at most once."""

from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.core.cache import cache
from django.test import RequestFactory

from rainbowrail.accounts import passkey_challenge
from rainbowrail.accounts.models import StaffSession
from tests.clients import CarefulClient

pytestmark = pytest.mark.django_db
LOGIN, PASSKEY = "/account/login/", "/account/login/passkey/"
COOKIE = f"{settings.SESSION_COOKIE_NAME}-challenge"


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


def returning(cookie: str) -> Any:
    """A POST that brings this cookie, with a session of nobody."""
    request = RequestFactory().post(PASSKEY)
    request.COOKIES[COOKIE] = cookie
    request.session = SessionBase()
    return request


def test_asking_for_a_challenge_writes_no_session(staff_client: CarefulClient) -> None:
    for _ask in range(3):
        answer = staff_client.get(PASSKEY)
        assert answer.json()["publicKey"]["challenge"]
    assert not StaffSession.objects.exists()
    assert settings.SESSION_COOKIE_NAME not in staff_client.cookies


def test_the_challenge_lies_in_a_cookie_that_no_script_reads_and_no_other_site_sends(staff_client: CarefulClient) -> None:
    staff_client.get(PASSKEY)
    cookie = staff_client.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie["max-age"] == 300
    assert bool(cookie["secure"]) is settings.SESSION_COOKIE_SECURE


def test_a_passkey_that_does_not_open_is_told_on_the_page_and_writes_no_session(staff_client: CarefulClient) -> None:
    staff_client.get(PASSKEY)
    answer = staff_client.post(PASSKEY, {"credential": "{}", "next": "/search/"}, follow=True)
    assert "This passkey did not open. Try again, or take another way." in answer.content.decode()
    assert 'value="/search/"' in answer.content.decode()
    assert not StaffSession.objects.exists()
    assert "did not open" not in staff_client.get(LOGIN).content.decode()


def test_what_comes_back_is_the_challenge_that_was_given(staff_client: CarefulClient) -> None:
    given = staff_client.get(PASSKEY).json()["publicKey"]["challenge"]
    request = returning(staff_client.cookies[COOKIE].value)
    assert passkey_challenge.bring_back(request) == given
    assert request.session["mfa.webauthn.state"] == {"challenge": given, "user_verification": "required"}
    passkey_challenge.take_away(request)
    assert request.session.is_empty()


def test_a_cookie_that_was_made_up_or_is_too_old_brings_nothing(staff_client: CarefulClient) -> None:
    staff_client.get(PASSKEY)
    signed = staff_client.cookies[COOKIE].value
    assert passkey_challenge.bring_back(returning("made-up required")) == ""
    assert passkey_challenge.bring_back(returning("x" + signed)) == ""
    with time_machine.travel("2100-01-01"):
        assert passkey_challenge.bring_back(returning(signed)) == ""


def test_a_challenge_is_used_up_by_the_first_who_comes_in_with_it() -> None:
    assert passkey_challenge.use_up("abc")
    assert not passkey_challenge.use_up("abc")
    assert not passkey_challenge.use_up("")
