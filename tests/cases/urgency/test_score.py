"""The goldens, every line of every factor, and rounding."""

import json
import random
from datetime import timedelta
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from cases.urgency.bands import Band
from cases.urgency.facts import UrgencyFacts
from cases.urgency.policy import load
from cases.urgency.score import default_scorer, score
from rainbowrail.countries.hazards import Hazard, Hazards, hazards
from tests.cases.urgency.situations import CALM, CLASS_0, CLASS_1, CLASS_2, CLASS_3, CLASS_4, TODAY, calm_but, event, scored

# Points and bands were worked out by hand from the policy's text, scores from the points by decimal arithmetic; frozen.
GOLDENS = json.loads((Path(__file__).parent / "goldens.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda golden: golden["tells"])
def test_a_golden_situation_keeps_its_band_score_gates_floors_and_points(golden: dict[str, Any]) -> None:
    result = scored(golden["facts"]).as_json()
    assert {name: factor["points"] for name, factor in result["factors"].items()} == golden["points"]
    assert {key: result[key] for key in ("band", "score", "gates", "floors")} == {
        key: golden[key] for key in ("band", "score", "gates", "floors")
    }
    if "pivotal_question" in golden:
        assert result["pivotal_question"] == golden["pivotal_question"]


# (factor, answers on top of a calm situation, points)
POINTS: list[tuple[str, dict[str, Any], float]] = [
    ("T", {"threat_now": "general"}, 1),
    ("T", {"threat_now": "serious_harm"}, 3),
    ("T", {"threat_now": "death"}, 4),
    ("T", {"last_harm": "verbal", "last_harm_days_ago": 0}, 0),
    ("T", {"last_harm": "outing", "last_harm_days_ago": 2000}, 2),
    ("T", {"last_harm": "extortion", "last_harm_days_ago": 1}, 2),
    ("T", {"last_harm": "doxxing", "last_harm_days_ago": None}, 2),
    ("T", {"last_harm": "beating", "last_harm_days_ago": 90}, 3),
    ("T", {"last_harm": "beating", "last_harm_days_ago": 91}, 2),
    ("T", {"last_harm": "detention", "last_harm_days_ago": None}, 3),
    ("T", {"last_harm": "torture", "last_harm_days_ago": 30}, 4),
    ("T", {"last_harm": "torture", "last_harm_days_ago": 31}, 3),
    ("T", {"last_harm": "torture", "last_harm_days_ago": None}, 4),
    ("T", {"last_harm": "outing", "perpetrator_knows_location": "yes"}, 3),
    ("T", {"last_harm": "outing", "perpetrator_knows_location": None}, 2),
    ("T", {"threat_now": "general", "perpetrator_knows_location": "yes"}, 1),
    ("T", {"threat_now": "death", "perpetrator_knows_location": "yes"}, 4),
    ("T", {"threat_now": None}, 1.5),
    ("T", {"last_harm": None}, 1.5),
    ("T", {"last_harm": None, "threat_now": "general"}, 1.5),
    ("T", {"last_harm": None, "threat_now": "serious_harm"}, 3),
    ("X", {"outed": None, "current_country": CLASS_0}, 0),
    ("X", {"outed": None, "current_country": CLASS_1, "nationality": CLASS_1}, 1),
    ("X", {"outed": None, "current_country": CLASS_2, "nationality": CLASS_2}, 2),
    ("X", {"outed": None, "current_country": CLASS_3, "nationality": CLASS_3}, 3),
    ("X", {"outed": None, "current_country": CLASS_4, "nationality": CLASS_4}, 4),
    ("X", {"current_country": CLASS_3}, 2),
    ("X", {"current_country": CLASS_3, "publicly_named": None}, 3),
    ("X", {"current_country": CLASS_3, "publicly_named": True}, 4),
    ("X", {"current_country": CLASS_2, "outed": "some", "publicly_named": True}, 3),
    ("X", {"outed": "some", "nationality": CLASS_2, "legal_status_current": "temporary"}, 1),
    ("X", {"outed": "some", "nationality": CLASS_2, "legal_status_current": "undocumented"}, 1),
    ("X", {"outed": "some", "nationality": CLASS_2, "legal_status_current": "asylum_seeker"}, 1),
    ("X", {"outed": "some", "nationality": None, "legal_status_current": "stateless"}, 1),
    ("X", {"outed": "some", "nationality": CLASS_0, "legal_status_current": "stateless"}, 1),
    ("X", {"outed": "some", "nationality": CLASS_2, "legal_status_current": None}, 0),
    ("X", {"outed": "some", "nationality": None, "legal_status_current": "asylum_seeker"}, 0),
    ("X", {"outed": "some", "nationality": CLASS_0, "legal_status_current": "temporary"}, 0),
    *[
        ("X", {"outed": "some", "nationality": CLASS_2, "legal_status_current": status}, 0.0)
        for status in ("citizen", "permanent_resident", "resident", "refugee_recognised")
    ],
    ("X", {"current_country": None}, 1.5),
    ("X", {"current_country": None, "outed": "some"}, 1.5),
    ("X", {"current_country": None, "publicly_named": True}, 2.5),
    ("V", {"age_band": "under_15", "minor_accompanied": False}, 4),
    ("V", {"age_band": "15_17", "minor_accompanied": None}, 0),
    ("V", {"medical": "life_threatening"}, 4),
    ("V", {"suicidality": "plan"}, 4),
    ("V", {"last_harm": "torture"}, 3),
    ("V", {"survivor_torture_or_sv": True}, 3),
    ("V", {"last_harm": "sexual_violence", "survivor_torture_or_sv": True}, 3),
    ("V", {"medical": "treatment_interrupted"}, 3),
    ("V", {"suicidality": "thoughts"}, 3),
    ("V", {"medical": "chronic_untreated"}, 2),
    ("V", {"medical": "injury_needs_care"}, 2),
    ("V", {"disability": True}, 2),
    ("V", {"age_band": "60_plus"}, 2),
    ("V", {"pregnant": True}, 2),
    ("V", {"dependants": 1}, 2),
    ("V", {"dependants": 9}, 2),
    ("V", {"pregnant": True, "dependants": 2}, 2.5),
    ("V", {"suicidality": "thoughts", "disability": True, "age_band": "60_plus"}, 4),
    ("V", {"suicidality": "plan", "disability": True}, 4),
    ("V", {"medical": None}, 1.5),
    ("V", {"suicidality": None}, 1.5),
    ("V", {"suicidality": None, "pregnant": True}, 2),
    ("C", {"shelter_nights_left": 0}, 4),
    ("C", {"shelter_nights_left": 3}, 4),
    ("C", {"shelter_nights_left": 4}, 3),
    ("C", {"shelter_nights_left": 7}, 3),
    ("C", {"shelter_nights_left": 8}, 2),
    ("C", {"shelter_nights_left": 42}, 2),
    ("C", {"shelter_nights_left": 43}, 1),
    ("C", {"shelter_nights_left": 90}, 1),
    ("C", {"shelter_nights_left": 91}, 0),
    ("C", {"custody": "police"}, 4),
    ("C", {"location_type": "family_confinement", "shelter_nights_left": None}, 4),
    ("C", {"location_type": "street"}, 4),
    ("C", {"location_type": "street", "shelter_nights_left": None}, 4),
    ("C", {"shelter_nights_left": 91, "trusted_person_nearby": False}, 1),
    ("C", {"shelter_nights_left": 91, "money_days": 7}, 1),
    ("C", {"shelter_nights_left": 91, "money_days": 8}, 0),
    ("C", {"shelter_nights_left": 8, "trusted_person_nearby": False, "money_days": 0}, 4),
    ("C", {"shelter_nights_left": 4, "trusted_person_nearby": False, "money_days": 0}, 4),
    ("C", {"shelter_nights_left": None}, 1.5),
    ("C", {"shelter_nights_left": None, "trusted_person_nearby": False}, 1.5),
    ("C", {"shelter_nights_left": None, "trusted_person_nearby": False, "money_days": 7}, 2),
    ("C", {"custody": "reporting_duty"}, 0),
    ("D", {"dated_event": event("trial", 14)}, 4),
    ("D", {"dated_event": event("trial", 15)}, 3),
    ("D", {"dated_event": event("trial", 42)}, 3),
    ("D", {"dated_event": event("trial", 43)}, 2),
    ("D", {"dated_event": event("trial", 90)}, 2),
    ("D", {"dated_event": event("trial", 91)}, 1),
    ("D", {"dated_event": event("trial", -100)}, 4),
    ("D", {"dated_event": event("permit_ends", 14)}, 4),
    ("D", {"dated_event": event("permit_ends", -1)}, 0),
    ("D", {"dated_event": event("turns_18", -1)}, 0),
    ("D", {"dated_event": event("one_year_window_ends", 3)}, 0),
    ("D", {"dated_event": event("one_year_window_ends", None)}, 0),
    ("D", {"dated_event": event("trial", None)}, 1.5),
    ("D", {"dated_event": [event("trial", 200), event("eviction", 50)]}, 2),
    ("D", {"dated_event": [event("trial", 200), event("eviction", None)]}, 1.5),
    ("D", {"dated_event": [{"type": "none"}]}, 0),
    ("D", {"dated_event": []}, 1.5),
    ("D", {"dated_event": None}, 1.5),
    *[("S", {"self_rated_danger": rating}, float(rating)) for rating in range(5)],
    ("S", {"self_rated_danger": None}, 1.5),
]


@pytest.mark.parametrize(("factor", "answers", "points"), POINTS)
def test_a_factor_has_the_points_that_the_policy_says(factor: str, answers: dict[str, Any], points: float) -> None:
    assert calm_but(**answers).as_json()["factors"][factor]["points"] == points


def test_every_line_of_every_factor_is_reached_by_these_situations() -> None:
    scorer = default_scorer()
    readings = [calm_but(**answers).reading for _, answers, _ in POINTS]
    for factor in scorer.policy.factors:
        for line in (*factor.highest, *factor.then):
            assert any(line.condition.holds(reading) for reading in readings), f"{factor.id}: {line.says}"


def test_an_active_alert_makes_any_country_class_4() -> None:
    table = hazards()
    alarmed = Hazard(**{name: getattr(table.rows[CLASS_0], name) for name in Hazard.__slots__} | {"alert": True})
    facts = UrgencyFacts.from_answers(CALM | {"outed": "some"})
    with_alert = score(facts, today=TODAY, countries=Hazards({**table.rows, CLASS_0: alarmed}))
    assert with_alert.factors["X"].points == 4
    assert with_alert.floors == []


def test_the_score_is_exact_and_rounded_half_up() -> None:
    scorer = default_scorer()
    weights = [Fraction(60, 100), Fraction(30, 100), Fraction(35, 100), Fraction(30, 100), Fraction(45, 100), Fraction(25, 100)]
    draw = random.Random(7)
    every = list(product(range(9), repeat=6))
    for halves in draw.sample(every, 5000):
        left = Fraction(1)
        for weight, own in zip(weights, halves, strict=True):
            left *= 1 - weight * own / 8
        assert scorer.tenths(halves) == (1000 * (1 - left) + Fraction(1, 2)).__floor__()


def test_a_score_that_ends_in_exactly_half_a_tenth_is_rounded_up() -> None:
    # 0.25 × 3 / 4 = 18.75 of 100: S alone at 3 points.
    assert float(calm_but(self_rated_danger=3).score) == 18.8


def test_thresholds_read_the_rounded_score() -> None:
    scorer = default_scorer()
    assert [scorer.band([], tenths) for tenths in (499, 500, 799, 800)] == [
        Band.NORMAL,
        Band.ELEVATED,
        Band.ELEVATED,
        Band.URGENT,
    ]


def test_a_contribution_is_the_score_less_the_score_with_that_factor_at_zero() -> None:
    result = scored({"threat_now": "serious_harm", "current_country": CLASS_3})
    halves = [one.halves for one in result.factors.values()]
    for number, one in enumerate(result.factors.values()):
        without = result.scorer.tenths([*halves[:number], 0, *halves[number + 1 :]])
        assert one.contribution == float(result.score * 10 - without) / 10


def test_the_nearest_dated_harm_is_a_day_and_one_gone_by_is_today() -> None:
    assert calm_but(dated_event=[event("trial", 9), event("eviction", 4)]).nearest_dated_harm == TODAY + timedelta(days=4)
    assert calm_but(dated_event=event("trial", -9)).nearest_dated_harm == TODAY
    assert calm_but(dated_event=event("one_year_window_ends", 2)).nearest_dated_harm is None
    assert calm_but(dated_event=event("permit_ends", -2)).nearest_dated_harm is None


def test_a_result_names_the_policy_and_the_day_of_the_country_data() -> None:
    result = scored({}).as_json()
    assert result["policy_version"] == load().version
    assert result["countries_as_of"] == hazards().as_of.isoformat()
