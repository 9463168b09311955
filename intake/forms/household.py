"""Who is with you, one by one: a list, and three short pages about each person, all of which may be skipped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext_lazy as _

from intake.answers import HOUSEHOLD, Answers
from intake.forms.base import StepForm
from intake.forms.fields import NOT_SURE, Label, Pick, Words, YesNo, number_shown
from intake.forms.you import AGES
from intake.household import MOST_PEOPLE, household_of

RELATIONS = (
    ("partner", _("Partner, wife or husband")),
    ("child", _("Child")),
    ("parent", _("Mother or father")),
    ("sibling", _("Sister or brother")),
    ("family", _("Somebody else of the family")),
    ("friend", _("Friend")),
    ("other", _("Somebody else")),
)
PLACES = (("same", _("In the same place")), ("elsewhere", _("Somewhere else")))
# Health in words that fit anybody, whoever answers for them.
HEALTH = (
    ("none", _("No")),
    ("chronic_untreated", _("An illness that is not treated")),
    ("injury_needs_care", _("Hurt, and needs care")),
    ("treatment_interrupted", _("Can no longer get medicine or treatment")),
    ("life_threatening", _("In danger of death without care")),
)


class HouseholdForm(StepForm):
    """The list. It has no fields of its own: each person is saved from their own pages."""

    def to_answers(self) -> Answers:
        return {HOUSEHOLD: self.saved.get(HOUSEHOLD)}

    def owned_keys(self) -> list[str]:
        return [HOUSEHOLD]

    def people(self) -> list[dict[str, Any]]:
        """Return a line for each person: `id`, `name` and what was said of them, in words."""
        return [
            {"id": one["id"], "name": name_of(one, number), "told": _told(one, self)}
            for number, one in enumerate(household_of(self.saved), start=1)
        ]

    def next_id(self) -> str:
        """Return the id for one more person, or nothing when the list is full. It is new each time the page is drawn."""
        return str(uuid4()) if len(household_of(self.saved)) < MOST_PEOPLE else ""

    def rows(self) -> list[tuple[Label, Label | list[Label] | None]]:
        return [(one["name"], one["told"] or [_("Nothing more said")]) for one in self.people()]


class PersonForm(StepForm):
    """What to call them, and how they belong to you. `answers` is what was said of this one person."""

    called = Words(_("What shall we call this person?"), most=100, why=_("Any name you like. A first letter is enough."))
    relation = Pick(_("How does this person belong to you?"), RELATIONS, why=_("So that we try to keep you together."))


class PersonPlaceForm(StepForm):
    age_band = Pick(_("How old is this person?"), AGES, why=_("Children and older people have a right to special protection."))
    place = Pick(_("Where is this person now?"), PLACES, why=_("So that we forget nobody who is in another place."))
    depends = YesNo(_("Would this person come to harm without you?"), why=_("A child, a parent or somebody ill, for example."))


class PersonNeedsForm(StepForm):
    medical = Pick(
        _("Does this person need a doctor or medicine?"), HEALTH, why=_("We do not need to know which illness."), other=NOT_SURE
    )
    disability = YesNo(
        _("Does this person live with a disability?"), why=_("So that any place or journey works for them."), other=NOT_SURE
    )
    pregnant = YesNo(_("Is this person pregnant?"), why=_("So that they get the care they need."), other=NOT_SURE)


PAGES: tuple[type[StepForm], ...] = (PersonForm, PersonPlaceForm, PersonNeedsForm)


def name_of(one: Mapping[str, Any], number: int) -> str:
    """Return what to call somebody on the list, or which of them it is: the `number`th, from 1."""
    return str(one.get("called") or _("Person %(number)s") % {"number": number_shown(number)})


def _told(one: Mapping[str, Any], form: StepForm) -> list[Label]:
    """Return what was said of somebody, in words, without the name. A bare yes or no needs its question beside it."""
    said: list[Label] = []
    for page in PAGES:
        asked = page(answers=dict(one), today=form.today, language=form.language)
        for name, field in asked.fields.items():
            value = one.get(name)
            if name == "called" or value is None:
                continue
            said.append(_in_words(field, value))
    return said


def _in_words(field: Any, value: object) -> Label:
    shown: Label = field.shown(value)
    return f"{field.label} {shown}" if isinstance(value, bool) or value == "none" else shown
