"""The shape of what an applicant answered, and its reading as facts. Pure: no database, no HTML.

A draft is one flat dict. A key that is absent or None is *unknown*, never "no" (domain.md). Days are kept as dates from the
moment they are said, so that "five nights left" said on Monday is three on Wednesday:

    last_harm_on     ISO date                     ->  last_harm_days_ago
    shelter_until    ISO date, or "stable"        ->  shelter_nights_left (365 = stable)
    money_until      ISO date                     ->  money_days
    dated_event      [{"type", "on": ISO | None}] ->  [{"type", "in_days"}]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

type Answers = dict[str, Any]

STABLE: Final = "stable"
STABLE_NIGHTS: Final = 365

# The keys of the urgency table that are stored as they are.
PLAIN_FACTS: Final = (
    "submitter", "age_band", "minor_accompanied", "dependants", "nationality", "current_country", "legal_status_current",
    "location_type", "last_harm", "threat_now", "threat_source", "perpetrator_knows_location", "custody", "outed",
    "publicly_named", "self_rated_danger", "medical", "suicidality", "survivor_torture_or_sv", "disability", "pregnant",
    "unhcr_registered", "trusted_person_nearby", "evidence", "help_asked",
)  # fmt: skip

CONTACT_PREFIX: Final = "contact_"
CONSENT_PREFIX: Final = "consent_"
IDENTITY_KEYS: Final = ("call_you", "pronouns", "filer_call_you")
OWN_WORDS: Final = "own_words"
# Who fills the form for somebody else gets a code of their own, which opens messages to them only (docs/decisions/0047).
FILERS: Final = frozenset({"partner", "friend"})
# Who travels along has rows of their own (`intake.household`).
HOUSEHOLD: Final = "household"
# Version of the shape above, kept beside the answers so that a later reader knows how to read them.
SHAPE: Final = 1


def date_in(days: int, today: date) -> str:
    """Return the ISO date `days` after `today`; days before it are negative."""
    return (today + timedelta(days=days)).isoformat()


def days_until(iso: str, today: date) -> int:
    """Return the whole days from `today` to an ISO date; negative when it has gone by."""
    return (date.fromisoformat(iso) - today).days


def facts_of(answers: Mapping[str, Any], *, today: date) -> dict[str, object]:
    """Return only what was stated, in the keys of the urgency table, with days counted from `today`.

    A dated event that has gone by has negative `in_days`: the policy reads it as today until somebody says what happened.
    """
    facts: dict[str, object] = {key: answers[key] for key in PLAIN_FACTS if answers.get(key) is not None}
    if harm_on := answers.get("last_harm_on"):
        facts["last_harm_days_ago"] = max(0, -days_until(harm_on, today))
    if until := answers.get("shelter_until"):
        facts["shelter_nights_left"] = STABLE_NIGHTS if until == STABLE else max(0, days_until(until, today))
    if until := answers.get("money_until"):
        facts["money_days"] = max(0, days_until(until, today))
    if events := answers.get("dated_event"):
        facts["dated_event"] = [_event(event, today) for event in events]
    return facts


def _event(event: Mapping[str, Any], today: date) -> dict[str, object]:
    if event["type"] == "none":
        return {"type": "none"}
    return {"type": event["type"], "in_days": days_until(event["on"], today) if event.get("on") else None}


@dataclass(frozen=True, slots=True)
class Parts:
    """One draft, parted by whose eyes each part is for; what `HelpRequest` keeps in its four sealed fields."""

    identity: Answers
    story: Answers
    own_words: str
    consent: Answers


def part(answers: Mapping[str, Any], *, answered_on: date) -> Parts:
    """Part a draft into identity (names, how to reach them), story, own words and consent.

    Nothing is dropped: a key that no list names goes into the story, the compartment that fewer people open than the list
    of a queue does.
    """
    identity: Answers = {key: answers[key] for key in IDENTITY_KEYS if answers.get(key) is not None}
    identity["contact"] = _with_prefix(answers, CONTACT_PREFIX)
    story = {
        key: value
        for key, value in answers.items()
        if key not in {*IDENTITY_KEYS, OWN_WORDS, HOUSEHOLD} and not key.startswith((CONTACT_PREFIX, CONSENT_PREFIX))
    }
    story |= {"answered_on": answered_on.isoformat(), "shape": SHAPE}
    return Parts(identity, story, str(answers.get(OWN_WORDS) or ""), _with_prefix(answers, CONSENT_PREFIX))


def _with_prefix(answers: Mapping[str, Any], prefix: str) -> Answers:
    return {key.removeprefix(prefix): value for key, value in answers.items() if key.startswith(prefix) and value is not None}
