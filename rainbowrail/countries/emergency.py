"""Whom one can telephone in an emergency, country by country: public short numbers, dated, and each with how sure we are of it.

Never a reason to send somebody to the police: `police_may_harm` says where they may be the danger themselves.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from rainbowrail.countries.codes import DATA
from rainbowrail.countries.hazards import hazards

type Confidence = Literal["read", "recalled"]


@dataclass(frozen=True, slots=True)
class Emergency:
    """One country's numbers; "" where none is known. `general` reaches every service, so it may bring the police too.

    `despair` is a line for people who think of ending their life. `confidence`: "read" at `source` on `as_of`, or "recalled",
    which is to be re-read before an office relies on it.
    """

    alpha3: str
    general: str
    police: str
    ambulance: str
    despair: str
    source: str
    as_of: date
    confidence: Confidence


@cache
def emergencies() -> Mapping[str, Emergency]:
    """Return the table as committed, read once."""
    rows = json.loads((DATA / "emergency.json").read_text(encoding="utf-8"))
    return {code: Emergency(alpha3=code, **{**row, "as_of": date.fromisoformat(row["as_of"])}) for code, row in rows.items()}


def emergency(alpha3: str) -> Emergency | None:
    """Return one country's numbers, or None where none is known."""
    return emergencies().get(alpha3)


def police_may_harm(alpha3: str) -> bool:
    """Whether the law or its practice makes the police of this country a danger to our applicants. Unknown is yes."""
    row = hazards().rows.get(alpha3)
    return row is None or row.criminalised != "no" or row.hostile or row.alert
