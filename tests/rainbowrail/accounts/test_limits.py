"""The limits of sign-in: many tries at once are no more than one after another, and without Redis everybody still gets in."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse

from rainbowrail.accounts import limits
from rainbowrail.accounts.limits import Limit, TooSoon
from rainbowrail.accounts.models import User
from rainbowrail.panic import freeze
from rainbowrail.web import cache as alone
from tests.clients import CarefulClient
from tests.factories.accounts import PASSWORD, code_now, enrol_app

LOGIN = "/account/login/"
SECOND = "/account/second-factor/authenticate/"
NOBODY_THERE = {"default": {"BACKEND": "rainbowrail.web.cache.RedisOrAlone", "LOCATION": "redis://127.0.0.1:9/0"}}
LIMIT = Limit("trial", free=5, alone=2, longest=60)


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def without_redis(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(alone, "_rest_until", 0.0)
    settings.CACHES = NOBODY_THERE
    cache.clear()
    yield
    cache.clear()


def passes(account: object) -> bool:
    try:
        LIMIT.take(account)
    except TooSoon:
        return False
    return True


def sign_in(client: CarefulClient, person: User, password: str = PASSWORD) -> Any:
    return client.post(LOGIN, {"login": person.email, "password": password})


def test_many_tries_at_once_are_no_more_than_one_after_another() -> None:
    with ThreadPoolExecutor(20) as pool:
        passed = list(pool.map(passes, ["ada"] * 100))
    assert passed.count(True) == LIMIT.free + 1  # the next one after the free ones opens the wait


def test_what_was_refused_does_not_make_the_wait_longer() -> None:
    with time_machine.travel("2026-11-21 10:00:00 +0000", tick=False) as clock:
        assert [passes("ada") for _ in range(30)] == [True] * 6 + [False] * 24
        clock.shift(3)
        assert passes("ada")
        with pytest.raises(TooSoon) as refused:
            LIMIT.take("ada")
        assert refused.value.wait == 4


@pytest.mark.usefixtures("without_redis")
def test_without_redis_one_signs_in_confirms_and_begins_the_panic_plan(staff_client: CarefulClient, dana: User) -> None:
    secret = enrol_app(dana)
    with time_machine.travel("2026-11-21 10:00:00 +0000", tick=False) as clock:
        assert sign_in(staff_client, dana).headers["Location"] == SECOND
        assert staff_client.post(SECOND, {"code": code_now(secret)}).status_code == 302
        clock.shift(11 * 60)
        begin = reverse("panic:begin")
        assert staff_client.post(begin, {"why": "account"}).headers["Location"].startswith(reverse("account_confirm"))
        assert staff_client.post(reverse("account_confirm"), {"code": code_now(secret)}).status_code == 302
        assert staff_client.post(begin, {"why": "account"}).headers["Location"] == reverse("panic:plan")
    assert freeze.in_force()


@pytest.mark.usefixtures("without_redis")
def test_without_redis_a_code_still_works_once(staff_client: CarefulClient, cleo: User) -> None:
    secret = enrol_app(cleo)
    with time_machine.travel("2026-11-21 10:00:00 +0000", tick=False):
        for opens in (True, False):
            sign_in(staff_client, cleo)
            staff_client.post(SECOND, {"code": code_now(secret)})
            assert ("_auth_user_id" in staff_client.session) is opens
            staff_client.post("/account/logout/")


@pytest.mark.usefixtures("without_redis")
def test_without_redis_guessing_is_slower_still_and_locks_nobody_out(staff_client: CarefulClient, cleo: User) -> None:
    with time_machine.travel("2026-11-21 10:00:00 +0000", tick=False) as clock:
        answers = [sign_in(staff_client, cleo, "wrong").status_code for _ in range(5)]
        assert answers == [200] * (limits.PASSWORDS.alone + 1) + [429] * 2
        clock.shift(61)
        assert sign_in(staff_client, cleo).status_code == 302


@pytest.mark.usefixtures("without_redis")
def test_without_redis_a_flood_over_many_accounts_meets_a_smaller_budget(staff_client: CarefulClient) -> None:
    with time_machine.travel("2026-11-21 10:00:00 +0000", tick=False) as clock:
        for _ in range(limits.BUDGET_ALONE):
            limits.take_from_budget()
        with pytest.raises(TooSoon):
            limits.take_from_budget()
        clock.shift(10)
        limits.take_from_budget()


@pytest.mark.usefixtures("without_redis")
def test_a_redis_that_is_away_is_asked_once_in_five_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr("rainbowrail.web.logs.failure", lambda name, error: said.append(name))
    monkeypatch.setattr(alone, "_rest_until", 0.0)
    for _ in range(3):
        cache.add("word", 1)
    assert said == ["cache_away"] and alone.is_alone()
    monkeypatch.setattr(alone, "_rest_until", 0.0)
    assert cache.get("word") == 1 and said == ["cache_away"] * 2


def test_a_redis_that_goes_away_while_one_counts_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """The entry was made in Redis, and the memory of this process does not know it."""
    monkeypatch.setattr(cache, "incr", lambda key: (_ for _ in ()).throw(ValueError(key)), raising=False)
    limits.take_from_budget()


def test_with_redis_there_nothing_is_kept_in_the_process(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alone, "_rest_until", 0.0)
    settings.CACHES = {"default": {**NOBODY_THERE["default"], "LOCATION": settings.REDIS_URL, "KEY_PREFIX": "limits-test"}}
    cache.delete_many(["sum", "word"])
    cache.add("sum", 0, timeout=60)
    assert [cache.incr("sum"), cache.incr("sum"), cache.decr("sum")] == [1, 2, 1]
    cache.set("word", 1.5, timeout=60)
    assert cache.get_many(["sum", "word"]) == {"sum": 1, "word": 1.5} and cache.has_key("word")
    assert not alone.is_alone()
    monkeypatch.setattr(alone, "_rest_until", float("inf"))
    assert cache.get("word") is None
    monkeypatch.setattr(alone, "_rest_until", 0.0)
    cache.delete_many(["sum", "word"])
