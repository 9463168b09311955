from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rainbowrail.crypto import wraps
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.errors import CryptoError, OpenFailed, UnknownVersion
from tests.rainbowrail.crypto.vectors import cases

STORE_KEY, MATERIAL = bytes(32), bytes(range(32))
OWNER: dict[str, Any] = {
    "store_key_id": 1,
    "data_key_id": UUID(int=1, version=4),
    "subject_id": UUID(int=2, version=4),
    "compartment": Compartment.STORY,
    "version": 1,
}


@pytest.mark.parametrize("case", cases("wraps"), ids=lambda case: case["compartment"])
def test_keys_wrapped_long_ago_still_open(case: dict[str, Any]) -> None:
    owner = {
        "store_key_id": case["store_key_id"],
        "data_key_id": UUID(case["data_key_id"]),
        "subject_id": UUID(case["subject_id"]),
        "compartment": Compartment(case["compartment"]),
        "version": case["version"],
    }

    assert wraps.unwrap(bytes.fromhex(case["store_key"]), bytes.fromhex(case["wrapped"]), **owner).hex() == case["material"]


def test_every_wrap_has_one_size() -> None:
    assert len(wraps.wrap(STORE_KEY, MATERIAL, **OWNER)) == wraps.WRAPPED_BYTES == 61


@pytest.mark.parametrize(
    "changed",
    [
        {"store_key_id": 2},
        {"data_key_id": uuid4()},
        {"subject_id": uuid4()},
        {"compartment": Compartment.IDENTITY},
        {"version": 2},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_wrap_belongs_to_one_owner(changed: dict[str, Any]) -> None:
    with pytest.raises(OpenFailed):
        wraps.unwrap(STORE_KEY, wraps.wrap(STORE_KEY, MATERIAL, **OWNER), **(OWNER | changed))


@given(st.integers(min_value=0), st.integers(min_value=0, max_value=7))
def test_one_flipped_bit_closes_a_wrap(place: int, bit: int) -> None:
    wrapped = bytearray(wraps.wrap(STORE_KEY, MATERIAL, **OWNER))
    wrapped[place % len(wrapped)] ^= 1 << bit

    with pytest.raises((OpenFailed, UnknownVersion)):
        wraps.unwrap(STORE_KEY, bytes(wrapped), **OWNER)


@given(st.binary(max_size=100))
def test_junk_is_no_wrap(junk: bytes) -> None:
    with pytest.raises(CryptoError):
        wraps.unwrap(STORE_KEY, junk, **OWNER)


def test_a_wrap_of_something_that_is_no_key_is_refused() -> None:
    with pytest.raises(OpenFailed, match="length"):
        wraps.unwrap(STORE_KEY, wraps.wrap(STORE_KEY, b"short", **OWNER), **OWNER)
