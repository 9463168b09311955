from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rainbowrail.crypto.encoding import Part, encode
from tests.rainbowrail.crypto.vectors import cases

parts = st.lists(st.binary(max_size=6), max_size=5)


def part(described: dict[str, Any]) -> Part:
    [(kind, value)] = described.items()
    return {"text": str, "number": int, "hex": bytes.fromhex, "uuid": UUID}[kind](value)


@pytest.mark.parametrize("case", cases("encoding"))
def test_the_encoding_is_frozen(case: dict[str, Any]) -> None:
    assert encode(case["label"], *map(part, case["parts"])).hex() == case["encoded"]


@given(parts, parts)
def test_two_lists_of_parts_never_give_the_same_bytes(one: list[bytes], other: list[bytes]) -> None:
    assert (encode("label", *one) == encode("label", *other)) == (one == other)


@given(parts, parts)
def test_no_encoding_is_the_beginning_of_another(one: list[bytes], other: list[bytes]) -> None:
    assert one == other or not encode("label", *one).startswith(encode("label", *other))


@pytest.mark.parametrize("number", [-1, 2**64])
def test_a_number_that_does_not_fit_is_refused(number: int) -> None:
    with pytest.raises(OverflowError):
        encode("label", number)
