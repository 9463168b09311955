import sys
import unicodedata

import pytest
from django.conf import settings

from rainbowrail.crypto.numerals import NUMERALS, SYSTEMS, in_numerals_of, numbering_system_of, to_ascii


@pytest.mark.parametrize("language", NUMERALS)
def test_every_table_has_ten_digits_in_order_that_are_read_back(language: str) -> None:
    assert [to_ascii(numeral) for numeral in NUMERALS[language]] == list("0123456789")


def test_arabic_is_shown_in_arabic_indic_and_persian_in_its_own_numerals() -> None:
    assert in_numerals_of("0456 1", "ar") == "٠٤٥٦ ١"
    assert in_numerals_of("0456", "fa-AF") == "۰۴۵۶"
    assert all(in_numerals_of("0456", language) == "0456" for language in ("en", "fr", "ur", "zz"))


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_what_every_language_of_the_site_shows_is_read_back(language: str) -> None:
    assert "".join(to_ascii(digit) or "?" for digit in in_numerals_of("0123456789", language)) == "0123456789"


def test_decimal_digits_of_every_script_are_read_and_nothing_else() -> None:
    digits = [chr(point) for point in range(sys.maxunicode + 1) if unicodedata.category(chr(point)) == "Nd"]

    assert len(digits) >= 650
    assert all(to_ascii(digit) == str(unicodedata.decimal(digit)) for digit in digits)
    assert [to_ascii(other) for other in "②½Ⅷ四x-"] == [None] * 6


@pytest.mark.parametrize("language", NUMERALS)
def test_every_table_has_the_name_by_which_browsers_know_it(language: str) -> None:
    assert numbering_system_of(language) == SYSTEMS[NUMERALS[language]]
    assert numbering_system_of("fr") == "latn"
