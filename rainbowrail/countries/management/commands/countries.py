"""Make the committed JSON of `rainbowrail/countries/data/` from a table of laws and Babel's names.

Babel is a development package; the app reads only the JSON.
"""

import csv
import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rainbowrail.countries.codes import DATA, LANGUAGES

COLUMNS = (
    "alpha2",
    "alpha3",
    "name",
    "criminalised",
    "death_penalty",
    "max_penalty_years",
    "hostile",
    "note",
    "source",
    "as_of",
)
ALLOWED = {
    "criminalised": {"yes", "no", "de_facto", "unclear"},
    "death_penalty": {"none", "possible", "prescribed"},
    "hostile": {"yes", "no"},
}


class Command(BaseCommand):
    help = "Make the country data from a CSV file with the columns: " + ", ".join(COLUMNS)
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("csv", type=Path, help="the table of laws, UTF-8, one row a country")
        parser.add_argument("--into", type=Path, default=DATA, help="the folder to write into (default: where the app reads)")

    def handle(self, *args: object, **options: Any) -> None:
        try:
            with options["csv"].open(encoding="utf-8", newline="") as file:
                table = list(csv.DictReader(file))
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"Cannot read {options['csv']}: {error}") from error
        hazards = dict(sorted(read_row(number, row) for number, row in enumerate(table, start=2)))
        if len(hazards) != len(table):
            raise CommandError("A country is listed twice.")
        write(options["into"] / "hazards.json", hazards)
        alpha2_of = {row["alpha3"]: row["alpha2"] for row in table}
        write(options["into"] / "alpha2.json", dict(sorted(alpha2_of.items())))
        write(options["into"] / "names.json", names(alpha2_of))
        self.stdout.write(f"{len(hazards)} countries written into {options['into']}.")


def read_row(line: int, row: dict[str, str]) -> tuple[str, dict[str, object]]:
    """Return (alpha-3, the row as `Hazard` takes it). Raises CommandError naming line, column and what is allowed.

    Every cell is text: `NA` in the first column is Namibia, not a missing value.
    """
    if missing := [column for column in COLUMNS if row.get(column) is None]:
        raise CommandError(f"Line {line}: no column {', '.join(missing)}.")
    for column, allowed in ALLOWED.items():
        if row[column] not in allowed:
            raise CommandError(f"Line {line}: {column} is {row[column]!r}; allowed: {', '.join(sorted(allowed))}.")
    years = row["max_penalty_years"]
    if years not in {"", "life"} and not years.isdecimal():
        raise CommandError(f"Line {line}: max_penalty_years is {years!r}; allowed: whole years, life, or empty.")
    try:
        as_of = date.fromisoformat(row["as_of"])
    except ValueError as error:
        raise CommandError(f"Line {line}: as_of is {row['as_of']!r}; it must be a date such as 2026-02-18.") from error
    return row["alpha3"], {
        "criminalised": row["criminalised"],
        "death_penalty": row["death_penalty"],
        "max_penalty": "life" if years == "life" else int(years) if years else None,
        "hostile": row["hostile"] == "yes",
        "note": row["note"],
        "source": row["source"],
        "as_of": as_of.isoformat(),
    }


def names(alpha2_of: dict[str, str]) -> dict[str, dict[str, str]]:
    """Return each country's name in each language, from the Unicode CLDR that Babel carries."""
    from babel import Locale  # a development package: only this command needs it

    locales = {language: Locale.parse(language).territories for language in LANGUAGES}
    try:
        return {
            alpha3: {language: territories[alpha2] for language, territories in locales.items()}
            for alpha3, alpha2 in sorted(alpha2_of.items())
        }
    except KeyError as error:
        raise CommandError(f"Babel has no name for {error}.") from error


def write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
