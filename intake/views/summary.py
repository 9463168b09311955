"""Everything that was answered, by section, for the page that checks it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse
from django.utils.functional import Promise

from intake import wizard
from intake.answers import Answers
from intake.steps import Step


@dataclass(slots=True)
class Section:
    """Answered questions as rows for components/summary_list.html, and the steps that nobody answered, as links."""

    title: str | Promise
    rows: list[dict[str, object]] = field(default_factory=list)
    left_open: list[Step] = field(default_factory=list)


def summary_of(answers: Answers, *, today: date, language: str) -> list[Section]:
    """Return the sections in the order of the questions; a long list of empty rows would hide what was said."""
    sections: list[Section] = []
    for step in wizard.applicable(answers):
        if not sections or sections[-1].title != step.section:
            sections.append(Section(step.section))
        form = wizard.form_of(step, answers, today=today, language=language)
        change_url = reverse("intake:change", args=[step.slug])
        rows: list[dict[str, object]] = [
            {"key": question, "value": _in_words(answer), "change_url": change_url}
            for question, answer in form.rows()
            if answer
        ]
        sections[-1].rows += rows
        if not rows:
            sections[-1].left_open.append(step)
    return sections


def _in_words(answer: object) -> object:
    return " · ".join(map(str, answer)) if isinstance(answer, list) else answer
