"""Stage 1: who the person is, as far as help needs it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from intake.answers import Answers
from intake.forms.base import StepForm
from intake.forms.fields import NOT_SURE, Number, Pick, Several, Words, YesNo
from intake.household import agreed, described

AGES = (
    ("under_15", _("Under 15")),
    ("15_17", _("15 to 17")),
    ("18_24", _("18 to 24")),
    ("25_59", _("25 to 59")),
    ("60_plus", _("60 or older")),
)


class SubmitterForm(StepForm):
    submitter = Pick(
        _("Who needs help?"),
        [
            ("self", _("I do")),
            ("partner", _("My partner or somebody in my family")),
            ("friend", _("A friend, or somebody I support")),
        ],
        why=_("So that we ask in the right words, and know who we may write to."),
    )


class FilerForm(StepForm):
    """About the one who writes for somebody else: only what the person's own safety needs."""

    filer_call_you = Words(
        _("What shall we call you, who write this?"),
        most=100,
        why=_("Any name you like. It does not have to be the one in your documents."),
    )
    person_knows = YesNo(
        _("Does the person know that you write to us?"),
        why=_("If not, we first ask you how to tell them safely."),
        other=NOT_SURE,
    )


class NameForm(StepForm):
    call_you = Words(
        _("What shall we call you?"),
        most=100,
        why=_("Any name you like. It does not have to be the one in your documents."),
    )
    pronouns = Words(
        _("Your pronouns"), most=60, why=_("So that we speak of you in the right way. For example: she, he, they.")
    )


class AgeForm(StepForm):
    age_band = Pick(
        _("How old are you?"),
        AGES,
        why=_("Children and older people have a right to special protection."),
    )


class ChildForm(StepForm):
    minor_accompanied = YesNo(
        _("Is an adult with you whom you trust?"),
        why=_("If no adult looks after you, we read what you write first of all."),
    )


class CompanyForm(StepForm):
    """Numbers only. They are never smaller than what was said of each person on the page that follows."""

    dependants = Number(
        _("How many people depend on you?"), most=99, why=_("Children, parents or others who would come to harm without you.")
    )
    with_adults = Number(_("Adults who are with you"), most=99, why=_("So that we look for a place where all of you fit."))
    with_children = Number(
        _("Children under 18 who are with you"), most=99, why=_("Children need a safe place first, and a school later.")
    )
    with_older = Number(
        _("People of 60 or older who are with you"), most=99, why=_("Some roads are too hard for older people.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for number in self.fields:
            stated, least = cleaned.get(number), described(self.saved, number)
            if stated is not None and stated < least:
                self.add_error(number, _fewer_than_described(least))
        return cleaned

    def to_answers(self) -> Answers:
        return {number: agreed(self.saved, number, stated) for number, stated in self.cleaned_data.items()}


def _fewer_than_described(least: int) -> str:
    return ngettext(
        "On the next page %(count)d such person is named. Write at least that number, or take somebody off that page.",
        "On the next page %(count)d such people are named. Write at least that number, or take somebody off that page.",
        least,
    ) % {"count": least}


class SogiescForm(StepForm):
    sogiesc = Several(
        _("Which words fit you?"),
        [
            ("lesbian", _("Lesbian")),
            ("gay", _("Gay")),
            ("bisexual", _("Bisexual")),
            ("trans_woman", _("Trans woman")),
            ("trans_man", _("Trans man")),
            ("trans", _("Trans")),
            ("nonbinary", _("Non-binary")),
            ("intersex", _("Intersex")),
            ("queer", _("Queer")),
            ("asexual", _("Asexual")),
            ("questioning", _("I am still finding out")),
            ("ally", _("None: I am in danger because of somebody else, or because of my work")),
            ("prefer_not", _("I would rather not say")),
        ],
        why=_("You never have to prove who you are or whom you love. This does not change how fast we read what you wrote."),
    )
    sogiesc_words = Words(_("Other words of your own"), most=200)
