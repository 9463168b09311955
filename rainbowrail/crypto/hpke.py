"""The post-quantum box: HPKE (RFC 9180) base mode, `MLKEM768_X25519 · HKDF_SHA256 · AES_256_GCM`. Pure: no Django, no files.

The hybrid stays closed while either half holds: ML-KEM-768 against a quantum computer that reads a copied database one day,
X25519 against a flaw in the young half. Suite numbers 0x647a, 0x0001, 0x0002; source: draft-ietf-hpke-pq (with
draft-irtf-cfrg-concrete-hybrid-kems), the same construction as X-Wing. Base mode says nothing about who sealed: anyone may
write to us.

A private half is 96 bytes, since the library serialises no hybrid private key: the 64-byte ML-KEM seed (d, z), then 32 bytes
of X25519. A public half is 1,216 bytes: 1,184 of ML-KEM-768, then 32 of X25519. A box is 1,136 bytes longer than what it
holds.

If the runtime lacks the hybrid, `require` raises HybridMissing; there is no classical fallback.
"""

import hashlib

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from rainbowrail.crypto.errors import HybridMissing, KeyFileUnreadable, OpenFailed

try:
    from cryptography.hazmat.primitives import hpke as library

    SUITE = library.Suite(library.KEM.MLKEM768_X25519, library.KDF.HKDF_SHA256, library.AEAD.AES_256_GCM)
except (ImportError, AttributeError, UnsupportedAlgorithm) as error:
    raise HybridMissing(
        "This process needs cryptography 50 or newer with HPKE MLKEM768_X25519; install from requirements.lock."
    ) from error

SUITE_NAME = "HPKE base MLKEM768_X25519 HKDF_SHA256 AES_256_GCM"
MLKEM_SEED_BYTES = 64
PRIVATE_BYTES = MLKEM_SEED_BYTES + 32
MLKEM_PUBLIC_BYTES = 1184
PUBLIC_BYTES = MLKEM_PUBLIC_BYTES + 32
OVERHEAD = 1088 + 32 + 16


def generate() -> tuple[bytes, bytes]:
    """Return a fresh pair: 96 private bytes, 1,216 public bytes."""
    private = MLKEM768PrivateKey.generate().private_bytes_raw() + X25519PrivateKey.generate().private_bytes_raw()
    return private, public_of(private)


def public_of(private: bytes) -> bytes:
    """Return the public half of 96 private bytes. Raises KeyFileUnreadable for another length."""
    seed, scalar = _halves(private)
    return seed.public_key().public_bytes_raw() + scalar.public_key().public_bytes_raw()


def fingerprint(public: bytes) -> str:
    """Return the SHA-256 of a public half as 64 hex digits: what a process pins in its configuration."""
    return hashlib.sha256(public).hexdigest()


def seal(public: bytes, plaintext: bytes, *, info: bytes) -> bytes:
    """Return encapsulated key (1,120 bytes), ciphertext and tag (16). `info` must be given again, byte for byte, to open."""
    if len(public) != PUBLIC_BYTES:
        raise KeyFileUnreadable(f"A public intake key has {PUBLIC_BYTES} bytes, not {len(public)}.")
    try:
        key = library.MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(public[:MLKEM_PUBLIC_BYTES]),
            X25519PublicKey.from_public_bytes(public[MLKEM_PUBLIC_BYTES:]),
        )
    except ValueError:
        raise KeyFileUnreadable("A public intake key is not a valid ML-KEM-768 and X25519 pair.") from None
    return SUITE.encrypt(plaintext, key, info=info)


def open_box(private: bytes, box: bytes, *, info: bytes) -> bytes:
    """Return what was sealed. Raises OpenFailed for another key, another `info`, or any altered or missing byte."""
    if len(box) < OVERHEAD:
        raise OpenFailed("A box is cut short.")
    try:
        return SUITE.decrypt(box, library.MLKEM768X25519PrivateKey(*_halves(private)), info=info)
    except (InvalidTag, ValueError):
        raise OpenFailed("A box does not open: altered, moved, or closed to another key.") from None


def require() -> None:
    """Seal and open once. Raises HybridMissing when the linked library cannot do it, whatever its version says (about 0.3
    ms)."""
    try:
        private, public = generate()
        works = open_box(private, seal(public, b"self-test", info=b"self-test"), info=b"self-test") == b"self-test"
    except (UnsupportedAlgorithm, OpenFailed) as error:
        raise HybridMissing(
            "The linked cryptographic library lacks ML-KEM-768; install the wheels of requirements.lock."
        ) from error
    if not works:
        raise HybridMissing("The hybrid box gave back something else than it was given; do not run on this machine.")


def _halves(private: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    if len(private) != PRIVATE_BYTES:
        raise KeyFileUnreadable(f"A private intake key has {PRIVATE_BYTES} bytes, not {len(private)}.")
    seed, scalar = private[:MLKEM_SEED_BYTES], private[MLKEM_SEED_BYTES:]
    return MLKEM768PrivateKey.from_seed_bytes(seed), X25519PrivateKey.from_private_bytes(scalar)
