"""Budgets protect processor time, also without Redis, and know nobody."""

from typing import Any

import pytest
import redis as redis_client
import time_machine
from django.conf import settings

from intake import limiter
from intake.limiter import Budget, allows

FEW = Budget("few", a_minute=3, alone=2)


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "_alone", limiter._Alone())
    monkeypatch.setattr(limiter, "_rest_until", 0.0)
    limiter._client.cache_clear()


@pytest.fixture
def no_redis(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A Redis that refuses; counts how often it was asked."""
    asked: list[int] = []

    class Gone:
        def pipeline(self, **_: Any) -> Any:
            asked.append(1)
            raise redis_client.ConnectionError("gone")

        set = get = pipeline

    monkeypatch.setattr(limiter, "_client", Gone)
    return asked


def test_a_budget_is_spent_and_comes_back_in_the_next_minute(redis: redis_client.Redis) -> None:
    with time_machine.travel("2026-11-21T12:00:10Z", tick=False) as clock:
        assert [allows(FEW) for _ in range(5)] == [True, True, True, False, False]
        clock.shift(60)
        assert allows(FEW)


def test_visitors_have_budgets_of_their_own(redis: redis_client.Redis) -> None:
    with time_machine.travel("2026-11-21T12:00:10Z", tick=False):
        assert [allows(FEW, visitor="a" * 64) for _ in range(4)] == [True, True, True, False]
        assert allows(FEW, visitor="b" * 64)


def test_redis_holds_nothing_but_counters_and_a_salt_under_limit(redis: redis_client.Redis) -> None:
    allows(FEW)
    allows(FEW, visitor="c" * 64)
    keys = redis.keys("*")
    assert keys
    assert all(key.startswith(b"limit:") for key in keys)
    assert not any(b"c" * 64 in key for key in keys)
    assert all(0 < redis.ttl(key) <= limiter.SALT_SECONDS for key in keys)


def test_a_visitors_name_is_another_under_tomorrows_salt(redis: redis_client.Redis) -> None:
    with time_machine.travel("2026-11-21T12:00:00Z", tick=False):
        today = limiter._masked("a" * 64)
        assert limiter._masked("a" * 64) == today
    with time_machine.travel("2026-11-22T12:00:00Z", tick=False):
        assert limiter._masked("a" * 64) != today


def test_without_redis_each_process_counts_for_itself(no_redis: list[int]) -> None:
    with time_machine.travel("2026-11-21T12:00:10Z", tick=False) as clock:
        assert [allows(FEW) for _ in range(3)] == [True, True, False]
        clock.shift(60)
        assert allows(FEW)


def test_a_redis_that_is_gone_is_left_alone_for_a_while(no_redis: list[int]) -> None:
    for _ in range(10):
        allows(Budget("many", a_minute=1000, alone=1000))
    assert len(no_redis) == 1


def test_no_address_ever_reaches_the_limiter() -> None:
    source = (settings.BASE_DIR / "intake").rglob("*.py")
    assert not [path for path in source if "REMOTE_ADDR" in path.read_text() or "FORWARDED" in path.read_text()]
