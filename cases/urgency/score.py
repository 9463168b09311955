"""Facts in; band, score and why out. Gates, then floors, then a score that orders and may raise."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, cached_property
from math import prod
from typing import Any

from cases.urgency import explain
from cases.urgency.bands import Band, more_urgent
from cases.urgency.conditions import Reading
from cases.urgency.facts import UrgencyFacts
from cases.urgency.pivotal import Search
from cases.urgency.policy import load
from cases.urgency.reading import CountryReading, Setting, is_unknown, needed_words, read
from cases.urgency.rules import Factor, Policy, Rule
from rainbowrail.countries.hazards import Hazard, Hazards, hazards

FULL = 800  # one factor at weight 1.00 (hundredths) and 4 points (8 halves)
MOST_HALVES = 8


@dataclass(frozen=True, slots=True)
class FactorScore:
    """What one factor came to. `points` 0–4; `contribution` = score minus score with this factor at 0."""

    factor: Factor
    halves: int
    tenths: int
    is_unknown: bool  # True: the points are those of the unknown, what was said comes to no more

    @property
    def points(self) -> float:
        return self.halves / 2

    @property
    def contribution(self) -> float:
        return self.tenths / 10


@dataclass(frozen=True)
class Urgency:
    """What the policy says about one set of facts. Sentences are in the active language, and carry no identity."""

    band: Band
    score: Decimal  # 0.0–100.0, one decimal
    fired_gates: tuple[Rule, ...]
    fired_floors: tuple[Rule, ...]
    factors: Mapping[str, FactorScore]
    nearest_dated_harm: date | None
    policy_version: str
    countries_as_of: date
    reading: Reading
    scorer: "Scorer"

    @property
    def gates(self) -> list[str]:
        """The ids of the gates that fired, each once, in the order of the policy."""
        return list(dict.fromkeys(rule.id for rule in self.fired_gates))

    @property
    def floors(self) -> list[str]:
        return [rule.id for rule in self.fired_floors]

    @cached_property
    def reasons(self) -> list[str]:
        """At least one sentence, in the order to read them: gates, floors, factors by contribution, then what is not known."""
        return explain.reasons(self)

    @cached_property
    def pivotal_question(self) -> str | None:
        """The key of the unknown answer that could change most; None when nothing is unknown. Costs five scorings."""
        return self.scorer.search.pivotal_question(self)

    @cached_property
    def questions(self) -> list[str]:
        """What to ask, the pivotal question first."""
        return explain.questions(self)

    def as_json(self) -> dict[str, Any]:
        """Return the result as plain data, as `manage.py score` prints it."""
        return {
            "band": self.band.name,
            "score": float(self.score),
            "gates": self.gates,
            "floors": self.floors,
            "factors": {name: {"points": one.points, "contribution": one.contribution} for name, one in self.factors.items()},
            "reasons": self.reasons,
            "questions": self.questions,
            "pivotal_question": self.pivotal_question,
            "policy_version": self.policy_version,
            "countries_as_of": self.countries_as_of.isoformat(),
        }


class Scorer:
    """One policy and one table of countries, made ready to score many facts."""

    def __init__(self, policy: Policy, table: Hazards) -> None:
        self.policy = policy
        self.countries_as_of = table.as_of
        self.setting = Setting(policy.defined, {code: country_reading(row, policy) for code, row in table.rows.items()})
        self.words = needed_words(policy.words)

    @cached_property
    def search(self) -> Search:
        return Search(self)

    def score(self, facts: UrgencyFacts, *, today: date) -> Urgency:
        """Say how soon a person should act, and why. Days in the facts count from `today`."""
        reading = read(facts.stated, self.setting, self.words)
        gates = tuple(rule for rule in self.policy.gates if rule.condition.holds(reading))
        floors = tuple(rule for rule in self.policy.floors if rule.condition.holds(reading))
        tenths, factors = self._factors(reading)
        harm_days = reading["dated_harm_days"]
        return Urgency(
            band=self.band((*gates, *floors), tenths),
            score=Decimal(tenths).scaleb(-1),
            fired_gates=gates,
            fired_floors=floors,
            factors=factors,
            nearest_dated_harm=None if harm_days is None else today + timedelta(days=harm_days),
            policy_version=self.policy.version,
            countries_as_of=self.countries_as_of,
            reading=reading,
            scorer=self,
        )

    def _factors(self, reading: Reading) -> tuple[int, dict[str, FactorScore]]:
        """Return the score in tenths, and every factor with what it contributes."""
        halves = [self.halves(factor, reading) for factor in self.policy.factors]
        tenths = self.tenths(halves)
        return tenths, {
            factor.id: FactorScore(
                factor,
                own,
                tenths - self.tenths([*halves[:number], 0, *halves[number + 1 :]]),
                own <= self.policy.unknown and leads_unknown(factor, reading),
            )
            for number, (factor, own) in enumerate(zip(self.policy.factors, halves, strict=True))
        }

    def halves(self, factor: Factor, reading: Reading) -> int:
        """Return a factor's points in halves: of what was stated, and at least 1.5 while a leading answer is unknown."""
        halves = stated_halves(factor, reading)
        return self.policy.unknown if halves < self.policy.unknown and leads_unknown(factor, reading) else halves

    def tenths(self, halves: Iterable[int]) -> int:
        """Return 100 × (1 − Π (1 − weight × points / 4)) in tenths, rounded half up. Whole numbers, so it is exact."""
        left: int = prod(FULL - factor.weight * own for factor, own in zip(self.policy.factors, halves, strict=True))
        full: int = FULL ** len(self.policy.factors)
        return (2000 * (full - left) + full) // (2 * full)

    def band(self, rules: Iterable[Rule], tenths: int) -> Band:
        """Return the most urgent of what fired and what the score raises to."""
        raised = next((band for least, band in self.policy.raises if tenths >= least), Band.NORMAL)
        return more_urgent(raised, *(rule.band for rule in rules))


def stated_halves(factor: Factor, reading: Reading) -> int:
    """Return the points, in halves, of what was stated, cut to 0–4. The lines stand from most points to least."""
    if factor.each_other:
        held = [line.halves for line in factor.highest if line.condition.holds(reading)]
        halves = held[0] + factor.each_other * (len(held) - 1) if held else 0
    else:
        halves = next((line.halves for line in factor.highest if line.condition.holds(reading)), 0)
    base = halves
    for line in factor.then:
        if base >= line.if_at_least and line.condition.holds(reading):
            halves += line.halves
    return max(0, min(MOST_HALVES, halves))


def leads_unknown(factor: Factor, reading: Reading) -> bool:
    """Say whether one of the factor's leading answers is unknown, and matters."""
    if factor.leading_unless and factor.leading_unless.holds(reading):
        return False
    return any(is_unknown(reading, key) for key in factor.leading)


def country_reading(row: Hazard, policy: Policy) -> CountryReading:
    """Return what one country's law comes to under the policy: the highest class that fits, and whether it criminalises."""
    words = {
        "criminalised": row.criminalised,
        "death_penalty": row.death_penalty,
        "max_penalty_years": row.max_penalty if isinstance(row.max_penalty, int) else None,
        "life_sentence": row.max_penalty == "life",
        "hostile": row.hostile,
        "alert": row.alert,
    }
    law_class = next((number for number, condition in policy.law_classes if condition.holds(words)), 0)
    return CountryReading(law_class, row.criminalised in policy.defined.criminalising)


@cache
def default_scorer() -> Scorer:
    return Scorer(load(), hazards())


def score(facts: UrgencyFacts, *, today: date, policy: Policy | None = None, countries: Hazards | None = None) -> Urgency:
    """Say how soon a person should act, if the account is true, and why.

    Returns the band the queue sorts by, a score from 0.0 (can wait) to 100.0, and at least one reason, in the order a
    caseworker should read them. Days in the facts count from `today`. With a `policy` or a table of `countries` other than
    those committed, make a `Scorer` once instead of calling this for many facts.
    Source: docs/triage-policy.md; each rule cites its own source in policy.toml.
    """
    if policy is None and countries is None:
        return default_scorer().score(facts, today=today)
    return Scorer(policy or load(), countries or hazards()).score(facts, today=today)
