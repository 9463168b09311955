"""No cell that people typed is computed by the spreadsheet that opens it."""

import pytest

from cases.importing import mending
from rainbowrail.audit import table
from rainbowrail.formats.spreadsheets import harmless


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1", "+cmd", "-2", "@SUM(A1)", "|calc", "%0A", "  =HYPERLINK(1)", "\t=1", "\r=1", "\n=1", "\v=1", "\ttext", "\n",
        "\uff1d1+1", "\uff0bcmd", "\uff0d2", "\uff20SUM(A1)", "\u00a0=1", "\u2003=1", "\u200b=1", "\ufeff=1", "\u202e=1",
        "\ufe661", "\x01=1", "\0=1",
    ],
)  # fmt: skip
def test_what_might_be_computed_gets_an_apostrophe(cell: str) -> None:
    assert harmless(cell) == f"'{cell}".replace("\0", "")


@pytest.mark.parametrize("cell", ["Cleo", "a=b", "Ünal", "1+1", "‘quoted’", "", "مثال", "\u00a0"])
def test_words_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


def test_nothing_is_empty_and_numbers_are_text() -> None:
    assert (harmless(None), harmless(7), harmless(-7)) == ("", "7", "'-7")


def test_both_tables_that_leave_us_use_it() -> None:
    assert vars(table)["harmless"] is harmless and vars(mending)["harmless"] is harmless
