import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rainbowrail.crypto import shares
from rainbowrail.crypto.errors import ShareUnreadable

SECRET = bytes(range(32))
SET = b"\xab\xcd"


@given(st.binary(min_size=32, max_size=32), st.integers(0, 1))
def test_a_share_that_was_written_down_is_read_back(secret: bytes, which: int) -> None:
    share = shares.of(secret, needed=2, shares=3, name=SET)[which]

    assert shares.read(str(share)) == share
    assert str(share) not in repr(share)


def test_a_share_is_read_as_people_type() -> None:
    share = shares.of(SECRET, needed=2, shares=2, name=SET)[0]
    text = str(share)

    assert text.startswith("RBRL-")
    assert all(len(group) == 4 for group in text.split("-")[:-1])
    for typed in (
        text.lower(),
        text.replace("-", " "),
        f"  {text}\n",
        text.removeprefix("RBRL-"),
        text.replace("1", "l").replace("0", "o"),
    ):
        assert shares.read(typed) == share


def test_every_slip_of_the_pen_is_found() -> None:
    text = str(shares.of(SECRET, needed=2, shares=2, name=SET)[0])
    places = [place for place, letter in enumerate(text) if letter != "-" and place > 4]
    for place in places:
        for other in "07K":
            slipped = text[:place] + other + text[place + 1 :]
            # The last character has bits that nothing uses.
            if slipped == text or place == places[-1]:
                continue
            with pytest.raises(ShareUnreadable) as refused:
                shares.read(slipped)
            assert text[6:20] not in str(refused.value)


@pytest.mark.parametrize("typed", ["", "RBRL", "RBRL-0000", "é" * 66, "0" * 66, "U" * 66])
def test_what_is_no_share_is_refused(typed: str) -> None:
    with pytest.raises(ShareUnreadable):
        shares.read(typed)


def test_enough_shares_of_one_set_give_the_secret() -> None:
    cut = shares.of(SECRET, needed=3, shares=5, name=SET)

    assert shares.joined(cut[1:4]) == SECRET
    assert shares.joined([*cut, cut[0]]) == SECRET


def test_too_few_or_the_same_share_twice_are_refused() -> None:
    cut = shares.of(SECRET, needed=3, shares=5, name=SET)

    for given_shares in (cut[:2], [cut[0], cut[0], cut[1]]):
        with pytest.raises(ShareUnreadable, match="3 different shares are needed; 2"):
            shares.joined(given_shares)
    with pytest.raises(ShareUnreadable, match="No share"):
        shares.joined([])


def test_shares_of_two_sets_are_not_mixed() -> None:
    ours, theirs = (shares.of(secrets.token_bytes(32), needed=2, shares=2, name=name) for name in (SET, b"\x00\x01"))

    with pytest.raises(ShareUnreadable, match="not of one set"):
        shares.joined([ours[0], theirs[1]])
