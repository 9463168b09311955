"""Slows guessing down, without an address of anybody (decision 0028).

Each account has its own few free tries; after them each next one must wait a little longer, up to LONGEST. So nobody is locked
out for long by somebody else's guesses, and all staff behind one proxy are not one bucket. A budget over all accounts keeps a
flood of guesses from eating the processor. What stands in the cache is a keyed word and a number. With Redis gone each process
counts for itself, and less is free (decision 0082).
"""

import time
from contextlib import suppress
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from rainbowrail.web.cache import is_alone

FORGET_SECONDS = 60 * 60
BUDGET, BUDGET_ALONE, BUDGET_SECONDS = 40, 10, 10  # tries of passwords over all accounts, and in one process without Redis


class TooSoon(Exception):
    """A try came too soon after the ones before it; `wait` is in whole seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"too soon by {wait} s")
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Limit:
    """How many tries are free, in one process without Redis as well, and the longest wait in seconds after many wrong ones."""

    name: str
    free: int
    alone: int
    longest: int

    def take(self, account: object) -> None:
        """Count one try before it is looked at. Raises TooSoon, uncounted, while the account has to wait.

        Counted first and judged afterwards, so that many at once get no more than as many one after another.
        """
        word = _word(self.name, account)
        beyond = _count(f"{word}:tries", FORGET_SECONDS) - (self.alone if is_alone() else self.free)
        if beyond <= 0:
            return
        wait = min(self.longest, 2 ** min(beyond, 20))
        if not cache.add(f"{word}:gate", time.time() + wait, timeout=wait):
            with suppress(ValueError):  # its hour ended in between
                cache.decr(f"{word}:tries")
            raise TooSoon(max(1, round(float(cache.get(f"{word}:gate") or 0) - time.time())))

    def forget(self, account: object) -> None:
        """Begin anew: the right person was there."""
        word = _word(self.name, account)
        cache.delete_many([f"{word}:tries", f"{word}:gate"])


PASSWORDS = Limit("password", free=5, alone=2, longest=60)
# Whoever comes this far has the password: a longer wait hurts an attacker, and a passkey does not pass here.
CODES = Limit("code", free=5, alone=2, longest=300)


def take_from_budget() -> None:
    """Count one try against all accounts together. Raises TooSoon until the next ten seconds begin."""
    window, into = divmod(time.time(), BUDGET_SECONDS)
    if _count(f"sign-in:all:{int(window)}", 2 * BUDGET_SECONDS) > (BUDGET_ALONE if is_alone() else BUDGET):
        raise TooSoon(max(1, round(BUDGET_SECONDS - into)))


def _count(key: str, seconds: int) -> int:
    """Add one to what is counted for so many seconds from the first on, and return the sum."""
    cache.add(key, 0, timeout=seconds)
    try:
        return int(cache.incr(key))
    except ValueError:  # it ended in between, or Redis went away
        cache.set(key, 1, timeout=seconds)
        return 1


def _word(name: str, account: object) -> str:
    return "sign-in:" + salted_hmac(f"rainbowrail.accounts.limits.{name}", str(account), algorithm="sha256").hexdigest()[:32]
