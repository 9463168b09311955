import secrets
from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rainbowrail.crypto import shamir

BYTES = range(256)


def test_multiplication_is_that_of_the_field_of_aes() -> None:
    # FIPS 197, section 4.2: {57} · {83} = {c1}, {57} · {13} = {fe}
    assert shamir.multiply(0x57, 0x83) == 0xC1
    assert shamir.multiply(0x57, 0x13) == 0xFE
    assert all(shamir.multiply(a, 1) == a and shamir.multiply(a, 0) == 0 for a in BYTES)
    assert all(shamir.multiply(a, b) == shamir.multiply(b, a) for a in range(0, 256, 7) for b in BYTES)


def test_every_number_but_zero_has_an_inverse() -> None:
    assert all(shamir.multiply(a, shamir.inverse(a)) == 1 for a in BYTES if a)
    assert shamir.inverse(0) == 0


@given(st.binary(min_size=1, max_size=40), st.integers(2, 6), st.integers(0, 4))
def test_any_shares_that_are_enough_give_the_secret_back(secret: bytes, needed: int, more: int) -> None:
    shares = shamir.split(secret, needed=needed, shares=needed + more)

    for chosen in combinations(shares, needed):
        assert shamir.join({number: shares[number] for number in chosen}) == secret
    assert shamir.join(shares) == secret


def test_shares_that_another_hand_has_made_are_joined() -> None:
    # f(x) = 0x2a + 0x07·x + 0x01·x² over GF(256), worked out by hand: f(1) = 2c, f(2) = 2a^0e^04 = 20, f(3) = 2a^09^05 = 26
    assert shamir.join({1: b"\x2c", 2: b"\x20", 3: b"\x26"}) == b"\x2a"


def test_one_share_too_few_fits_every_secret_equally_well() -> None:
    """Of 2-of-n shares of one byte, a share of each value is as likely for one secret as for another."""
    for secret in (b"\x00", b"\xff"):
        seen = Counter(shamir.split(secret, needed=2, shares=2)[1] for _ in range(256 * 40))
        assert len(seen) == 256
        assert max(seen.values()) < 40 * 2.5


def test_two_cuts_of_a_secret_have_nothing_in_common() -> None:
    secret = secrets.token_bytes(32)
    first, second = (shamir.split(secret, needed=3, shares=5) for _ in range(2))

    assert not set(first.values()) & set(second.values())
    mixed = {1: first[1], 2: first[2], 3: second[3]}
    assert shamir.join(mixed) != secret


@pytest.mark.parametrize(("needed", "shares"), [(1, 5), (4, 3), (2, 256), (0, 0)])
def test_numbers_that_cannot_be_are_refused(needed: int, shares: int) -> None:
    with pytest.raises(ValueError, match="at least 2"):
        shamir.split(b"x", needed=needed, shares=shares)


@pytest.mark.parametrize("shares", [{}, {1: b"a", 2: b"bc"}, {0: b"a", 1: b"b"}, {300: b"a"}])
def test_shares_that_cannot_be_are_refused(shares: dict[int, bytes]) -> None:
    with pytest.raises(ValueError, match="one length"):
        shamir.join(shares)
