"""What comes next, and what counts. Pure: answers in, steps out; no HTTP, no database."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from intake.answers import Answers
from intake.forms.base import StepForm
from intake.steps import CONSENT_STEP, STEPS, Step


class Place(NamedTuple):
    """Where a step stands among those that apply now: the third of twenty-six."""

    number: int
    of: int


def applicable(answers: Answers) -> list[Step]:
    """Return the steps that are asked, in order."""
    return [step for step in STEPS if step.applies(answers)]


def after(step: Step, answers: Answers) -> Step | None:
    """Return the next step that applies, or None when the questions are over. `step` itself need not apply any more."""
    return next((other for other in STEPS[STEPS.index(step) + 1 :] if other.applies(answers)), None)


def before(step: Step, answers: Answers) -> Step | None:
    """Return the step to go back to, or None at the first."""
    return next((other for other in reversed(STEPS[: STEPS.index(step)]) if other.applies(answers)), None)


def place_of(step: Step, answers: Answers) -> Place:
    """Return the step's number among those that apply. A step that does not apply counts as if it did."""
    steps = [other for other in STEPS if other is step or other.applies(answers)]
    return Place(steps.index(step) + 1, len(steps))


def form_of(step: Step, answers: Answers, *, today: date, language: str) -> StepForm:
    """Return the step's form, unbound, with what was saved."""
    return step.form(answers=answers, today=today, language=language)


def where_stopped(answers: Answers, *, today: date, language: str) -> Step | None:
    """Return the first step after the last one that has an answer, or None when that was the last."""
    last = -1
    for index, step in enumerate(STEPS):
        if step.applies(answers) and any(
            key in answers for key in form_of(step, answers, today=today, language=language).owned_keys()
        ):
            last = index
    return STEPS[0] if last < 0 else after(STEPS[last], answers)


def may_be_sent(answers: Answers) -> bool:
    """Whether the one answer that cannot be skipped is there."""
    return answers.get("consent_read") is True


def what_is_missing(answers: Answers) -> Step | None:
    """Return the step that must be answered before sending, or None."""
    return None if may_be_sent(answers) else CONSENT_STEP


def in_force(answers: Answers, *, today: date, language: str) -> Answers:
    """Return the answers without those to questions that no longer apply ("hurt three days ago" after "nothing so far")."""
    idle = {
        key
        for step in STEPS
        if not step.applies(answers)
        for key in form_of(step, answers, today=today, language=language).owned_keys()
    }
    kept = {key for step in applicable(answers) for key in form_of(step, answers, today=today, language=language).owned_keys()}
    return {key: value for key, value in answers.items() if key not in idle - kept}
