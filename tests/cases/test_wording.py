"""Every key of the questionnaire and every value it may have is said in a caseworker's words; unknown is never "no"."""

import pytest
from django.utils import translation

from cases.identity import lines_of
from cases.urgency.facts import EVENT_TYPES, KEYS, OneOf, SomeOf
from cases.wording import EVENTS, GROUPS, LABELS, VALUES, in_words, value_in_words
from intake.forms.you import SogiescForm


def test_every_key_of_the_policy_stands_in_one_group_with_a_label() -> None:
    grouped = [key for _title, keys in GROUPS for key in keys]
    assert len(grouped) == len(set(grouped))
    assert set(KEYS) <= set(grouped) == set(LABELS)


@pytest.mark.parametrize("key", [key for key, kind in KEYS.items() if isinstance(kind, OneOf | SomeOf)])
def test_every_value_has_words(key: str) -> None:
    kind = KEYS[key]
    assert isinstance(kind, OneOf | SomeOf)
    assert set(VALUES[key]) == set(kind.values)


def test_every_rating_event_and_word_for_oneself_has_words() -> None:
    assert set(VALUES["self_rated_danger"]) == {"0", "1", "2", "3", "4"}
    assert set(EVENTS) == set(EVENT_TYPES)
    offered = {value for value, _label in SogiescForm.base_fields["sogiesc"].choices}  # type: ignore[attr-defined]
    assert offered == set(VALUES["sogiesc"])


def test_what_was_not_said_is_listed_as_not_stated() -> None:
    (danger, *_rest) = in_words({"threat_now": "none"}, language="en")
    assert [(str(fact.label), fact.value) for fact in danger.facts] == [("Threat now", "none")]
    assert "Last harm" in map(str, danger.unknown)


def test_zero_and_false_are_answers() -> None:
    groups = list(in_words({"self_rated_danger": 0, "disability": False, "money_days": 0}, language="en"))
    said = {str(fact.label): fact.value for group in groups for fact in group.facts}
    assert said == {"Their own rating": "0 of 4: safe", "Disability": "no", "The money lasts": "0 days"}


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("current_country", "UGA", "Uganda"),
        ("shelter_nights_left", 365, "stable"),
        ("shelter_nights_left", 1, "1 night"),
        ("last_harm_days_ago", 0, "today"),
        ("last_harm_days_ago", 12, "12 days ago"),
        ("help_asked", ["cash", "legal"], "cash, legal help"),
        ("dated_event", [{"type": "eviction", "in_days": 3}, {"type": "trial", "in_days": None}], "eviction in 3 days; trial"),
        ("dated_event", {"type": "deportation", "in_days": -2}, "deportation (the date has gone by)"),
        ("dated_event", [{"type": "none"}], "nothing with a date"),
        ("threat_now", "a word we do not know", "a word we do not know"),
    ],
)
def test_a_value_is_said_as_people_say_it(key: str, value: object, words: str) -> None:
    assert value_in_words(key, value, language="en") == words


def test_countries_are_named_in_the_readers_language() -> None:
    with translation.override("fr"):
        assert value_in_words("nationality", "RUS", language="fr") == "Russie"


def test_the_code_word_comes_before_the_number() -> None:
    plan = {
        "channel": "call",
        "address": "+254700000000",
        "word": "mango",
        "from_hour": 22,
        "until_hour": 6,
        "utc_offset": -210,
    }
    lines = [(str(line.label), line.value) for line in lines_of({"call_you": "Ade", "contact": plan})]
    labels = [label for label, _value in lines]
    assert labels.index("Ask for this word first") < labels.index("Address or number")
    assert dict(lines)["Safe hours, their time"] == "22:00–06:00 (UTC−03:30)"
    assert dict(lines)["Others use the device"] == "not stated: assume yes"


def test_who_wants_no_contact_has_no_lines_to_call_by() -> None:
    labels = [str(line.label) for line in lines_of({"call_you": "Ade", "contact": {"channel": "none"}})]
    assert labels == ["Name to call them", "Pronouns", "Contact"]
