"""Answers keep days as dates, read the unknown as unknown, and part by compartment."""

from datetime import date

import pytest

from cases.urgency.facts import KEYS, UrgencyFacts
from intake.answers import PLAIN_FACTS, date_in, facts_of, part

TODAY = date(2026, 11, 21)


def test_every_key_of_the_urgency_table_can_come_out_of_the_answers() -> None:
    answers = dict.fromkeys(PLAIN_FACTS, "x") | {
        "last_harm_on": "2026-11-20", "shelter_until": "stable", "money_until": "2026-12-01", "dated_event": [{"type": "none"}],
    }  # fmt: skip
    assert facts_of(answers, today=TODAY).keys() == KEYS.keys()


def test_nothing_said_is_nothing_stated() -> None:
    assert facts_of({}, today=TODAY) == {}
    assert facts_of({"last_harm": None, "shelter_until": None}, today=TODAY) == {}


def test_no_is_not_unknown() -> None:
    assert facts_of({"disability": False, "dependants": 0, "self_rated_danger": 0}, today=TODAY) == {
        "disability": False, "dependants": 0, "self_rated_danger": 0,
    }  # fmt: skip


def test_days_age_with_the_day_of_reading() -> None:
    answers = {
        "last_harm_on": date_in(-7, TODAY),
        "shelter_until": date_in(5, TODAY),
        "money_until": date_in(2, TODAY),
        "dated_event": [{"type": "trial", "on": date_in(10, TODAY)}],
    }
    later = facts_of(answers, today=date(2026, 11, 24))
    assert later["last_harm_days_ago"] == 10
    assert later["shelter_nights_left"] == 2
    assert later["money_days"] == 0
    assert later["dated_event"] == [{"type": "trial", "in_days": 7}]


def test_nights_and_money_never_go_below_none() -> None:
    facts = facts_of({"shelter_until": "2026-01-01", "money_until": "2026-01-01"}, today=TODAY)
    assert facts == {"shelter_nights_left": 0, "money_days": 0}


def test_a_day_gone_by_is_told_as_gone_by() -> None:
    assert facts_of({"dated_event": [{"type": "trial", "on": "2026-11-19"}]}, today=TODAY)["dated_event"] == [
        {"type": "trial", "in_days": -2}
    ]


def test_an_event_without_a_date_stays_without_one() -> None:
    facts = facts_of({"dated_event": [{"type": "eviction", "on": None}]}, today=TODAY)
    assert UrgencyFacts.from_answers(facts).stated["dated_event"][0].in_days is None


def test_a_stable_place_is_a_year() -> None:
    assert facts_of({"shelter_until": "stable"}, today=TODAY) == {"shelter_nights_left": 365}


def test_names_and_contact_go_into_identity_and_nowhere_else() -> None:
    parts = part(
        {
            "call_you": "Ade",
            "contact_channel": "email",
            "contact_address": "a@example.org",
            "last_harm": "beating",
            "own_words": "I ran.",
        },
        answered_on=TODAY,
    )
    assert parts.identity == {"call_you": "Ade", "contact": {"channel": "email", "address": "a@example.org"}}
    assert parts.own_words == "I ran."
    assert "Ade" not in str(parts.story)
    assert "example.org" not in str(parts.story)
    assert parts.story["answered_on"] == "2026-11-21"


def test_consent_stands_apart_with_its_text_version() -> None:
    parts = part({"consent_read": True, "consent_partners": None, "consent_text_version": "v"}, answered_on=TODAY)
    assert parts.consent == {"read": True, "text_version": "v"}


@pytest.mark.parametrize("key", ["region", "sogiesc", "heard", "a_key_of_tomorrow"])
def test_nothing_that_was_said_is_dropped(key: str) -> None:
    assert part({key: "said"}, answered_on=TODAY).story[key] == "said"
