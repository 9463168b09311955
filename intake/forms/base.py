"""What every step's form can do: show what was saved, and say what to save."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from intake.answers import FILERS, Answers
from intake.forms.fields import Choice, Label
from rainbowrail.web.forms import PageForm


class StepForm(PageForm):
    """One step. Its field names are answer keys unless the form says otherwise in `from_answers` and `to_answers`.

    `answers` is the whole draft (a later step may word itself by an earlier one), `today` the applicant's server day.
    """

    # Fields of which only one can be answered: "three nights" or "as long as I need".
    one_of: ClassVar[tuple[str, ...]] = ()

    def __init__(self, data: Mapping[str, Any] | None = None, *, answers: Answers, today: date, language: str) -> None:
        self.saved = answers
        self.today = today
        self.language = language
        super().__init__(data, use_required_attribute=False)
        self.prepare()
        if self.is_for_another():
            self.word_for_another()
        self.initial = self.from_answers()

    def is_for_another(self) -> bool:
        """Whether somebody fills the form for a friend or relative, so that "you" is not the person in danger."""
        return self.saved.get("submitter") in FILERS

    def word_for_another(self) -> None:
        """Ask about "this person" where a filer would read "you" as themselves."""
        from intake.forms.for_another import QUESTIONS  # it borrows words of other forms

        for name in self.fields.keys() & QUESTIONS.keys():
            wording, field = QUESTIONS[name], self.fields[name]
            field.label = wording.label
            field.help_text = wording.why or field.help_text
            if wording.choices:
                self.offer(name, [(value, wording.choices.get(value, label)) for value, label in field.choices])  # type: ignore[attr-defined]

    def prepare(self) -> None:
        """Set what depends on language or earlier answers: choices, hints, further fields."""

    def offer(self, name: str, choices: list[Choice]) -> None:
        """Set what a list offers."""
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def from_answers(self) -> dict[str, Any]:
        """Return the initial value of each field."""
        return {name: self.saved.get(name) for name in self.fields}

    def to_answers(self) -> Answers:
        """Return every key this step owns; None for what was not stated. Needs a valid form."""
        return dict(self.cleaned_data)

    def owned_keys(self) -> list[str]:
        """Return the answer keys this step owns."""
        return list(self.fields)

    def rows(self) -> list[tuple[Label, Label | list[Label] | None]]:
        """Return question and saved answer, in words, for the page that checks them."""
        return [(field.label or "", field.shown(self.initial.get(name))) for name, field in self.fields.items()]  # type: ignore[attr-defined]
