"""Budgets that protect processor time. They never lock a code out and never know an address (docs/decisions/0043).

A budget counts in Redis under `limit:*`, in windows of one minute. What is counted per visitor is named by an HMAC under
a random salt that lives one day, so that neither Redis nor a dump of it says who came. With Redis gone each process counts
for itself, with its share of the budget, and requests are still accepted.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

import redis
from django.conf import settings

WINDOW_SECONDS = 60
SALT_SECONDS = 24 * 60 * 60
# How long to leave a Redis alone that did not answer, so that a dead one costs one short wait, not one a request.
REST_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Budget:
    """So many a minute: over all processes, and in one process alone when Redis is gone."""

    name: str
    a_minute: int
    alone: int


# Each try costs one Argon2id of 19 MiB for each live pepper. 600 a minute keep half a core busy.
CODE_TRIES = Budget("code", a_minute=600, alone=120)
NEW_CODES = Budget("new-code", a_minute=600, alone=120)
# One visitor's saves: nobody types that fast; a runaway script stops here instead of at the database.
SAVES = Budget("save", a_minute=120, alone=120)
# All visitors' new drafts: bounds how fast somebody can fill the table.
NEW_DRAFTS = Budget("draft", a_minute=3_000, alone=600)


class _Alone:
    """Counts of this process, for when Redis is gone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._window = 0
        self._counts: Counter[str] = Counter()

    def count(self, key: str, window: int) -> int:
        with self._lock:
            if window != self._window:
                self._window = window
                self._counts.clear()
            self._counts[key] += 1
            return self._counts[key]


_alone = _Alone()
_flags_alone: dict[str, float] = {}
_rest_until = 0.0


@lru_cache(maxsize=1)
def _client() -> redis.Redis[bytes]:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.25, socket_connect_timeout=0.25)


def allows(budget: Budget, *, visitor: str = "") -> bool:
    """Take one from the budget of all, or of one visitor (the hash of their cookie); False when this minute's is spent."""
    return share_taken(budget, visitor=visitor) <= 1


def share_taken(budget: Budget, *, visitor: str = "") -> float:
    """Take one from the budget and return how much of this minute's is gone: 1.0 is all of it, more is too much."""
    window = int(time.time()) // WINDOW_SECONDS
    count = _count_in_redis(budget, visitor, window)
    if count is None:
        return _alone.count(f"{budget.name}:{visitor}", window) / budget.alone
    return count / budget.a_minute


def raise_flag(name: str, *, seconds: int) -> None:
    """Let `is_raised` say yes for so long from now: in every process, or with Redis gone in this one."""
    global _rest_until
    _flags_alone[name] = time.monotonic() + seconds
    if time.monotonic() < _rest_until:
        return
    try:
        _client().set(f"limit:flag:{name}", "1", ex=seconds)
    except redis.RedisError:
        _rest_until = time.monotonic() + REST_SECONDS


def is_raised(name: str) -> bool:
    """Whether a flag is up: here, or in Redis as far as it answers."""
    global _rest_until
    if _flags_alone.get(name, 0.0) > time.monotonic():
        return True
    if time.monotonic() < _rest_until:
        return False
    try:
        return bool(_client().exists(f"limit:flag:{name}"))
    except redis.RedisError:
        _rest_until = time.monotonic() + REST_SECONDS
        return False


def _count_in_redis(budget: Budget, visitor: str, window: int) -> int | None:
    global _rest_until
    if time.monotonic() < _rest_until:
        return None
    try:
        who = _masked(visitor) if visitor else "all"
        key = f"limit:{budget.name}:{who}:{window}"
        with _client().pipeline(transaction=False) as pipe:
            pipe.incr(key)
            pipe.expire(key, 2 * WINDOW_SECONDS)
            return int(pipe.execute()[0])
    except redis.RedisError:
        _rest_until = time.monotonic() + REST_SECONDS
        return None


def _masked(visitor: str) -> str:
    """Return today's name for a visitor; tomorrow's is another, and nobody can compute yesterday's."""
    day = int(time.time()) // SALT_SECONDS
    key = f"limit:salt:{day}"
    client = _client()
    client.set(key, secrets.token_hex(32), nx=True, ex=SALT_SECONDS)
    salt = client.get(key)
    if not isinstance(salt, bytes):
        raise redis.RedisError("The salt of the day is gone.")
    return hmac.new(salt, visitor.encode(), hashlib.sha256).hexdigest()[:32]
