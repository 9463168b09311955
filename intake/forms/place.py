"""Stage 1: where the person is, and what holds them there."""

from __future__ import annotations

from functools import cache
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from intake.answers import STABLE, Answers, date_in, days_until
from intake.forms.base import StepForm
from intake.forms.fields import Choice, Country, Label, Number, Pick, Tick, Words, number_shown
from rainbowrail.countries import codes

MOST_NIGHTS = 364


@cache
def _countries(language: str) -> list[Choice]:
    return list(codes.choices(language))


class _CountryForm(StepForm):
    """Fills each country field with names in the page's language."""

    def prepare(self) -> None:
        for name, field in self.fields.items():
            if isinstance(field, Country):
                self.offer(name, [("", _("I would rather not say")), *_countries(self.language)])


class CountryForm(_CountryForm):
    current_country = Country(_("Which country are you in now?"), why=_("What can be done depends on where you are."))
    region = Words(_("Which city or region?"), most=100, why=_("Roughly is enough. Please do not write your address."))


class CountryNowForm(_CountryForm):
    """The country alone, for the page that says whom one can call there."""

    current_country = Country(_("Which country are you in now?"), why=_("What can be done depends on where you are."))


class NationalityForm(_CountryForm):
    nationality = Country(
        _("Which country's citizen are you?"),
        why=_("Other countries may help you when you are outside your own. If you have none, leave this."),
    )


class StatusForm(StepForm):
    legal_status_current = Pick(
        _("What papers do you have for the country you are in?"),
        [
            ("citizen", _("I am a citizen")),
            ("permanent_resident", _("I may stay for good")),
            ("resident", _("I have a residence permit")),
            ("temporary", _("I have a visa or another paper that ends")),
            ("asylum_seeker", _("I have asked for asylum")),
            ("refugee_recognised", _("I am recognised as a refugee")),
            ("undocumented", _("I have no valid papers")),
            ("stateless", _("No country sees me as its citizen")),
        ],
        why=_("We never tell this to the authorities of that country."),
        other=("skip", _("I do not know, or would rather not say")),
    )


class PlaceForm(StepForm):
    location_type = Pick(
        _("Where are you staying?"),
        [
            ("home", _("At home")),
            ("hiding_private", _("Hiding, with somebody or alone")),
            ("shelter", _("In a shelter")),
            ("safe_house", _("In a safe house")),
            ("street", _("On the street")),
            ("detention", _("In prison, a police station or a camp that I cannot leave")),
            ("family_confinement", _("Locked in by my family")),
        ],
        why=_("Please do not write an address anywhere in this form."),
    )


class NightsForm(StepForm):
    """Nights are kept as the date until which the place is certain."""

    one_of = ("nights", "stable")
    nights = Number(
        _("For how many more nights are you sure of this place?"), most=MOST_NIGHTS, why=_("0 if you must leave today.")
    )
    stable = Tick(_("I can stay as long as I need"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("stable") and cleaned.get("nights") is not None:
            raise forms.ValidationError(_("Write a number of nights, or tick that you can stay. Not both."))
        return cleaned

    def from_answers(self) -> dict[str, Any]:
        until = self.saved.get("shelter_until")
        if until == STABLE:
            return {"stable": True}
        return {"nights": max(0, days_until(until, self.today))} if until else {}

    def to_answers(self) -> Answers:
        if self.cleaned_data["stable"]:
            return {"shelter_until": STABLE}
        nights = self.cleaned_data["nights"]
        return {"shelter_until": None if nights is None else date_in(nights, self.today)}

    def owned_keys(self) -> list[str]:
        return ["shelter_until"]

    def rows(self) -> list[tuple[Label, Label | list[Label] | None]]:
        question, stable = self.fields["nights"].label or "", self.initial.get("stable")
        nights = self.initial.get("nights")
        return [(question, self.fields["stable"].label if stable else None if nights is None else number_shown(nights))]


class CustodyForm(StepForm):
    custody = Pick(
        _("Is anybody holding you, or making you report to them?"),
        [
            ("none", _("No")),
            ("police", _("Yes, the police")),
            ("prison", _("Yes, I am in prison")),
            ("armed_group", _("Yes, an armed group")),
            ("immigration_detention", _("Yes, immigration detention")),
            ("family_confinement", _("Yes, my family does not let me go")),
            ("reporting_duty", _("I am free, but must report regularly")),
        ],
        why=_("Somebody who is held needs help at once."),
    )
