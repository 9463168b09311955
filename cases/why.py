"""What the policy said, made ready for a page. Pure, but that reading a score opens CASEWORK."""

from dataclasses import dataclass
from typing import Any

from cases.models import UrgencyScore
from cases.wording import LABELS, Words


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence, and whether a gate or a floor says it; `kind` is empty for everything else."""

    sentence: str
    kind: str


@dataclass(frozen=True, slots=True)
class FactorLine:
    """What one factor came to: points 0–4, and how much of the score is its own."""

    label: str
    points: float
    contribution: float


@dataclass(frozen=True, slots=True)
class Why:
    """Everything a caseworker should know about an urgency, in reading order."""

    band: int
    score: Any
    reasons: list[Reason]
    more: list[Reason]
    factors: list[FactorLine]
    questions: list[str]
    pivotal: Words
    policy_version: str
    countries_as_of: Any


def reasons_of(score: UrgencyScore) -> list[Reason]:
    """Return the reasons in the order to read them: gates, floors, the rest."""
    words = score.words()
    kinds = {**dict.fromkeys(words["floors"], "floor"), **dict.fromkeys(words["gates"], "gate")}
    return [Reason(sentence, kinds.get(sentence, "")) for sentence in words["reasons"]]


# So many reasons are read before anything folds away.
AT_ONCE = 7


def parted(reasons: list[Reason]) -> tuple[list[Reason], list[Reason]]:
    """Part a long list: gates and floors decide the band and are never folded; what only adds to the score may be."""
    if len(reasons) <= AT_ONCE:
        return reasons, []
    deciding = sum(1 for reason in reasons if reason.kind)
    first = max(deciding, AT_ONCE - 3)
    return reasons[:first], reasons[first:]


def why_of(score: UrgencyScore) -> Why:
    words, result = score.words(), score.result
    reasons, more = parted(reasons_of(score))
    factors = [
        FactorLine(words["factors"][name], one["points"], one["contribution"])
        for name, one in sorted(result["factors"].items(), key=lambda pair: -pair[1]["contribution"])
    ]
    pivotal = LABELS.get(result["pivotal_question"] or "", "")
    return Why(
        score.band,
        score.score,
        reasons,
        more,
        factors,
        words["questions"],
        pivotal,
        score.policy_version,
        score.countries_as_of,
    )
