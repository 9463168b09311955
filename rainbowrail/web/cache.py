"""The cache of staff door and worker: Redis, and while that does not answer, a memory of this process (docs/decisions/0082).

Sign-in counts its tries here, and allauth notes here which code of an app was used. Both must go on without Redis, or nobody
could begin the panic plan on the day when somebody takes Redis away.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

import redis
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache

from rainbowrail.web import logs

# How long to leave a Redis alone that did not answer, so that a dead one costs one short wait, not one a request.
REST_SECONDS = 5
# Far above what the budget of sign-in lets somebody write in the hour for which an entry lives.
MOST_ENTRIES = 50_000

_rest_until = 0.0


def is_alone() -> bool:
    """Whether this process counts for itself at this moment."""
    return time.monotonic() < _rest_until


def _either(name: str) -> Callable[..., Any]:
    """Return a method that asks Redis, and the memory of this process while Redis does not answer."""
    ask, remember = getattr(RedisCache, name), getattr(LocMemCache, name)

    @wraps(ask)
    def method(self: "RedisOrAlone", *args: Any, **kwargs: Any) -> Any:
        global _rest_until
        if not is_alone():
            try:
                return ask(self, *args, **kwargs)
            except redis.RedisError as error:
                _rest_until = time.monotonic() + REST_SECONDS
                logs.failure("cache_away", error)
        return remember(self.memory, *args, **kwargs)

    return method


class RedisOrAlone(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.memory = LocMemCache("while Redis is away", {**params, "OPTIONS": {"MAX_ENTRIES": MOST_ENTRIES}})

    add, get, set, touch, delete = (_either(name) for name in ("add", "get", "set", "touch", "delete"))
    get_many, set_many, delete_many = (_either(name) for name in ("get_many", "set_many", "delete_many"))
    has_key, incr, clear = (_either(name) for name in ("has_key", "incr", "clear"))
