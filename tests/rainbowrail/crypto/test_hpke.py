from typing import Any

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from hypothesis import given, settings
from hypothesis import strategies as st

from rainbowrail.crypto import hpke
from rainbowrail.crypto.errors import HybridMissing, KeyFileUnreadable, OpenFailed
from tests.rainbowrail.crypto import plain_hpke

PRIVATE = bytes(range(96))
PUBLIC = hpke.public_of(PRIVATE)


def test_a_pair_has_the_stated_sizes_and_the_public_half_follows_from_the_private() -> None:
    private, public = hpke.generate()

    assert (len(private), len(public)) == (96, 1216)
    assert hpke.public_of(private) == public
    assert hpke.generate()[0] != private


@settings(max_examples=25)
@given(st.binary(max_size=2000), st.binary(max_size=200))
def test_what_the_library_seals_opens_by_the_letter_of_the_specification(plaintext: bytes, info: bytes) -> None:
    box = hpke.seal(PUBLIC, plaintext, info=info)

    assert len(box) == len(plaintext) + hpke.OVERHEAD
    assert plain_hpke.open_box(PRIVATE, box, info) == plaintext
    assert hpke.open_box(PRIVATE, box, info=info) == plaintext


def test_a_box_does_not_open_with_other_info_or_another_key() -> None:
    box = hpke.seal(PUBLIC, b"secret", info=b"here")
    halves = (PRIVATE[:64] + bytes(32), bytes(64) + PRIVATE[64:], hpke.generate()[0])

    with pytest.raises(OpenFailed):
        hpke.open_box(PRIVATE, box, info=b"there")
    for private in halves:
        with pytest.raises(OpenFailed):
            hpke.open_box(private, box, info=b"here")


@settings(max_examples=60)
@given(st.integers(min_value=0), st.integers(min_value=0, max_value=7))
def test_one_flipped_bit_closes_a_box(place: int, bit: int) -> None:
    box = bytearray(hpke.seal(PUBLIC, b"secret", info=b""))
    box[place % len(box)] ^= 1 << bit

    with pytest.raises(OpenFailed):
        hpke.open_box(PRIVATE, bytes(box), info=b"")


@settings(max_examples=40)
@given(st.integers(min_value=0))
def test_a_piece_of_a_box_does_not_open(length: int) -> None:
    box = hpke.seal(PUBLIC, b"secret", info=b"")

    with pytest.raises(OpenFailed):
        hpke.open_box(PRIVATE, box[: length % len(box)], info=b"")


@pytest.mark.parametrize("point", [bytes(32), (1).to_bytes(32, "little"), b"\xff" * 32])
def test_a_box_with_a_worthless_x25519_point_does_not_open(point: bytes) -> None:
    box = hpke.seal(PUBLIC, b"secret", info=b"")

    with pytest.raises(OpenFailed):
        hpke.open_box(PRIVATE, box[:1088] + point + box[1120:], info=b"")


@pytest.mark.parametrize("public", [b"", PUBLIC[:-1], PUBLIC + b"\0", b"\xff" * 1216])
def test_something_that_is_no_public_key_is_refused(public: bytes) -> None:
    with pytest.raises(KeyFileUnreadable):
        hpke.seal(public, b"", info=b"")


def test_a_private_half_of_another_length_is_refused() -> None:
    with pytest.raises(KeyFileUnreadable):
        hpke.open_box(PRIVATE[:-1], bytes(2000), info=b"")


def test_a_library_without_the_hybrid_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> Any:
        raise UnsupportedAlgorithm("no ML-KEM here")

    monkeypatch.setattr(hpke.MLKEM768PrivateKey, "generate", missing)

    with pytest.raises(HybridMissing, match="ML-KEM"):
        hpke.require()
