"""Reasons and questions in sentences a caseworker reads. They name answers and rules, never a person or a place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from cases.urgency.reading import is_unknown

if TYPE_CHECKING:
    from cases.urgency.score import FactorScore, Urgency


def reasons(urgency: Urgency) -> list[str]:
    """Return at least one sentence: gates, floors, factors by contribution, notes, then what is not known."""
    rules = (*urgency.fired_gates, *urgency.fired_floors)
    factors = sorted(urgency.factors.values(), key=lambda one: -one.tenths)
    sentences = [
        *(_(rule.says) for rule in rules),
        *(_factor(one, urgency) for one in factors if one.tenths > 0 and not one.is_unknown),
        *(
            _(question.says)
            for question in urgency.scorer.policy.questions
            if question.says and question.condition.holds(urgency.reading)
        ),
        *_unknown([one for one in factors if one.is_unknown], urgency),
    ]
    # A plan of suicide is a gate and a need; the same sentence twice would only be noise.
    return list(dict.fromkeys(sentences)) or [_("Nothing that was said calls for more than the usual order.")]


def questions(urgency: Urgency) -> list[str]:
    """Return what to ask: the pivotal question, what an answer makes us ask, then the leading answers nobody gave."""
    policy, reading = urgency.scorer.policy, urgency.reading
    keys = [
        key
        for factor in policy.factors
        for key in factor.leading
        if is_unknown(reading, key) and urgency.factors[factor.id].is_unknown
    ]
    first = [urgency.pivotal_question] if urgency.pivotal_question else []
    sentences = [
        *(_(policy.answers[key].asks) for key in first),
        *(_(question.asks) for question in policy.questions if question.condition.holds(reading)),
        *(_(policy.answers[key].asks) for key in keys),
    ]
    return list(dict.fromkeys(sentences))


def _factor(one: FactorScore, urgency: Urgency) -> str:
    """Say one factor: its name, what it adds to the score, and the answers that gave its points."""
    return _("%(factor)s adds %(points)s to the score: %(because)s.") % {
        "factor": _(one.factor.name),
        "points": number_format(one.contribution, decimal_pos=1),
        "because": "; ".join(_(says) for says in _lines(one, urgency)),
    }


def _lines(one: FactorScore, urgency: Urgency) -> Iterator[str]:
    """Yield what each line that counted says: the highest (or all, where every other adds), then what was added."""
    held = [line for line in one.factor.highest if line.condition.holds(urgency.reading)]
    counted = held if one.factor.each_other else held[:1]
    yield from (line.says for line in counted)
    base = (counted[0].halves + one.factor.each_other * (len(counted) - 1)) if counted else 0
    yield from (line.says for line in one.factor.then if base >= line.if_at_least and line.condition.holds(urgency.reading))


def _unknown(factors: list[FactorScore], urgency: Urgency) -> Iterator[str]:
    """Say what is not known where it counts, and for how much: unknown is never read as safe."""
    answers = urgency.scorer.policy.answers
    for one in factors:
        missing = [_(answers[key].name) for key in one.factor.leading if is_unknown(urgency.reading, key)]
        yield _("Not known: %(answers)s. %(factor)s adds %(points)s to the score until somebody says.") % {
            "answers": ", ".join(missing),
            "factor": _(one.factor.name),
            "points": number_format(one.contribution, decimal_pos=1),
        }
