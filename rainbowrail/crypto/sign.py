"""Signs packets, so that an office can tell a packet of ours from a forgery, and an altered one from the original.

Plain Ed25519 (RFC 8032) over the bytes of the packet, so that an office checks it with a tool it has:

    openssl pkeyutl -verify -pubin -inkey rainbowrail.pem -rawin -in packet -sigfile packet.sig

The key is held by the worker alone and signs nothing but packets, so no label is needed to keep its signatures apart.
"""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from rainbowrail.crypto import keyring
from rainbowrail.crypto.errors import OpenFailed
from rainbowrail.crypto.sources.files import Kind

SIGNATURE_BYTES = 64


def sign(data: bytes) -> bytes:
    """Return the 64-byte signature. Raises KeyNotHeld outside the worker."""
    return _private_key().sign(data)


def public_key_pem() -> bytes:
    """Return the public half as PEM, to be given to offices once, by a second way. Raises KeyNotHeld outside the worker."""
    return _private_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def verify(data: bytes, signature: bytes, pem: bytes) -> None:
    """Return when the signature is good. Raises OpenFailed when it is not, or the PEM is no Ed25519 key."""
    try:
        key = load_pem_public_key(pem)
        if not isinstance(key, Ed25519PublicKey):
            raise OpenFailed("The public key is not an Ed25519 key.")
        key.verify(signature, data)
    except (InvalidSignature, ValueError):
        raise OpenFailed("The signature is not that of this data.") from None


def _private_key() -> Ed25519PrivateKey:
    _, seed = keyring.newest(Kind.SIGNING)
    return Ed25519PrivateKey.from_private_bytes(seed)
