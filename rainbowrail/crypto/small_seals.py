"""Small things closed under a key that was derived, not stored: by a return code or a visit cookie.

    version 1 byte 0x01, then nonce, padded ciphertext and tag (`aead`)

Bound to a label, a context (which column, say) and a row; moved elsewhere it does not open.
"""

from uuid import UUID

from rainbowrail.crypto import aead
from rainbowrail.crypto.encoding import encode
from rainbowrail.crypto.errors import OpenFailed, UnknownVersion
from rainbowrail.crypto.padding import pad, unpad

VERSION = 1


def seal(key: bytes, payload: bytes, *, label: str, context: str, row_id: UUID) -> bytes:
    """Return the payload closed under `key`."""
    return bytes([VERSION]) + aead.seal(key, pad(payload), encode(label, VERSION, context, row_id))


def open_sealed(key: bytes, sealed: bytes, *, label: str, context: str, row_id: UUID) -> bytes:
    """Return the payload. Raises UnknownVersion or OpenFailed, naming the context only."""
    if not sealed:
        raise OpenFailed(f"{context} is empty.")
    if sealed[0] != VERSION:
        raise UnknownVersion(f"{context} says format {sealed[0]}; this code knows format {VERSION}.")
    return unpad(aead.open_sealed(key, sealed[1:], encode(label, VERSION, context, row_id), what=context))
