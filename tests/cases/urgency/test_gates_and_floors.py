"""Every line of every gate and floor, just inside and just outside."""

from typing import Any

import pytest

from cases.urgency.bands import Band
from tests.cases.urgency.situations import CLASS_0, CLASS_1, CLASS_2, CLASS_4, calm_but, event, scored

CHILD_ALONE = {"age_band": "15_17", "minor_accompanied": False}
HURT_NOW = {"last_harm": "beating", "last_harm_days_ago": 3, "perpetrator_knows_location": None}
HURT_LATELY = {"last_harm": "beating", "last_harm_days_ago": 90, "current_country": CLASS_2, "shelter_nights_left": 42}

# (gate, answers that fire it, answers that just do not)
GATES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("G1", {"threat_now": "serious_harm", "self_rated_danger": 4}, {"threat_now": "serious_harm", "self_rated_danger": 3}),
    ("G1", {"threat_now": "death", "self_rated_danger": 4}, {"threat_now": "general", "self_rated_danger": 4}),
    ("G1", HURT_NOW, HURT_NOW | {"last_harm_days_ago": 4}),
    ("G1", HURT_NOW, HURT_NOW | {"last_harm_days_ago": None}),
    ("G1", HURT_NOW, HURT_NOW | {"perpetrator_knows_location": "no"}),
    ("G1", HURT_NOW, HURT_NOW | {"last_harm": "extortion"}),
    (
        "G1",
        HURT_NOW | {"perpetrator_knows_location": "no", "location_type": "home"},
        HURT_NOW | {"perpetrator_knows_location": "no"},
    ),
    (
        "G1",
        HURT_NOW | {"perpetrator_knows_location": "no", "location_type": "street"},
        HURT_NOW | {"perpetrator_knows_location": "no"},
    ),
    ("G1", HURT_NOW | {"last_harm": "sexual_violence"}, HURT_NOW | {"last_harm": "verbal"}),
    ("G1", HURT_NOW | {"last_harm": "torture"}, HURT_NOW | {"last_harm": "outing"}),
    ("G1", HURT_NOW | {"last_harm": "detention"}, HURT_NOW | {"last_harm": "doxxing"}),
    ("G2", {"custody": "police"}, {"custody": "reporting_duty"}),
    ("G2", {"custody": "prison"}, {"custody": "none"}),
    ("G2", {"custody": "armed_group"}, {"custody": None}),
    ("G2", {"custody": "immigration_detention"}, {"custody": "reporting_duty"}),
    ("G2", {"custody": "family_confinement"}, {"custody": "reporting_duty"}),
    ("G2", {"location_type": "detention"}, {"location_type": "shelter"}),
    ("G2", {"location_type": "family_confinement"}, {"location_type": "home"}),
    ("G3", {"dated_event": event("deportation", 7)}, {"dated_event": event("deportation", 8)}),
    ("G3", {"dated_event": event("deportation", -20)}, {"dated_event": event("deportation", None)}),
    ("G3", {"dated_event": event("deportation", 0)}, {"dated_event": event("eviction", 0)}),
    ("G4", {"medical": "life_threatening"}, {"medical": "treatment_interrupted"}),
    ("G4", {"suicidality": "plan"}, {"suicidality": "thoughts"}),
    ("G5", CHILD_ALONE | {"shelter_nights_left": 0}, CHILD_ALONE | {"shelter_nights_left": 1}),
    ("G5", CHILD_ALONE | {"location_type": "street"}, CHILD_ALONE | {"location_type": "shelter"}),
    (
        "G5",
        CHILD_ALONE | {"age_band": "under_15", "shelter_nights_left": 0},
        {"minor_accompanied": False, "shelter_nights_left": 0},
    ),
    ("G5", CHILD_ALONE | {"threat_now": "serious_harm"}, CHILD_ALONE | {"threat_now": "general"}),
    (
        "G5",
        CHILD_ALONE | {"threat_now": "serious_harm"},
        {"age_band": "15_17", "minor_accompanied": None, "threat_now": "serious_harm"},
    ),
    (
        "G6",
        {"threat_now": "death", "perpetrator_knows_location": "yes"},
        {"threat_now": "death", "perpetrator_knows_location": None},
    ),
    (
        "G6",
        {"threat_now": "death", "perpetrator_knows_location": "yes"},
        {"threat_now": "serious_harm", "perpetrator_knows_location": "yes"},
    ),
    ("G7", {"dated_event": event("forced_marriage", 7)}, {"dated_event": event("forced_marriage", 8)}),
    ("G7", {"dated_event": event("forced_examination", 7)}, {"dated_event": event("forced_examination", 8)}),
    ("G7", {"dated_event": event("forced_marriage", -1)}, {"dated_event": event("police_summons", -1)}),
]


@pytest.mark.parametrize(("gate", "inside", "outside"), GATES)
def test_a_gate_fires_just_inside_its_bounds_and_not_outside(
    gate: str, inside: dict[str, Any], outside: dict[str, Any]
) -> None:
    fired = calm_but(**inside)
    assert fired.gates == [gate]
    assert fired.band is Band.EMERGENCY
    assert gate not in calm_but(**outside).gates


FLOORS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("URGENT.child", CHILD_ALONE, {"age_band": "15_17", "minor_accompanied": True}),
    ("URGENT.child", {"age_band": "under_15", "minor_accompanied": None}, {"age_band": "18_24", "minor_accompanied": None}),
    ("URGENT.dated_harm", {"dated_event": event("trial", 42)}, {"dated_event": event("trial", 43)}),
    ("URGENT.dated_harm", {"dated_event": event("eviction", -3)}, {"dated_event": event("eviction", None)}),
    ("URGENT.dated_harm", {"dated_event": event("permit_ends", 0)}, {"dated_event": event("permit_ends", -1)}),
    ("URGENT.dated_harm", {"dated_event": event("turns_18", 0)}, {"dated_event": event("turns_18", -1)}),
    ("URGENT.dated_harm", {"dated_event": event("treatment_ends", 5)}, {"dated_event": event("one_year_window_ends", 5)}),
    (
        "URGENT.dated_harm",
        {"dated_event": [event("trial", 90), event("police_summons", 42)]},
        {"dated_event": [event("trial", 90), event("police_summons", 43)]},
    ),
    ("URGENT.death_threat", {"threat_now": "death"}, {"threat_now": "serious_harm"}),
    ("URGENT.treatment", {"medical": "treatment_interrupted"}, {"medical": "chronic_untreated"}),
    ("URGENT.nights", {"shelter_nights_left": 7}, {"shelter_nights_left": 8}),
    ("URGENT.nights", {"location_type": "street"}, {"location_type": "hiding_private", "shelter_nights_left": None}),
    ("URGENT.violence_law_nights", HURT_LATELY, HURT_LATELY | {"last_harm_days_ago": 91}),
    ("URGENT.violence_law_nights", HURT_LATELY, HURT_LATELY | {"shelter_nights_left": 43}),
    ("URGENT.violence_law_nights", HURT_LATELY, HURT_LATELY | {"shelter_nights_left": None}),
    ("URGENT.violence_law_nights", HURT_LATELY, HURT_LATELY | {"current_country": CLASS_1}),
    ("URGENT.violence_law_nights", HURT_LATELY, HURT_LATELY | {"current_country": None}),
    ("URGENT.violence_law_nights", HURT_LATELY | {"last_harm_days_ago": None}, HURT_LATELY | {"last_harm": "outing"}),
    (
        "URGENT.violence_threat",
        {"last_harm": "beating", "last_harm_days_ago": 30, "threat_now": "serious_harm"},
        {"last_harm": "beating", "last_harm_days_ago": 31, "threat_now": "serious_harm"},
    ),
    (
        "URGENT.violence_threat",
        {"last_harm": "beating", "last_harm_days_ago": None, "threat_now": "serious_harm"},
        {"last_harm": "beating", "last_harm_days_ago": None, "threat_now": "general"},
    ),
    ("URGENT.own_rating", {"self_rated_danger": 4}, {"self_rated_danger": 3}),
    ("ELEVATED.known_to_others", {"current_country": CLASS_2, "outed": "some"}, {"current_country": CLASS_2, "outed": None}),
    (
        "ELEVATED.known_to_others",
        {"current_country": CLASS_4, "outed": "public"},
        {"current_country": CLASS_0, "outed": "public"},
    ),
    (
        "ELEVATED.known_to_others",
        {"current_country": CLASS_2, "publicly_named": True},
        {"current_country": CLASS_1, "publicly_named": True},
    ),
    ("ELEVATED.own_rating", {"self_rated_danger": 3}, {"self_rated_danger": 2}),
    (
        "ELEVATED.violence",
        {"last_harm": "detention", "last_harm_days_ago": 180},
        {"last_harm": "detention", "last_harm_days_ago": 181},
    ),
    (
        "ELEVATED.violence",
        {"last_harm": "beating", "last_harm_days_ago": None},
        {"last_harm": "verbal", "last_harm_days_ago": 1},
    ),
    ("ELEVATED.medical", {"medical": "chronic_untreated"}, {"medical": "none"}),
    ("ELEVATED.medical", {"medical": "injury_needs_care"}, {"medical": None}),
    ("ELEVATED.suicidal_thoughts", {"suicidality": "thoughts"}, {"suicidality": "none"}),
]


@pytest.mark.parametrize(("floor", "inside", "outside"), FLOORS)
def test_a_floor_holds_just_inside_its_bounds_and_not_outside(
    floor: str, inside: dict[str, Any], outside: dict[str, Any]
) -> None:
    held = calm_but(**inside)
    assert floor in held.floors
    assert held.band <= Band[floor.partition(".")[0]]
    assert floor not in calm_but(**outside).floors


def test_every_gate_and_floor_of_the_policy_is_tested_here() -> None:
    policy = calm_but().scorer.policy
    assert {rule.id for rule in policy.gates} == {gate for gate, _, _ in GATES}
    assert {rule.id for rule in policy.floors} == {floor for floor, _, _ in FLOORS}


def test_a_calm_situation_is_normal_and_scores_nothing() -> None:
    calm = calm_but()
    assert (calm.band, float(calm.score), calm.gates, calm.floors) == (Band.NORMAL, 0.0, [], [])


def test_what_nobody_said_fires_neither_gate_nor_floor() -> None:
    nothing_said = scored({})
    assert (nothing_said.gates, nothing_said.floors) == ([], [])


def test_the_law_alone_never_makes_a_case_urgent() -> None:
    assert calm_but(current_country=CLASS_4).band is Band.NORMAL


def test_a_reassuring_answer_cannot_hide_a_deadly_one() -> None:
    assert calm_but(medical="life_threatening").band is Band.EMERGENCY


def test_how_strong_the_evidence_is_and_who_writes_never_enter() -> None:
    before = calm_but().as_json()
    for answers in (
        {"evidence": "contradictory"},
        {"evidence": "none"},
        {"submitter": "friend"},
        {"help_asked": ["escape", "stop_removal"]},
    ):
        assert calm_but(**answers).as_json() == before
