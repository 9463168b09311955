"""What must hold for any facts at all."""

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from cases.urgency.facts import EVENT_TYPES, KEYS, Country, Events, Kind, OneOf, SomeOf, UrgencyFacts, WholeNumber, YesNo
from cases.urgency.pivotal import WORST
from cases.urgency.score import Urgency, default_scorer
from tests.cases.urgency.situations import CLASS_0, CLASS_1, CLASS_2, CLASS_3, CLASS_4, TODAY, scored

SOME_COUNTRIES = (CLASS_0, CLASS_1, CLASS_2, CLASS_3, CLASS_4, "SDN", "CMR")
# Around every limit that the policy names.
SOME_DAYS = (0, 1, 2, 3, 4, 6, 7, 8, 13, 14, 15, 29, 30, 31, 41, 42, 43, 89, 90, 91, 179, 180, 181, 365)


def answers_of(kind: Kind) -> st.SearchStrategy[Any]:
    match kind:
        case OneOf(values):
            return st.sampled_from(values)
        case YesNo():
            return st.booleans()
        case WholeNumber(lowest, highest):
            return st.sampled_from([number for number in SOME_DAYS if lowest <= number <= highest])
        case Country():
            return st.sampled_from(SOME_COUNTRIES)
        case SomeOf(values):
            return st.lists(st.sampled_from(values), unique=True)
        case Events():
            days = st.none() | st.sampled_from(SOME_DAYS) | st.integers(-10, -1)
            one = st.builds(lambda kind, days: {"type": kind, "in_days": days}, st.sampled_from(EVENT_TYPES[1:]), days)
            return one | st.lists(one, max_size=3) | st.just({"type": "none"})
    raise AssertionError(kind)


# About half of the keys stated, in any order.
SITUATIONS = st.fixed_dictionaries({}, optional={key: answers_of(kind) for key, kind in KEYS.items()}).flatmap(
    lambda answers: st.permutations(list(answers.items())).map(dict)
)

# Answers that fire nothing and come to no more than the unknown would: what docs/triage-policy.md calls benign.
BENIGN: dict[str, list[Any]] = {
    "submitter": ["self", "partner", "friend"],
    "age_band": ["18_24", "25_59"],
    "minor_accompanied": [True],
    "dependants": [0],
    "current_country": [CLASS_0],
    "legal_status_current": ["citizen", "permanent_resident", "resident", "refugee_recognised"],
    "location_type": ["hiding_private", "shelter", "safe_house"],
    "shelter_nights_left": [91, 365],
    "last_harm": ["none", "verbal"],
    "last_harm_days_ago": [181, 365],
    "threat_now": ["none", "general"],
    "threat_source": ["family", "community", "state", "armed_group"],
    "perpetrator_knows_location": ["no"],
    "custody": ["none", "reporting_duty"],
    "dated_event": [{"type": "none"}, {"type": "one_year_window_ends", "in_days": 3}, {"type": "trial", "in_days": 91}],
    "outed": ["none"],
    "publicly_named": [False],
    "self_rated_danger": [0, 1],
    "medical": ["none"],
    "suicidality": ["none"],
    "survivor_torture_or_sv": [False],
    "disability": [False],
    "pregnant": [False],
    "unhcr_registered": [True, False],
    "trusted_person_nearby": [True],
    "money_days": [8, 365],
    "evidence": ["none", "some", "strong", "contradictory"],
    "help_asked": [["information"]],
}

# From better to worse; each step may only raise.
WORSE: dict[str, list[Any]] = {
    "minor_accompanied": [True, False],
    "dependants": [0, 1, 9],
    "shelter_nights_left": [365, 91, 90, 43, 42, 8, 7, 4, 3, 0],
    "last_harm": ["none", "outing", "beating", "sexual_violence", "torture"],
    "last_harm_days_ago": [365, 181, 180, 91, 90, 31, 30, 4, 3, 0],
    "threat_now": ["none", "general", "serious_harm", "death"],
    "perpetrator_knows_location": ["no", "yes"],
    "custody": ["none", "police"],
    "dated_event": [
        {"type": "none"},
        *({"type": "deportation", "in_days": days} for days in (365, 91, 90, 43, 42, 15, 14, 8, 7, 0, -5)),
    ],
    "outed": ["none", "some", "public"],
    "publicly_named": [False, True],
    "self_rated_danger": [0, 1, 2, 3, 4],
    "medical": ["none", "chronic_untreated", "treatment_interrupted", "life_threatening"],
    "suicidality": ["none", "thoughts", "plan"],
    "survivor_torture_or_sv": [False, True],
    "disability": [False, True],
    "pregnant": [False, True],
    "trusted_person_nearby": [True, False],
    "money_days": [365, 8, 7, 0],
}


def is_at_least(later: Urgency, earlier: Urgency) -> bool:
    return later.band <= earlier.band and later.score >= earlier.score


@given(SITUATIONS, st.data())
@settings(max_examples=400, deadline=None)
def test_replacing_a_benign_answer_by_unknown_never_lowers_band_or_score(answers: dict[str, Any], data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted(BENIGN)))
    known = scored(answers | {key: data.draw(st.sampled_from(BENIGN[key]))})
    assert is_at_least(scored(answers | {key: None}), known)


@given(SITUATIONS, st.data())
@settings(max_examples=400, deadline=None)
def test_a_worse_answer_never_lowers_band_or_score(answers: dict[str, Any], data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted(WORSE)))
    step = data.draw(st.integers(1, len(WORSE[key]) - 1))
    better, worse = scored(answers | {key: WORSE[key][step - 1]}), scored(answers | {key: WORSE[key][step]})
    assert is_at_least(worse, better)


@given(SITUATIONS)
@example({})
@settings(max_examples=300, deadline=None)
def test_points_scores_and_reasons_stay_within_their_bounds(answers: dict[str, Any]) -> None:
    result = scored(answers).as_json()
    assert 0 <= result["score"] <= 100
    assert all(0 <= one["points"] <= 4 and 0 <= one["contribution"] <= result["score"] for one in result["factors"].values())
    assert result["reasons"]
    assert len(set(result["reasons"])) == len(result["reasons"])


@given(SITUATIONS, st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_the_order_of_the_keys_and_how_unknown_is_said_change_nothing(answers: dict[str, Any], draw: Any) -> None:
    shuffled = list(answers.items()) + [(key, draw.choice([None, "unknown"])) for key in KEYS if key not in answers]
    draw.shuffle(shuffled)
    assert scored(dict(shuffled)).as_json() == scored(answers).as_json()


@given(SITUATIONS)
@settings(max_examples=150, deadline=None)
def test_the_pivotal_question_is_the_one_a_plain_search_over_whole_scorings_finds(answers: dict[str, Any]) -> None:
    """The search reads again only what depends on an answer; here everything is scored again, for every allowed value."""
    facts = UrgencyFacts.from_answers(answers)
    scorer = default_scorer()
    now = scorer.score(facts, today=TODAY)
    best, pivotal = None, None
    for key, kind in KEYS.items():
        stated = facts.stated.get(key)
        if stated is not None and not (key == "dated_event" and now.reading["event_undated"]):
            continue
        rises = []
        for value in [WORST[key]] if key in WORST else plain_values(kind):
            then = scorer.score(UrgencyFacts({**facts.stated, key: value}), today=TODAY)
            rises.append((now.band - then.band, then.score - now.score))
        if best is None or max(rises) > best:
            best, pivotal = max(rises), key
    assert now.pivotal_question == pivotal


def plain_values(kind: Kind) -> list[Any]:
    match kind:
        case OneOf(values):
            return list(values)
        case YesNo():
            return [True, False]
        case WholeNumber(lowest, highest):
            return [number for number in SOME_DAYS if lowest <= number <= highest]
        case Country():
            return list(default_scorer().setting.countries)
    return [("information",)]
