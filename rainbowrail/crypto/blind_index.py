"""The blind index: finding a person again by a value that is sealed (docs/decisions/0070).

A value is normalised by the app that knows what it is, and becomes a keyed fingerprint of a few bits: equal values give equal
numbers, and so do some that differ. The database can look for numbers; what it finds are *candidates*, which the caller opens
and compares. Nobody without the index key can make a number from a value: the public process holds none (KeyNotHeld).

- HMAC-SHA256 under a key derived from the index key for this purpose alone, cut to 20 bits for whole values (e-mail, phone,
  document number, partner code) and to 16 for the pieces of a name.
- An index row does not name its person. It carries an *alias*, the person's id enciphered under a key derived from the index
  key; so whoever holds the database alone cannot join an entry to a case, a country or a language.
- Rows are filled up with numbers that mean nothing (`padded`), so that their length tells little about the name.
- A number that more than 0.1 % of all rows share is kept for nobody (`most_shared`): what everybody has finds nobody, and is
  what frequency tables are good at.

What it leaks to whoever has the database without the index key: how many people are in the index, which entries share which
numbers, hence groups of entries that probably share a value or a part of a name; the order in which rows were written, as far
as the disk keeps it; and, over several copies, which entries were rebuilt meanwhile. Pieces of one name stand together in one
row, so somebody with a good table of name frequencies may guess some names that are neither rare nor common: that such a
name is among us, and not whose it is. With the index key, every value can be tried; that is the second row of the promise.
"""

import hmac
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

from rainbowrail.crypto import keyring, permutation
from rainbowrail.crypto.derivation import derive
from rainbowrail.crypto.encoding import encode
from rainbowrail.crypto.sources.files import Kind


class Purpose(StrEnum):
    """What a fingerprint is of. Each has its own key: a phone number and a document number of the same digits differ."""

    EMAIL = "email"
    PHONE = "phone"
    DOCUMENT = "document"
    PARTNER = "partner"
    NAME = "name"


# A text is cut into pieces of so many letters; of so many keyed orders of them the first piece is taken, two to a number.
PIECE_LETTERS = 5
TEXT_NUMBERS = 8
TEXT_BITS = 30
# Two texts that share so many numbers are nearly the same: of texts that share 90 % of their pieces 19 in 20 do, of those
# that share half of them 1 in 30.
TEXT_ENOUGH = 5
EXACT_BITS = 20
NAME_BITS = 16
# The most rows that may share one number: a thousandth, and while there are few rows this many, or no two could ever share one.
SHARE = 1000
FEWEST_SHARED = 20

# How `manage.py keys rotate index` finds what to do: name -> a function that takes a batch size, brings everything under the
# newest index key, commits after each batch and yields how many rows it wrote. Stopped and called again, it goes on.
type Rebuilder = Callable[[int], Iterator[int]]
rebuilders: dict[str, Rebuilder] = {}


def bits_of(purpose: Purpose) -> int:
    return NAME_BITS if purpose is Purpose.NAME else EXACT_BITS


def keys_held() -> list[int]:
    """Return the numbers of the index keys of this process, newest first. Raises KeyNotHeld."""
    return [int(key_id) for key_id in reversed(keyring.current().ids(Kind.INDEX))]


def newest_key() -> int:
    """Return the number of the key under which new entries are written. Raises KeyNotHeld."""
    return keys_held()[0]


def fingerprints(purpose: Purpose, values: Iterable[str], *, key: int) -> set[int]:
    """Return the numbers of these normalised values under one index key. Raises KeyNotHeld, KeyMissing."""
    derived, bits = _derived(key, purpose.value), bits_of(purpose)
    return {_number(derived, encode(value), bits) for value in values}


def text_numbers(text: str, *, key: int) -> list[int]:
    """Return TEXT_NUMBERS numbers of which nearly equal texts share most, whatever their script. Raises KeyNotHeld, KeyMissing.

    Only letters and digits count, in small letters; MinHash over pieces of the text, each order keyed (Broder 1997).
    """
    derived = _derived(key, "text")
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())
    pieces = {plain[at : at + PIECE_LETTERS] for at in range(max(1, len(plain) - PIECE_LETTERS + 1))}
    marks = [hmac.digest(derived, encode("piece", piece), sha256) for piece in pieces]
    marks += [hmac.digest(derived, mark, sha256) for mark in marks]
    half = len(pieces)
    # Each digest holds eight orders of four bytes; two digests a piece give the sixteen that TEXT_NUMBERS pairs need.
    firsts = [
        min(marks[at + half * (order // 8)][4 * (order % 8) : 4 * (order % 8) + 4] for at in range(half))
        for order in range(2 * TEXT_NUMBERS)
    ]
    return [
        _number(derived, encode("pair", order, firsts[2 * order], firsts[2 * order + 1]), TEXT_BITS)
        for order in range(TEXT_NUMBERS)
    ]


def row_name(*parts: str, key: int) -> str:
    """Return a keyed name of 128 bits for a row of somebody else's list, such as a partner's. Raises KeyNotHeld, KeyMissing."""
    return hmac.digest(_derived(key, "row"), encode("row", *parts), sha256)[:16].hex()


def padded(numbers: Iterable[int], *, person_id: UUID, key: int, bits: int, to_multiple_of: int) -> list[int]:
    """Return the numbers in ascending order, with as many more as make their count a multiple: always the same ones for the
    same person, or two copies of the database would tell which are real."""
    kept = set(numbers)
    filler, turn = _derived(key, "padding"), 0
    while not kept or len(kept) % to_multiple_of:
        kept.add(_number(filler, encode("padding", person_id, bits, turn), bits))
        turn += 1
    return sorted(kept)


def alias(person_id: UUID, *, key: int) -> UUID:
    """Return the name under which a person stands in the index: the id through a keyed permutation. Raises KeyNotHeld."""
    return UUID(bytes=permutation.permute(_derived(key, "alias"), person_id.bytes))


def person_of(alias_id: UUID, *, key: int) -> UUID:
    """Return whose alias it is. Raises KeyNotHeld. An alias of another key gives the id of nobody."""
    return UUID(bytes=permutation.permute_back(_derived(key, "alias"), alias_id.bytes))


def most_shared(rows: int) -> int:
    """Return how many of so many rows may share a number before it is dropped."""
    return max(FEWEST_SHARED, rows // SHARE)


def _number(key: bytes, material: bytes, bits: int) -> int:
    return int.from_bytes(hmac.digest(key, material, sha256)[:4]) >> (32 - bits)


def _derived(key: int, purpose: str) -> bytes:
    return _derive(keyring.secret(Kind.INDEX, key), purpose)


@lru_cache(maxsize=64)
def _derive(secret: bytes, purpose: str) -> bytes:
    return derive(secret, "rainbowrail blind index", purpose)
