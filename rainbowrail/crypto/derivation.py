"""HKDF-SHA256 with a label per purpose: two purposes never share a key, even from one secret."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from rainbowrail.crypto.encoding import Part, encode


def derive(secret: bytes, label: str, *context: Part, length: int = 32) -> bytes:
    """Return `length` bytes for this label and context alone. `secret` must already be hard to guess (256 bits, or out of
    Argon2id)."""
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=encode(label, *context)).derive(secret)
