"""One way of writing an address or a number, and nothing for what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.likeness import contacts


@pytest.mark.parametrize(
    "written", ["ade.b@example.org", " Ade.B@Example.ORG ", "ade.b+camp@example.org", "ａｄｅ.b@example.org"]
)
def test_one_mailbox_is_one_address(written: str) -> None:
    assert contacts.email(written) == "ade.b@example.org"


def test_dots_mean_nothing_only_where_the_provider_says_so() -> None:
    assert contacts.email("a.de@googlemail.com") == contacts.email("ade@gmail.com") == "ade@gmail.com"
    assert contacts.email("a.de@example.org") != contacts.email("ade@example.org")


@pytest.mark.parametrize("text", ["", "@", "ade@", "@example.org", "ade@example", "a de@example.org", "+x@example.org"])
def test_what_is_no_address_is_nothing(text: str) -> None:
    assert contacts.email(text) == ""


@pytest.mark.parametrize(
    "written", ["+256 700 123456", "00256700123456", "256700123456", "0700 123-456", "٠٧٠٠١٢٣٤٥٦", "+٢٥٦ 700 123456"]
)
def test_one_number_is_written_one_way(written: str) -> None:
    assert "+256700123456" in contacts.phones(written, country="UGA")


def test_a_national_number_needs_its_country() -> None:
    assert contacts.phones("0700123456") == set()
    assert contacts.phones("0700123456", country="???") == set()
    assert contacts.phones("0700123456", country="KEN") == {"+254700123456"}


def test_codes_keep_letters_and_digits_only() -> None:
    assert contacts.document("ab-12 34/5") == contacts.document("AB12345") == "AB12345"
    assert contacts.partner("p-٧٧٧") == "P777"
    assert contacts.document("A1") == ""


@given(st.text())
def test_whatever_is_typed_is_written_one_way_or_not_at_all(text: str) -> None:
    for one_way in (contacts.email, contacts.document, contacts.partner):
        written = one_way(text)
        assert one_way(written) == written
    for number in contacts.phones(text, country="UGA"):
        assert number.startswith("+") and number[1:].isdecimal() and number.isascii()
        assert contacts.phones(number) == {number}
