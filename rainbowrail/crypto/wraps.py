"""A data key closed under the store key: what `DataKey.wrapped` holds. Pure.

    version 1 byte 0x01, nonce 12 bytes, ciphertext 32 bytes, tag 16 bytes: 61 bytes always

Associated data: version, store key id, data-key id, subject, compartment, key version. Whoever changes any of them in the
database, or swaps two wraps, gets OpenFailed. Some five microseconds a wrap, so that lists and rescoring open thousands.
"""

from uuid import UUID

from rainbowrail.crypto import aead
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.encoding import encode
from rainbowrail.crypto.errors import OpenFailed, UnknownVersion

VERSION = 1
WRAPPED_BYTES = 1 + aead.NONCE_BYTES + aead.KEY_BYTES + aead.TAG_BYTES


def wrap(
    store_key: bytes,
    material: bytes,
    *,
    store_key_id: int,
    data_key_id: UUID,
    subject_id: UUID,
    compartment: Compartment,
    version: int,
) -> bytes:
    """Return a data key closed under the store key."""
    associated = _associated(store_key_id, data_key_id, subject_id, compartment, version)
    return bytes([VERSION]) + aead.seal(store_key, material, associated)


def unwrap(
    store_key: bytes,
    wrapped: bytes,
    *,
    store_key_id: int,
    data_key_id: UUID,
    subject_id: UUID,
    compartment: Compartment,
    version: int,
) -> bytes:
    """Return the 32 bytes of a data key. Raises UnknownVersion or OpenFailed."""
    if not wrapped:
        raise OpenFailed("A wrapped data key is empty.")
    if wrapped[0] != VERSION:
        raise UnknownVersion(f"A wrapped data key says format {wrapped[0]}; this code knows format {VERSION}.")
    associated = _associated(store_key_id, data_key_id, subject_id, compartment, version)
    material = aead.open_sealed(store_key, wrapped[1:], associated, what="A wrapped data key")
    if len(material) != aead.KEY_BYTES:
        raise OpenFailed("A wrapped data key has the wrong length.")
    return material


def _associated(store_key_id: int, data_key_id: UUID, subject_id: UUID, compartment: Compartment, version: int) -> bytes:
    return encode("rainbowrail data key", VERSION, store_key_id, data_key_id, subject_id, compartment.value, version)
