"""Which one unknown answer could change the most: the question to ask first.

For each unknown answer its worst allowed value is tried; the largest rise of band wins, then the largest rise of score, then
the order of the key table. Only what depends on the tried answer is read again, which keeps 100,000 cases within a minute.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cases.urgency.conditions import Reading
from cases.urgency.facts import KEYS, Country, Event, OneOf, WholeNumber, YesNo
from cases.urgency.reading import DerivedWord, is_unknown
from cases.urgency.rules import Rule

if TYPE_CHECKING:
    from cases.urgency.score import Scorer, Urgency

# Where the policy itself names the worst; of all others every allowed value is tried. Days and nights: 0.
WORST: Final[dict[str, Any]] = {
    "shelter_nights_left": 0,
    "last_harm_days_ago": 0,
    "money_days": 0,
    "dated_event": (Event("deportation", 0),),
    "custody": "police",
}


@dataclass(frozen=True, slots=True)
class Trial:
    """One answer: what to try for it, and what depends on it."""

    key: str
    values: tuple[Any, ...]
    words: tuple[DerivedWord, ...]
    rules: tuple[Rule, ...]
    factors: tuple[int, ...]


class Search:
    """The search over one policy's unknown answers."""

    def __init__(self, scorer: Scorer) -> None:
        self.scorer = scorer
        self.trials = tuple(self._trial(key) for key in KEYS)

    def pivotal_question(self, urgency: Urgency) -> str | None:
        """Return the key of the unknown answer that could raise most; None only when nothing is unknown."""
        reading = urgency.reading
        held = (*urgency.fired_gates, *urgency.fired_floors)
        halves = [one.halves for one in urgency.factors.values()]
        now = (int(urgency.band), int(urgency.score * 10))
        best: tuple[tuple[int, int], str] | None = None
        for trial in self.trials:
            if not is_unknown(reading, trial.key):
                continue
            outcomes = (self._try(trial, value, reading, held, halves) for value in trial.values)
            rise = max(((now[0] - band, tenths - now[1]) for band, tenths in outcomes), default=(0, 0))
            if best is None or rise > best[0]:
                best = (rise, trial.key)
        return best[1] if best else None

    def _try(self, trial: Trial, value: Any, reading: Reading, held: tuple[Rule, ...], halves: list[int]) -> tuple[int, int]:
        """Return (band, score in tenths) if the answer were `value`."""
        tried = {**reading, trial.key: value}
        for word in trial.words:
            tried[word.name] = word.read(tried, self.scorer.setting)
        rules = [rule for rule in held if trial.key not in rule.condition.reads]
        rules += [rule for rule in trial.rules if rule.condition.holds(tried)]
        points = halves.copy()
        for number in trial.factors:
            points[number] = self.scorer.halves(self.scorer.policy.factors[number], tried)
        tenths = self.scorer.tenths(points)
        return self.scorer.band(rules, tenths), tenths

    def _trial(self, key: str) -> Trial:
        policy = self.scorer.policy
        rules = tuple(rule for rule in (*policy.gates, *policy.floors) if key in rule.condition.reads)
        factors = tuple(number for number, factor in enumerate(policy.factors) if key in factor.reads)
        words = tuple(word for word in self.scorer.words if key in word.word.reads)
        return Trial(key, tuple(self._values(key)) if rules or factors else (), words, rules, factors)

    def _values(self, key: str) -> Iterator[Any]:
        """Yield the values to try: the worst where it is named, else every allowed one; two countries of each kind."""
        if key in WORST:
            yield WORST[key]
            return
        match KEYS[key]:
            case OneOf(values):
                yield from values
            case YesNo():
                yield from (True, False)
            case WholeNumber(lowest, highest) if highest - lowest < 10:
                yield from range(lowest, highest + 1)
            case WholeNumber(lowest, highest):
                yield from (lowest, highest)
            case Country():
                # Two, so that one differs from the other country that was stated; those of one kind are alike to the policy.
                by_kind: dict[object, list[str]] = {}
                for code, kind in self.scorer.setting.countries.items():
                    by_kind.setdefault(kind, []).append(code)
                yield from (code for codes in by_kind.values() for code in codes[:2])
