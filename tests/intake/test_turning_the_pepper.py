"""Two live peppers: who comes back is moved to the newer one, and nothing in the table tells who came back."""

from collections.abc import Callable
from typing import Any

import pytest

from intake.drain import drain
from intake.models import ReturnCode
from rainbowrail.crypto import keyring, return_code
from rainbowrail.crypto.sources.files import Kind
from tests.factories.intake import Sent, draft, sent
from tests.intake.coming_back import comes_back, takes_new_code, takes_second_code, text_of
from tests.roles import AsRole

pytestmark = pytest.mark.django_db


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`live(1, 2)`: these peppers are in the key folder."""
    real = keyring.secret

    def secret(kind: Kind, number: Any) -> bytes:
        return b"\7" * 32 if (kind, int(number)) == (Kind.PEPPER, 2) else real(kind, number)

    monkeypatch.setattr(keyring, "secret", secret)
    return lambda *versions: monkeypatch.setattr(return_code, "pepper_versions", lambda: list(versions))


def versions_of(done: Sent) -> list[int]:
    rows = ReturnCode.objects.filter(help_request_id=done.visit.help_request_id)
    return sorted(rows.values_list("pepper_version", flat=True))


def test_at_its_next_use_a_code_is_closed_under_the_newer_pepper_and_works_without_the_older(
    as_public: AsRole, live: Callable[..., None]
) -> None:
    done = sent()
    drain()
    live(1, 2)
    with as_public():
        comes_back(done.code)
    assert versions_of(done) == [2, 2]
    live(2)
    with as_public():
        browser = comes_back(done.code)
        assert "Where things stand" in text_of(browser.get(browser.url("intake:here")))


def test_who_did_not_come_back_is_still_found_while_both_are_live(as_public: AsRole, live: Callable[..., None]) -> None:
    done = sent()
    live(1, 2)
    assert versions_of(done) == [1, 1]
    with as_public():
        comes_back(done.code)


@pytest.mark.parametrize("uses", ["own", "second"])
def test_where_a_second_code_is_set_both_rows_say_the_older_pepper_whichever_was_used(
    uses: str, as_public: AsRole, live: Callable[..., None]
) -> None:
    done = sent()
    with as_public():
        second = takes_second_code(comes_back(done.code), done.code)
    live(1, 2)
    with as_public():
        comes_back(done.code if uses == "own" else second)
    assert versions_of(done) == [1, 1]
    with as_public():
        comes_back(done.code)
        comes_back(second)
    live(2)
    with as_public():
        comes_back(done.code)
        page = text_of((forced := comes_back(second)).get(forced.url("intake:here")))
    assert "not written to you yet" in page


def test_a_code_can_be_changed_while_the_pepper_turns(as_public: AsRole, live: Callable[..., None]) -> None:
    done = sent()
    live(1, 2)
    with as_public():
        new = takes_new_code(comes_back(done.code), done.code)
        comes_back(new)


def test_a_draft_made_before_is_opened_and_sent_while_the_pepper_turns(as_public: AsRole, live: Callable[..., None]) -> None:
    opened = draft()
    live(1, 2)
    with as_public():
        browser = comes_back(opened.code)
        browser.post(browser.url("intake:send"))
        comes_back(opened.code)
