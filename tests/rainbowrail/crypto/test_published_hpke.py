"""Vectors that others published, on our plain reading of the specifications; `plain_hpke` says why this proves our suite."""

import hashlib
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

from rainbowrail.crypto import hpke
from tests.rainbowrail.crypto import plain_hpke, vectors

CASES = vectors.cases("published_hpke")
AEADS = {1: AESGCM, 2: AESGCM, 3: ChaCha20Poly1305}


def context_of(case: dict[str, Any]) -> plain_hpke.Context:
    encapsulated, info = bytes.fromhex(case["enc"]), bytes.fromhex(case["info"])
    if case["kem"] == plain_hpke.KEM:
        return plain_hpke.set_up(private_of(case), encapsulated, info, aead=case["aead"])
    return plain_hpke.set_up_classical(bytes.fromhex(case["private"]), encapsulated, info, aead=case["aead"])


def private_of(case: dict[str, Any]) -> bytes:
    """Return our 96 bytes from the draft's 32-byte seed (draft-irtf-cfrg-concrete-hybrid-kems: SHAKE256)."""
    return hashlib.shake_256(bytes.fromhex(case["private_seed"])).digest(hpke.PRIVATE_BYTES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["source"].split(":")[0])
def test_a_published_vector_comes_out_to_the_byte(case: dict[str, Any]) -> None:
    context = context_of(case)

    told = {"shared_secret": context.shared_secret.hex(), "key": context.key.hex(), "base_nonce": context.nonce.hex()}
    assert told == {name: case[name] for name in told}
    for number, message in enumerate(case["encryptions"]):
        nonce = (int.from_bytes(context.nonce) ^ number).to_bytes(12)
        aad, plaintext = bytes.fromhex(message["aad"]), bytes.fromhex(message["plaintext"])
        assert AEADS[case["aead"]](context.key).encrypt(nonce, plaintext, aad).hex() == message["ciphertext"]


def test_the_library_makes_the_published_public_half_from_the_published_seed() -> None:
    (case,) = (case for case in CASES if case["kem"] == plain_hpke.KEM)

    assert hpke.public_of(private_of(case)).hex() == case["public"]
