"""Situations to start from, and one way to score them."""

from datetime import date
from typing import Any

from cases.urgency.facts import UrgencyFacts
from cases.urgency.score import Urgency, default_scorer

TODAY = date(2026, 11, 21)

# Countries of each class of law, as the committed table says; test_hazards pins the reasons.
CLASS_0, CLASS_1, CLASS_2, CLASS_3, CLASS_4 = "CAN", "BRA", "IDN", "EGY", "UGA"

# Everything is known, and nothing of it is bad.
CALM: dict[str, Any] = {
    "submitter": "self",
    "age_band": "25_59",
    "minor_accompanied": True,
    "dependants": 0,
    "nationality": CLASS_0,
    "current_country": CLASS_0,
    "legal_status_current": "citizen",
    "location_type": "safe_house",
    "shelter_nights_left": 365,
    "last_harm": "none",
    "last_harm_days_ago": 400,
    "threat_now": "none",
    "threat_source": "family",
    "perpetrator_knows_location": "no",
    "custody": "none",
    "dated_event": {"type": "none"},
    "outed": "none",
    "publicly_named": False,
    "self_rated_danger": 0,
    "medical": "none",
    "suicidality": "none",
    "survivor_torture_or_sv": False,
    "disability": False,
    "pregnant": False,
    "unhcr_registered": True,
    "trusted_person_nearby": True,
    "money_days": 100,
    "evidence": "strong",
    "help_asked": ["information"],
}


def scored(answers: dict[str, Any]) -> Urgency:
    """Score exactly these answers; everything else is unknown."""
    return default_scorer().score(UrgencyFacts.from_answers(answers), today=TODAY)


def calm_but(**answers: Any) -> Urgency:
    """Score a situation in which everything is known and calm, but for these answers; None makes one unknown."""
    return scored(CALM | answers)


def event(kind: str, in_days: int | None) -> dict[str, Any]:
    return {"type": kind, "in_days": in_days}
