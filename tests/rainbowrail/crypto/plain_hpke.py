"""HPKE base mode over X-Wing, written out from the specifications: a second opinion on what the library does.

No test vector is published for our exact suite: draft-ietf-hpke-pq (test-vectors.json, April 2026) has MLKEM768-X25519 with
HKDF-SHA256 under ChaCha20-Poly1305 only, and RFC 9180 has HKDF-SHA256 with AES-GCM under X25519 alone. So the suite is checked
in three steps: `test_published_hpke.py` runs this module on both published vectors, which pins encapsulation, combiner and key
schedule; `test_hpke.py` lets it open what the library seals under our suite, which pins the library to this module; and the
frozen boxes pin both to yesterday.

Sources: RFC 9180, sections 4 and 5.1; draft-irtf-cfrg-concrete-hybrid-kems for the combiner; draft-ietf-hpke-pq for the use
of the hybrid's secret without another extraction.
"""

import hashlib
import hmac
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEM, KDF, AES_256_GCM = 0x647A, 0x0001, 0x0002
X25519_KEM = 0x0020
KEY_BYTES = {0x0001: 16, 0x0002: 32, 0x0003: 32}  # AES-128-GCM, AES-256-GCM, ChaCha20-Poly1305
XWING_LABEL = rb"\.//^" + b"\\"
MLKEM_CIPHERTEXT = 1088
ENCAPSULATED = MLKEM_CIPHERTEXT + 32


@dataclass
class Context:
    shared_secret: bytes
    key: bytes
    nonce: bytes


def set_up(private: bytes, encapsulated: bytes, info: bytes, *, aead: int = AES_256_GCM) -> Context:
    """The recipient's side of the key schedule, from a 64-byte ML-KEM seed and 32 bytes of X25519."""
    mlkem, scalar = MLKEM768PrivateKey.from_seed_bytes(private[:64]), X25519PrivateKey.from_private_bytes(private[64:])
    ciphertext, point = encapsulated[:MLKEM_CIPHERTEXT], encapsulated[MLKEM_CIPHERTEXT:]
    from_mlkem = mlkem.decapsulate(ciphertext)
    from_x25519 = scalar.exchange(X25519PublicKey.from_public_bytes(point))
    own_point = scalar.public_key().public_bytes_raw()
    shared = hashlib.sha3_256(from_mlkem + from_x25519 + point + own_point + XWING_LABEL).digest()
    return schedule(shared, info, kem=KEM, aead=aead)


def set_up_classical(scalar: bytes, encapsulated: bytes, info: bytes, *, aead: int) -> Context:
    """The same for DHKEM(X25519, HKDF-SHA256), RFC 9180 section 4.1, which we do not use: it has published vectors."""
    private, suite = X25519PrivateKey.from_private_bytes(scalar), b"KEM" + X25519_KEM.to_bytes(2)
    agreed = private.exchange(X25519PublicKey.from_public_bytes(encapsulated))
    context = encapsulated + private.public_key().public_bytes_raw()
    shared = _expand(suite, _extract(suite, b"", b"eae_prk", agreed), b"shared_secret", context, 32)
    return schedule(shared, info, kem=X25519_KEM, aead=aead)


def schedule(shared: bytes, info: bytes, *, kem: int, aead: int) -> Context:
    """RFC 9180, section 5.1, base mode."""
    suite = b"HPKE" + kem.to_bytes(2) + KDF.to_bytes(2) + aead.to_bytes(2)
    context = b"\0" + _extract(suite, b"", b"psk_id_hash", b"") + _extract(suite, b"", b"info_hash", info)
    secret = _extract(suite, shared, b"secret", b"")
    key = _expand(suite, secret, b"key", context, KEY_BYTES[aead])
    return Context(shared, key, _expand(suite, secret, b"base_nonce", context, 12))


def open_box(private: bytes, box: bytes, info: bytes) -> bytes:
    context = set_up(private, box[:ENCAPSULATED], info)
    return AESGCM(context.key).decrypt(context.nonce, box[ENCAPSULATED:], b"")


def _extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + material, "sha256")


def _expand(suite: bytes, secret: bytes, label: bytes, info: bytes, length: int) -> bytes:
    assert length <= 32
    return hmac.digest(secret, length.to_bytes(2) + b"HPKE-v1" + suite + label + info + b"\x01", "sha256")[:length]
