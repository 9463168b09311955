"""What the law of a country does to people like our applicants: dated, sourced, and never a word about how safe a street is."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from rainbowrail.countries.codes import DATA

type Criminalised = Literal["yes", "no", "de_facto", "unclear"]
type DeathPenalty = Literal["none", "possible", "prescribed"]


@dataclass(frozen=True, slots=True)
class Hazard:
    """One country's row.

    `max_penalty` is in years, "life", or None where no maximum is fixed or known. `hostile`: no ban, but restrictions or
    documented violence. `alert`: staff have raised an active alert. `as_of` is the day the row was true by `source`;
    confidence stands in `note`.
    """

    alpha3: str
    criminalised: Criminalised
    death_penalty: DeathPenalty
    max_penalty: int | Literal["life"] | None
    hostile: bool
    source: str
    as_of: date
    note: str = ""
    alert: bool = False


@dataclass(frozen=True)
class Hazards:
    """The whole table. `as_of` is the day of its newest row: what a result names as the date of the country data."""

    rows: Mapping[str, Hazard]

    @property
    def as_of(self) -> date:
        return max(row.as_of for row in self.rows.values())


@cache
def hazards() -> Hazards:
    """Return the table as committed, read once."""
    rows = json.loads((DATA / "hazards.json").read_text(encoding="utf-8"))
    return Hazards(
        {code: Hazard(alpha3=code, **{**row, "as_of": date.fromisoformat(row["as_of"])}) for code, row in rows.items()}
    )


def hazard(alpha3: str) -> Hazard:
    """Return one country's row. Raises KeyError for a code that is not listed."""
    return hazards().rows[alpha3]


def countries_as_of() -> date:
    """Return the day of the newest row."""
    return hazards().as_of
