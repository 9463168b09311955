from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rainbowrail.crypto import aead, envelope
from rainbowrail.crypto.errors import CryptoError, OpenFailed, UnknownVersion
from tests.rainbowrail.crypto.vectors import cases

MATERIAL = bytes(range(32))
SEAL_ID = "test.words.v1"
ROW, KEY_ID = UUID(int=1, version=4), UUID(int=2, version=4)


def seal(plaintext: bytes = b"what was said") -> bytes:
    return envelope.seal(MATERIAL, plaintext, seal_id=SEAL_ID, row_id=ROW, data_key_id=KEY_ID)


def reopen(sealed: bytes, **changed: Any) -> bytes:
    where = {"material": MATERIAL, "seal_id": SEAL_ID, "row_id": ROW, "data_key_id": KEY_ID} | changed
    return envelope.open_sealed(where.pop("material"), sealed, **where)


@pytest.mark.parametrize("case", cases("envelope"), ids=lambda case: case["seal_id"])
def test_values_sealed_long_ago_still_open(case: dict[str, Any]) -> None:
    sealed = bytes.fromhex(case["sealed"])
    where = {"seal_id": case["seal_id"], "row_id": UUID(case["row_id"]), "data_key_id": UUID(case["data_key_id"])}

    assert envelope.data_key_id_of(sealed) == where["data_key_id"]
    assert envelope.open_sealed(bytes.fromhex(case["material"]), sealed, **where) == bytes.fromhex(case["plaintext"])


@given(st.binary(max_size=3000))
def test_what_was_sealed_is_opened_and_does_not_stand_in_the_sealed_bytes(plaintext: bytes) -> None:
    sealed = seal(plaintext)

    assert reopen(sealed) == plaintext
    assert len(plaintext) < 8 or plaintext not in sealed


def test_a_sealed_value_begins_with_version_and_key() -> None:
    sealed = seal()

    assert sealed[0] == 1
    assert sealed[1:17] == KEY_ID.bytes
    assert len(sealed) == envelope.SHORTEST


def test_sealing_twice_never_gives_the_same_nonce() -> None:
    nonces = {seal()[envelope.HEADER_BYTES : envelope.HEADER_BYTES + aead.NONCE_BYTES] for _ in range(500)}

    assert len(nonces) == 500


@given(st.sampled_from(["material", "seal_id", "row_id", "data_key_id"]), st.binary(min_size=32, max_size=32), st.uuids())
def test_nothing_opens_elsewhere(what: str, material: bytes, other: UUID) -> None:
    changed = {"material": material, "seal_id": "test.facts.v1", "row_id": other, "data_key_id": other}[what]
    if changed in (MATERIAL, ROW, KEY_ID):
        return

    with pytest.raises(OpenFailed):
        reopen(seal(), **{what: changed})


@given(st.binary(max_size=200), st.integers(min_value=0), st.integers(min_value=0, max_value=7))
def test_one_flipped_bit_anywhere_closes_it(plaintext: bytes, place: int, bit: int) -> None:
    sealed = bytearray(seal(plaintext))
    sealed[place % len(sealed)] ^= 1 << bit

    with pytest.raises((OpenFailed, UnknownVersion)):
        reopen(bytes(sealed))


@given(st.integers(min_value=0), st.booleans())
def test_a_piece_does_not_open(length: int, from_the_end: bool) -> None:
    sealed = seal(b"x" * 300)
    cut = length % len(sealed)

    with pytest.raises(CryptoError):
        reopen(sealed[len(sealed) - cut :] if from_the_end else sealed[:cut])


@given(st.binary(min_size=1, max_size=40))
def test_bytes_added_at_the_end_close_it(more: bytes) -> None:
    with pytest.raises(OpenFailed):
        reopen(seal() + more)


@pytest.mark.parametrize("version", [0, 2, 255])
def test_another_version_is_named_and_not_guessed(version: int) -> None:
    with pytest.raises(UnknownVersion, match=f"format {version}"):
        reopen(bytes([version]) + seal()[1:])


def test_the_version_is_bound_into_the_seal() -> None:
    """A later version may not accept the bytes of this one under its own rules: the version is in the associated data."""
    sealed = seal()
    with pytest.raises(OpenFailed):
        other = envelope.encode("rainbowrail sealed value", 2, SEAL_ID, ROW, KEY_ID)
        aead.open_sealed(MATERIAL, sealed[envelope.HEADER_BYTES :], other, what="test")


@given(st.binary(max_size=400))
def test_arbitrary_bytes_never_open(junk: bytes) -> None:
    with pytest.raises(CryptoError):
        reopen(junk)


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        envelope.seal(b"short", b"", seal_id=SEAL_ID, row_id=uuid4(), data_key_id=uuid4())


def test_an_error_names_the_column_and_nothing_of_the_value() -> None:
    with pytest.raises(OpenFailed) as refusal:
        reopen(seal(b"kanarienvogel"), row_id=uuid4())

    assert SEAL_ID in str(refusal.value)
    assert "kanarienvogel" not in repr(refusal.value.args)
