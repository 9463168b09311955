"""Names, laws, and the command that makes both."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cases.urgency.score import default_scorer
from rainbowrail.countries.codes import DATA, LANGUAGES, alpha3_codes, choices, is_code, name
from rainbowrail.countries.hazards import countries_as_of, hazard, hazards

HEADER = "alpha2,alpha3,name,criminalised,death_penalty,max_penalty_years,hostile,note,source,as_of\n"
NAMIBIA = "NA,NAM,Namibia,no,none,,yes,struck down 2024,a source,2025-06-01\n"
UGANDA = 'UG,UGA,Uganda,yes,prescribed,life,no,"a law, with a comma",another source,2026-02-18\n'


def test_every_country_has_a_name_in_every_language() -> None:
    assert len(alpha3_codes()) == 250
    for code in alpha3_codes():
        assert len(code) == 3
        assert all(name(code, language).strip() for language in LANGUAGES)


def test_namibia_is_a_country_and_not_a_missing_value() -> None:
    assert name("NAM") == "Namibia"
    assert name("NAM", "ar") == "ناميبيا"
    assert hazard("NAM").hostile


def test_a_language_without_names_falls_back_to_its_base_and_then_to_english() -> None:
    assert name("DEU", "fr-ca") == "Allemagne"
    assert name("DEU", "xx") == "Germany"


def test_codes_are_written_in_capitals() -> None:
    assert is_code("UGA")
    assert not any(is_code(other) for other in ("uga", "UG", "XXX", "", None, 800, ["UGA"]))
    with pytest.raises(KeyError):
        name("XXX")


def test_choices_stand_in_the_order_of_the_names_without_accents() -> None:
    names = [label for _, label in choices("fr")]
    assert names.index("Albanie") < names.index("États-Unis") < names.index("Finlande")
    assert len(choices("ar")) == len({code for code, _ in choices("ar")}) == 250


def test_every_country_has_a_dated_row_with_a_source() -> None:
    assert hazards().rows.keys() == set(alpha3_codes())
    for row in hazards().rows.values():
        assert row.source
        assert row.as_of <= countries_as_of()
    assert countries_as_of() == date(2026, 6, 5)


@pytest.mark.parametrize(
    ("code", "law_class", "criminalising"),
    [
        ("CAN", 0, False),
        ("BRA", 1, False),  # hostile: no ban, documented violence
        ("IDN", 2, True),  # unclear
        ("ESH", 2, True),  # unclear
        ("LBN", 2, True),  # one year
        ("MAR", 2, True),  # three years is not above three
        ("SWZ", 2, True),  # no fixed penalty
        ("EGY", 3, True),  # de facto
        ("KEN", 3, True),  # fourteen years
        ("TZA", 3, True),  # life
        ("AFG", 4, True),  # death possible, though the written maximum is two years
        ("ARE", 4, True),  # death possible
        ("UGA", 4, True),  # death prescribed
    ],
)
def test_the_law_of_a_country_comes_to_its_class(code: str, law_class: int, criminalising: bool) -> None:
    assert default_scorer().setting.countries[code] == (law_class, criminalising)


def test_the_command_makes_both_files_from_a_table_given_as_argument(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text(HEADER + UGANDA + NAMIBIA, encoding="utf-8")
    call_command("countries", str(table), "--into", str(tmp_path), verbosity=0)
    laws = json.loads((tmp_path / "hazards.json").read_text(encoding="utf-8"))
    names = json.loads((tmp_path / "names.json").read_text(encoding="utf-8"))
    assert list(laws) == list(names) == ["NAM", "UGA"]
    assert laws["UGA"] == {
        "criminalised": "yes",
        "death_penalty": "prescribed",
        "max_penalty": "life",
        "hostile": False,
        "note": "a law, with a comma",
        "source": "another source",
        "as_of": "2026-02-18",
    }
    committed = json.loads((DATA / "names.json").read_text(encoding="utf-8"))
    assert names["NAM"] == committed["NAM"]


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (UGANDA.replace("prescribed", "perhaps"), "Line 3: death_penalty is 'perhaps'; allowed: none, possible, prescribed"),
        (UGANDA.replace("life", "many"), "Line 3: max_penalty_years is 'many'"),
        (UGANDA.replace("2026-02-18", "spring"), "Line 3: as_of is 'spring'"),
        (UGANDA.replace(",another source,2026-02-18", ""), "Line 3: no column source, as_of"),
        (UGANDA.replace("UG,", "QQ,"), "Babel has no name for 'QQ'"),
        (NAMIBIA, "listed twice"),
    ],
)
def test_a_bad_table_is_refused_with_line_and_column(tmp_path: Path, row: str, complaint: str) -> None:
    table = tmp_path / "table.csv"
    table.write_text(HEADER + NAMIBIA + row, encoding="utf-8")
    with pytest.raises(CommandError, match=complaint):
        call_command("countries", str(table), "--into", str(tmp_path))
