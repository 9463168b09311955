"""Proof of work: a little arithmetic that costs one person some seconds and a thousand false requests some hours.

The puzzle of a draft is PARTS numbers: number i makes SHA-256("challenge:i:number") begin with PUZZLE_BITS zero bits. Many
small parts instead of one large, so that nobody has bad luck and progress can be told. The challenge follows from the draft
alone, under this door's own key: nothing is stored for it, a proof fits no other draft, and a draft is sent once.
"""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

PARTS = 16
_SALT = "intake.puzzle"
# Decimal digits of one number: a solver needs far fewer.
MOST_DIGITS = 12


def challenge_of(draft_id: UUID) -> str:
    """Return the challenge of a draft: 32 hexadecimal digits, always the same ones."""
    return salted_hmac(_SALT, str(draft_id), algorithm="sha256").hexdigest()[:32]


def is_solved(draft_id: UUID, proof: str) -> bool:
    """Whether `proof`, PARTS numbers between commas, solves the draft's puzzle. Anything malformed does not."""
    numbers = proof.split(",", PARTS)
    if len(numbers) != PARTS or not all(_is_number(number) for number in numbers):
        return False
    challenge = challenge_of(draft_id)
    return all(_is_hit(challenge, place, number) for place, number in enumerate(numbers))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS


def _is_hit(challenge: str, place: int, number: str) -> bool:
    found = int.from_bytes(sha256(f"{challenge}:{place}:{number}".encode()).digest()[:4])
    return found >> (32 - settings.PUZZLE_BITS) == 0
