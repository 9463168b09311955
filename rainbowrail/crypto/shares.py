"""A recovery share as a person writes it down: base32 in groups of four, with a check.

    RBRL-0CX8-…     version 1 byte, set 2 bytes, needed 1, number 1, value 32, check 4: 41 bytes, 66 characters

The alphabet is Crockford's (no I, L, O, U; read back whatever was meant, in any case). `set` is the same in all shares that
belong together. The check is the beginning of SHA-256 over the rest: it finds a slip of the pen, and is no secret's guard.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from rainbowrail.crypto import shamir
from rainbowrail.crypto.errors import ShareUnreadable

VERSION = 1
MOST = shamir.MOST_SHARES
SECRET_BYTES = 32
SET_BYTES = 2
CHECK_BYTES = 4
BYTES = 1 + SET_BYTES + 1 + 1 + SECRET_BYTES + CHECK_BYTES
CHARACTERS = -(-BYTES * 8 // 5)
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SAME = str.maketrans({"I": "1", "L": "1", "O": "0"})
GROUP = 4
PREFIX = "RBRL"


@dataclass(frozen=True)
class Share:
    """One of the pieces; `needed` of one `set` give the secret."""

    set: bytes
    needed: int
    number: int
    value: bytes = field(repr=False)

    def __str__(self) -> str:
        body = bytes([VERSION]) + self.set + bytes([self.needed, self.number]) + self.value
        whole = int.from_bytes(body + _check(body)) << (CHARACTERS * 5 - BYTES * 8)
        text = "".join(ALPHABET[whole >> 5 * place & 31] for place in reversed(range(CHARACTERS)))
        return "-".join([PREFIX, *(text[start : start + GROUP] for start in range(0, CHARACTERS, GROUP))])


def of(secret: bytes, *, needed: int, shares: int, name: bytes) -> list[Share]:
    """Cut a secret of 32 bytes; `name` (2 bytes) says which set they are of. Raises ValueError for numbers that cannot be."""
    if len(secret) != SECRET_BYTES or len(name) != SET_BYTES:
        raise ValueError(f"Shares are of {SECRET_BYTES} bytes and named by {SET_BYTES}.")
    cut = shamir.split(secret, needed=needed, shares=shares)
    return [Share(name, needed, number, value) for number, value in cut.items()]


def read(text: str) -> Share:
    """Return a share as typed. Raises ShareUnreadable, without repeating it."""
    typed = re.sub(r"[\s-]", "", text).upper().removeprefix(PREFIX).translate(SAME)
    if len(typed) != CHARACTERS or set(typed) - set(ALPHABET):
        raise ShareUnreadable(
            f"A share has {CHARACTERS} letters and digits after {PREFIX}; this one has {len(typed)}, or others."
        )
    whole = 0
    for character in typed:
        whole = whole << 5 | ALPHABET.index(character)
    content = (whole >> (CHARACTERS * 5 - BYTES * 8)).to_bytes(BYTES)
    body, check = content[:-CHECK_BYTES], content[-CHECK_BYTES:]
    if _check(body) != check or body[0] != VERSION:
        raise ShareUnreadable("A share does not agree with its own check: look for a letter that was misread.")
    return Share(body[1:3], body[3], body[4], body[5:])


def joined(shares: Iterable[Share]) -> bytes:
    """Return the secret. Raises ShareUnreadable for too few shares, or shares of different sets."""
    by_number = {share.number: share for share in shares}
    kinds = {(share.set, share.needed) for share in by_number.values()}
    if len(kinds) != 1:
        raise ShareUnreadable("These shares are not of one set." if kinds else "No share was given.")
    needed = kinds.pop()[1]
    if len(by_number) < needed:
        raise ShareUnreadable(f"{needed} different shares are needed; {len(by_number)} were given.")
    return shamir.join({number: share.value for number, share in by_number.items()})


def _check(body: bytes) -> bytes:
    return hashlib.sha256(b"rainbowrail share" + body).digest()[:CHECK_BYTES]
