"""A sealed value: bytes in, sealed bytes out. Pure: no Django, no files, no keys of its own.

    version  1 byte    0x01
    key id  16 bytes   the data key that closes it
    nonce   12 bytes   random
    body     n bytes   AES-256-GCM over the padded value (`padding`), then the 16-byte tag

Associated data: version, seal id, row id, data-key id (`encoding.encode`). The seal id (`note.text.v1`) is written in the
code once and frozen in `seal_ids.txt`; it is not a Python name, so that a rename changes nothing. Moved to another row,
another column or under another key, a value does not open. Swapped subjects and compartments are caught where a data key's
owner is known, in `fields`.

AES-GCM does not commit to its key: someone who knows two keys can make bytes that open under both. Here the key is named by
an authenticated id, every key is 256 random bits that we made, and nobody who lacks the keys learns whether something opens,
so there is no set of guessable keys to test against (docs/decisions/0011).
"""

import re
from uuid import UUID

from rainbowrail.crypto import aead
from rainbowrail.crypto.encoding import encode
from rainbowrail.crypto.errors import OpenFailed, UnknownVersion
from rainbowrail.crypto.padding import FLOOR, pad, unpad

VERSION = 1
KEY_ID_BYTES = 16
HEADER_BYTES = 1 + KEY_ID_BYTES
SHORTEST = HEADER_BYTES + aead.NONCE_BYTES + FLOOR + aead.TAG_BYTES
SEAL_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+\.v[1-9][0-9]*")


def seal(material: bytes, plaintext: bytes, *, seal_id: str, row_id: UUID, data_key_id: UUID) -> bytes:
    """Return the plaintext sealed for one column of one row. Two calls never give the same bytes."""
    associated = _associated(seal_id, row_id, data_key_id)
    return bytes([VERSION]) + data_key_id.bytes + aead.seal(material, pad(plaintext), associated)


def open_sealed(material: bytes, sealed: bytes, *, seal_id: str, row_id: UUID, data_key_id: UUID) -> bytes:
    """Return what was sealed. Raises UnknownVersion, or OpenFailed for anything altered, cut, moved or closed by another
    key."""
    if data_key_id_of(sealed) != data_key_id:
        raise OpenFailed(f"{seal_id} names another data key than the one it was to be opened with.")
    padded = aead.open_sealed(material, sealed[HEADER_BYTES:], _associated(seal_id, row_id, data_key_id), what=seal_id)
    return unpad(padded)


def data_key_id_of(sealed: bytes) -> UUID:
    """Return which data key closes this. Not yet authenticated: use it only to find the key to open with."""
    if len(sealed) < HEADER_BYTES:
        raise OpenFailed("A sealed value is cut short.")
    if sealed[0] != VERSION:
        raise UnknownVersion(f"A sealed value says format {sealed[0]}; this code knows format {VERSION}.")
    return UUID(bytes=bytes(sealed[1:HEADER_BYTES]))


def check_seal_id(seal_id: str) -> str:
    """Return the id. Raises ValueError for one that does not look like `note.text.v1`."""
    if not SEAL_ID.fullmatch(seal_id):
        raise ValueError(f"A seal id looks like note.text.v1, not {seal_id!r}.")
    return seal_id


def _associated(seal_id: str, row_id: UUID, data_key_id: UUID) -> bytes:
    return encode("rainbowrail sealed value", VERSION, seal_id, row_id, data_key_id)
