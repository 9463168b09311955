"""AES-256-GCM as this package uses it: a random nonce in front, associated data always, one error for every failure.

Nonces are 96 random bits. That is safe while one key seals far fewer than 2**32 values (NIST SP 800-38D, 8.3): a data key
seals the few hundred values of one person or case, a return code or visit key a handful, and the store key one wrap per data
key, some millions in its 90 days (2**23 wraps: chance of any repeated nonce 2**-51).
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from rainbowrail.crypto.errors import OpenFailed

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16


def new_key() -> bytes:
    """Return 256 random bits from the operating system."""
    return secrets.token_bytes(KEY_BYTES)


def seal(key: bytes, plaintext: bytes, associated: bytes) -> bytes:
    """Return nonce, ciphertext and tag: 28 bytes more than the plaintext. Raises ValueError for a key that is not 32 bytes."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + _cipher(key).encrypt(nonce, plaintext, associated)


def open_sealed(key: bytes, sealed: bytes, associated: bytes, *, what: str) -> bytes:
    """Return the plaintext. Raises OpenFailed, naming `what` (a column or kind, never content), for anything but our own
    bytes."""
    if len(sealed) < NONCE_BYTES + TAG_BYTES:
        raise OpenFailed(f"{what} is cut short.")
    try:
        return _cipher(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], associated)
    except InvalidTag:
        raise OpenFailed(f"{what} does not open: altered, moved, or closed by another key.") from None


def _cipher(key: bytes) -> AESGCM:
    if len(key) != KEY_BYTES:
        raise ValueError("An AES-256 key has 32 bytes.")
    return AESGCM(key)
