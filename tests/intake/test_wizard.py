"""What comes next. Pure: no page, no database."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from cases.urgency.facts import EVENT_TYPES, KEYS, OneOf, SomeOf, UrgencyFacts, YesNo
from intake import wizard
from intake.answers import facts_of
from intake.steps import BY_SLUG, STEPS, Step

TODAY = date(2026, 11, 21)
# Opens every conditional step.
EVERYTHING: dict[str, Any] = {
    "contact_channel": "call",
    "age_band": "15_17",
    "location_type": "home",
    "last_harm": "beating",
    "threat_now": "death",
    "dated_event": [{"type": "trial", "on": None}],
}


def form(step: Step, answers: dict[str, Any], data: Any = None) -> Any:
    return step.form(data, answers=answers, today=TODAY, language="en")


def slugs(answers: dict[str, Any]) -> set[str]:
    return {step.slug for step in wizard.applicable(answers)}


def test_slugs_are_never_used_twice() -> None:
    assert len(BY_SLUG) == len(STEPS)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.slug)
def test_every_step_but_the_permission_may_be_left_empty(step: Step) -> None:
    empty = form(step, EVERYTHING, {})
    assert empty.is_valid() == step.may_skip
    if step.may_skip:
        stated = {key: value for key, value in empty.to_answers().items() if key != "dated_event"}
        assert set(stated.values()) <= {None}
    assert len([step for step in STEPS if not step.may_skip]) == 1


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.slug)
def test_a_step_saves_exactly_the_keys_it_owns(step: Step) -> None:
    filled = form(step, EVERYTHING, {"consent_read": "on"})
    assert filled.is_valid()
    assert set(filled.to_answers()) == set(filled.owned_keys())


def test_the_questionnaire_asks_for_every_key_of_the_urgency_table() -> None:
    asked = {key for step in STEPS for key in form(step, EVERYTHING).owned_keys()}
    stored_as = {"last_harm_days_ago": "last_harm_on", "shelter_nights_left": "shelter_until", "money_days": "money_until"}
    assert {stored_as.get(key, key) for key in KEYS} <= asked


def _choices() -> list[tuple[Step, str, str]]:
    found = []
    for step in STEPS:
        for name, field in form(step, EVERYTHING).fields.items():
            found += [(step, name, str(value)) for value, _label in getattr(field, "choices", []) if value not in {"", "skip"}]
    return found


def test_every_choice_that_a_page_offers_is_a_value_the_urgency_rules_know() -> None:
    for step, name, value in _choices():
        filled = form(
            step, EVERYTHING, {name: [value] if name in {"events", "help_asked", "sogiesc"} else value, "consent_read": "on"}
        )
        assert filled.is_valid(), (step.slug, name, value, filled.errors)
        UrgencyFacts.from_answers(facts_of(filled.to_answers(), today=TODAY))


def test_every_value_that_the_urgency_rules_know_is_offered_somewhere() -> None:
    said_by_caseworkers = {("evidence", "contradictory")}
    known = {(key, value) for key, kind in KEYS.items() if isinstance(kind, OneOf | SomeOf) for value in kind.values}
    known |= {("events", value) for value in EVENT_TYPES}
    known |= {("self_rated_danger", str(number)) for number in range(5)}
    known |= {(key, value) for key, kind in KEYS.items() if isinstance(kind, YesNo) for value in ("true", "false")}
    offered = {(name, value) for _step, name, value in _choices()}
    assert known - offered == said_by_caseworkers


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.slug)
def test_what_was_saved_is_shown_again_as_it_was(step: Step) -> None:
    """Save the first choice of everything, draw the page again, send it unchanged: the same answers."""
    data: dict[str, Any] = {}
    for name, field in form(step, EVERYTHING).fields.items():
        choices = [value for value, _label in getattr(field, "choices", []) if value not in {"", "skip"}]
        several = type(field).__name__ == "Several"
        data[name] = ([choices[0]] if several else choices[0]) if choices else "4"
    data |= {"contact_address": "+256700123456"} if step.slug == "s03" else {}
    data.pop("stable", None)
    first = form(step, EVERYTHING, data)
    assert first.is_valid(), first.errors
    saved = EVERYTHING | first.to_answers()
    again = form(step, saved)
    redrawn = {
        bound.name: value
        for bound in again
        if (value := bound.field.prepare_value(bound.value())) is not None and value is not False
    }
    second = form(step, saved, redrawn)
    assert second.is_valid(), second.errors
    assert second.to_answers() == first.to_answers()


@pytest.mark.parametrize(
    ("answers", "slug"),
    [
        ({"contact_channel": "email"}, "s03"),
        ({"contact_channel": "call"}, "s32"),
        ({"age_band": "under_15"}, "s07"),
        ({"location_type": "shelter"}, "s13"),
        ({"last_harm": "verbal"}, "s16"),
        ({"last_harm": "verbal"}, "s18"),
        ({"threat_now": "general"}, "s18"),
        ({"dated_event": [{"type": "trial", "on": None}]}, "s20"),
    ],
)
def test_a_conditional_step_opens_by_its_answer_alone(answers: dict[str, Any], slug: str) -> None:
    assert slug not in slugs({})
    assert slug in slugs(answers)


@pytest.mark.parametrize(
    ("answers", "slug"),
    [
        ({"contact_channel": "none"}, "s03"),
        ({"age_band": "18_24"}, "s07"),
        ({"location_type": "street"}, "s13"),
        ({"location_type": "detention"}, "s13"),
        ({"last_harm": "none"}, "s16"),
        ({"threat_now": "none", "last_harm": "none"}, "s18"),
        ({"dated_event": [{"type": "none"}]}, "s20"),
    ],
)
def test_a_conditional_step_stays_shut_for_the_others(answers: dict[str, Any], slug: str) -> None:
    assert slug not in slugs(answers)


def test_after_the_last_step_there_is_none_and_before_the_first_neither() -> None:
    assert wizard.after(STEPS[-1], {}) is None
    assert wizard.before(STEPS[0], {}) is None


def test_going_forward_and_back_meets_the_same_steps() -> None:
    for answers in ({}, EVERYTHING):
        forward, step = [STEPS[0]], wizard.after(STEPS[0], answers)
        while step:
            forward.append(step)
            step = wizard.after(step, answers)
        assert forward == wizard.applicable(answers)
        assert all(wizard.before(later, answers) is earlier for earlier, later in pairwise(forward))


def test_the_place_of_a_step_counts_those_that_apply() -> None:
    assert wizard.place_of(STEPS[0], {}) == (1, len(wizard.applicable({})))
    assert wizard.place_of(BY_SLUG["s07"], {}).of == len(wizard.applicable({})) + 1


def test_answers_to_questions_that_no_longer_apply_are_not_sent() -> None:
    answers = {
        "last_harm": "none",
        "last_harm_on": "2026-11-20",
        "threat_now": "none",
        "threat_source": "family",
        "call_you": "Ade",
    }
    assert wizard.in_force(answers, today=TODAY, language="en") == {
        "last_harm": "none",
        "threat_now": "none",
        "call_you": "Ade",
    }


def test_dates_stay_in_force_although_two_steps_own_them() -> None:
    answers = {"dated_event": [{"type": "none"}]}
    assert wizard.in_force(answers, today=TODAY, language="en") == answers


def test_where_one_stopped_is_the_step_after_the_last_answer() -> None:
    stopped = wizard.where_stopped({"call_you": "Ade"}, today=TODAY, language="en")
    assert stopped is BY_SLUG["s06"]
    assert wizard.where_stopped({}, today=TODAY, language="en") is STEPS[0]
    assert wizard.where_stopped({"consent_read": True}, today=TODAY, language="en") is None


def test_both_nights_and_as_long_as_i_need_cannot_be_true() -> None:
    assert not form(BY_SLUG["s13"], EVERYTHING, {"nights": "3", "stable": "on"}).is_valid()


def test_no_event_and_an_event_cannot_be_true() -> None:
    assert not form(BY_SLUG["s19"], {}, {"events": ["none", "trial"]}).is_valid()


def test_ticking_events_again_keeps_the_days_already_given() -> None:
    saved = {"dated_event": [{"type": "trial", "on": "2026-12-01"}]}
    again = form(BY_SLUG["s19"], saved, {"events": ["trial", "eviction"]})
    assert again.is_valid()
    assert again.to_answers()["dated_event"] == [
        {"type": "trial", "on": "2026-12-01"}, {"type": "eviction", "on": None},
    ]  # fmt: skip
