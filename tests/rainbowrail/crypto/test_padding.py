from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rainbowrail.crypto.errors import OpenFailed
from rainbowrail.crypto.padding import FLOOR, LENGTH_BYTES, pad, padded_length, unpad
from tests.rainbowrail.crypto.vectors import cases


@pytest.mark.parametrize("case", cases("padding"))
def test_the_padding_is_frozen(case: dict[str, Any]) -> None:
    if "padded" in case:
        assert pad(bytes.fromhex(case["plaintext"])).hex() == case["padded"]
    else:
        assert len(pad(b"a" * case["length"])) == case["padded_length"]


@given(st.binary(max_size=5000))
def test_what_was_padded_comes_back(plaintext: bytes) -> None:
    assert unpad(pad(plaintext)) == plaintext


@given(st.integers(min_value=0, max_value=2**40))
def test_above_the_floor_at_most_twelve_percent_are_added(length: int) -> None:
    padded = padded_length(length)

    assert padded >= length
    assert padded == FLOOR or padded <= length * 1.12


def test_lengths_fall_into_few_sizes() -> None:
    """Padmé: the number of sizes up to L grows with log L times log log L, not with L."""
    assert len({padded_length(length) for length in range(10_000)}) < 110


@given(st.binary(max_size=300), st.integers(min_value=0, max_value=2**20), st.integers(min_value=1, max_value=255))
def test_bytes_that_padding_would_not_have_made_are_refused(plaintext: bytes, place: int, change: int) -> None:
    padded = bytearray(pad(plaintext))
    end = LENGTH_BYTES + len(plaintext)
    if end == len(padded):
        return
    padded[end + place % (len(padded) - end)] ^= change

    with pytest.raises(OpenFailed):
        unpad(bytes(padded))


@pytest.mark.parametrize(
    "padded", [b"", b"\0\0", pad(b"x")[:-1], pad(b"x") + b"\0", b"\xff" * FLOOR, pad(b"x" * 70)[: FLOOR + 4]]
)
def test_padding_of_a_wrong_length_is_refused(padded: bytes) -> None:
    with pytest.raises(OpenFailed):
        unpad(padded)
