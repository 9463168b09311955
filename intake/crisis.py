"""What helps at once, by where somebody is: numbers to call, and where the police must not be called without care. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from intake.answers import Answers
from rainbowrail.countries import codes
from rainbowrail.countries.emergency import emergency, police_may_harm


@dataclass(frozen=True, slots=True)
class LocalAdvice:
    """`number` reaches everybody, `ambulance` doctors; either may be "". With `beware` the police may be part of the danger:
    by the law of the country, or because the person said that the danger comes from the state."""

    country: str
    number: str
    police: str
    ambulance: str
    despair: str
    beware: bool
    as_of: date | None


def local_advice(answers: Answers, *, language: str) -> LocalAdvice | None:
    """Return what is known of the country the person is in now; None while they have not said which."""
    code = answers.get("current_country")
    if not isinstance(code, str) or not codes.is_code(code):
        return None
    beware = police_may_harm(code) or answers.get("threat_source") == "state"
    name, row = codes.name(code, language), emergency(code)
    if row is None:
        return LocalAdvice(name, "", "", "", "", beware, None)
    # Nobody is handed the number of those who may be after them; the one for all services comes with a warning.
    police = "" if beware else row.police
    return LocalAdvice(name, row.general, police, row.ambulance, row.despair, beware, row.as_of)
