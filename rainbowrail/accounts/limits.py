"""Slows guessing down, without an address of anybody (decision 0028).

Each account has its own few free tries; after them each next one must wait a little longer, up to LONGEST. So nobody is locked
out for long by somebody else's guesses, and all staff behind one proxy are not one bucket. A budget over all accounts keeps a
flood of guesses from eating the processor. What stands in the cache is a keyed word and a number.
"""

import time
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.crypto import salted_hmac

FORGET_SECONDS = 60 * 60
BUDGET, BUDGET_SECONDS = 40, 10  # tries of passwords over all accounts


class TooSoon(Exception):
    """A try came too soon after the ones before it; `wait` is in whole seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"too soon by {wait} s")
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Limit:
    """How many tries are free, and the longest wait in seconds after many wrong ones."""

    name: str
    free: int
    longest: int

    def take(self, account: object) -> None:
        """Count one try before it is looked at. Raises TooSoon, uncounted, while the account has to wait."""
        word = _word(self.name, account)
        tries = int(cache.get(f"{word}:tries") or 0)
        if tries >= self.free:
            wait = min(self.longest, 2 ** (tries - self.free + 1))
            if not cache.add(f"{word}:gate", time.time() + wait, timeout=wait):
                raise TooSoon(max(1, round(float(cache.get(f"{word}:gate") or 0) - time.time())))
        cache.add(f"{word}:tries", 0, timeout=FORGET_SECONDS)
        cache.incr(f"{word}:tries")

    def forget(self, account: object) -> None:
        """Begin anew: the right person was there."""
        word = _word(self.name, account)
        cache.delete_many([f"{word}:tries", f"{word}:gate"])


PASSWORDS = Limit("password", free=5, longest=60)
# Whoever comes this far has the password: a longer wait hurts an attacker, and a passkey does not pass here.
CODES = Limit("code", free=5, longest=300)


def take_from_budget() -> None:
    """Count one try against all accounts together. Raises TooSoon until the next ten seconds begin."""
    window, into = divmod(time.time(), BUDGET_SECONDS)
    key = f"sign-in:all:{int(window)}"
    cache.add(key, 0, timeout=2 * BUDGET_SECONDS)
    if cache.incr(key) > BUDGET:
        raise TooSoon(max(1, round(BUDGET_SECONDS - into)))


def _word(name: str, account: object) -> str:
    return "sign-in:" + salted_hmac(f"rainbowrail.accounts.limits.{name}", str(account), algorithm="sha256").hexdigest()[:32]
