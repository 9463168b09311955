"""What may be said, and the complaint about anything else."""

from typing import Any

import pytest

from cases.urgency.facts import KEYS, BadFacts, Event, UrgencyFacts
from tests.cases.urgency.situations import CALM, event


def complaints(answers: Any) -> list[str]:
    with pytest.raises(BadFacts) as caught:
        UrgencyFacts.from_answers(answers)
    return [str(problem) for problem in caught.value.problems]


def test_absent_null_and_the_word_unknown_are_one_thing() -> None:
    assert UrgencyFacts.from_answers(dict.fromkeys(KEYS)) == UrgencyFacts.from_answers({})
    assert UrgencyFacts.from_answers(dict.fromkeys(KEYS, "unknown")) == UrgencyFacts.from_answers({})


def test_every_key_of_the_table_is_read() -> None:
    assert UrgencyFacts.from_answers(CALM).stated.keys() == KEYS.keys()


@pytest.mark.parametrize(
    ("key", "value", "allowed"),
    [
        ("threat_now", "deadly", "none | general | serious_harm | death"),
        ("threat_now", True, "none | general"),
        ("threat_now", ["death"], "none | general"),
        ("threat_now", "Death", "none | general"),
        ("perpetrator_knows_location", True, "yes | no"),
        ("publicly_named", "false", "true | false"),
        ("publicly_named", 1, "true | false"),
        ("dependants", True, "a whole number from 0"),
        ("dependants", "3", "without quotes"),
        ("dependants", 2.0, "a whole number"),
        ("dependants", -1, "from 0"),
        ("self_rated_danger", 5, "from 0 to 4"),
        ("self_rated_danger", float("nan"), "from 0 to 4"),
        ("shelter_nights_left", -1, "from 0"),
        ("last_harm_days_ago", -3, "from 0"),
        ("money_days", 10**9, "from 0"),
        ("current_country", "XXX", "alpha-3"),
        ("current_country", "UG", "alpha-3"),
        ("nationality", "uga", "did you mean UGA?"),
        ("nationality", 800, "alpha-3"),
        ("help_asked", "cash", "a list of relocation"),
        ("help_asked", {"cash": True}, "a list of relocation"),
        ("dated_event", "trial", '"none"'),
        ("dated_event", 7, '"none"'),
    ],
)
def test_a_bad_value_is_refused_with_key_value_and_what_is_allowed(key: str, value: Any, allowed: str) -> None:
    (complaint,) = complaints({key: value})
    assert complaint.startswith(f"{key}: ")
    assert allowed in complaint


@pytest.mark.parametrize(
    ("given", "place", "allowed"),
    [
        (event("divorce", 3), "dated_event.type", "forced_marriage"),
        ({"type": "trial"}, "dated_event.in_days", "null when nobody knows"),
        ({"type": "trial", "in_days": "3"}, "dated_event.in_days", "a whole number"),
        ({"type": "trial", "in_days": True}, "dated_event.in_days", "a whole number"),
        ({"type": "trial", "in_days": 3, "where": "Kampala"}, "dated_event.where", "only the keys type and in_days"),
        ({"in_days": 3}, "dated_event.in_days", "only with the type"),
        ({"type": "none", "in_days": 3}, "dated_event.in_days", "only with the type"),
        ([event("trial", 3), "eviction"], "dated_event[2]", "in_days"),
        ([event("trial", 3), {"type": "none"}], "dated_event[2]", "none stands alone"),
        ([event("trial", 3), event("trial", "x")], "dated_event[2].in_days", "a whole number"),  # type: ignore[arg-type]
    ],
)
def test_a_bad_event_is_refused_where_it_stands(given: Any, place: str, allowed: str) -> None:
    (complaint,) = complaints({"dated_event": given})
    assert complaint.startswith(f"{place}: ")
    assert allowed in complaint


def test_a_bad_word_in_a_list_is_named_with_its_place() -> None:
    (complaint,) = complaints({"help_asked": ["cash", "gold"]})
    assert complaint.startswith('help_asked[2]: "gold" is not allowed; allowed: relocation')


def test_an_unknown_key_is_refused_with_the_keys_there_are() -> None:
    (complaint,) = complaints({"treat_now": "death"})
    assert '"treat_now"' in complaint
    assert all(key in complaint for key in KEYS)


def test_every_mistake_is_reported_at_once() -> None:
    found = complaints(
        {"threat_now": 3, "dependants": -1, "foo": None, "dated_event": [event("x", 1), event("trial", None) | {"y": 1}]}
    )
    assert [complaint.partition(":")[0] for complaint in found] == [
        "threat_now",
        "dependants",
        '"foo"',
        "dated_event[1].type",
        "dated_event[2].y",
    ]


def test_what_is_not_an_object_is_refused() -> None:
    assert complaints([1]) == ["facts: [1] is not allowed; allowed: a JSON object"]


def test_a_long_value_is_not_repeated_whole() -> None:
    (complaint,) = complaints({"threat_now": "my whole story " * 50})
    assert len(complaint) < 200


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (event("trial", 3), (Event("trial", 3),)),
        ([event("trial", -3), event("eviction", 0)], (Event("trial", -3), Event("eviction", 0))),
        (event("trial", None), (Event("trial", None),)),
        (event("trial", "unknown"), (Event("trial", None),)),  # type: ignore[arg-type]
        ({"type": "none"}, ()),
        ([{"type": "none"}], ()),
        ({"type": "none", "in_days": None}, ()),
    ],
)
def test_events_are_read_from_an_object_or_a_list(given: Any, read: tuple[Event, ...]) -> None:
    assert UrgencyFacts.from_answers({"dated_event": given}).stated["dated_event"] == read


@pytest.mark.parametrize("given", [[], {}, {"type": None}, {"type": "unknown"}, {"type": None, "in_days": None}])
def test_an_empty_event_says_nothing(given: Any) -> None:
    assert "dated_event" not in UrgencyFacts.from_answers({"dated_event": given}).stated


def test_nobody_may_state_a_fact_that_the_table_does_not_have() -> None:
    assert "own_words" not in KEYS
    assert complaints({"own_words": "help"})
