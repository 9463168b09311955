"""Who would travel together, as the applicant described them, for the case page. What somebody is called is identity."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from cases.identity import Line
from cases.wording import LABELS, value_in_words
from intake.models import HelpRequest

type Words = str | Promise

RELATIONS: dict[str, Words] = {
    "partner": gettext_lazy("partner or spouse"),
    "child": gettext_lazy("child"),
    "parent": gettext_lazy("parent"),
    "sibling": gettext_lazy("sibling"),
    "family": gettext_lazy("other family"),
    "friend": gettext_lazy("friend"),
    "other": gettext_lazy("somebody else"),
}
PLACES: dict[str, Words] = {
    "same": gettext_lazy("in the same place"),
    "elsewhere": gettext_lazy("somewhere else"),
}
# In the order in which they are read; each with its label.
KEYS: dict[str, Words] = {
    "relation": gettext_lazy("Belongs to them as"),
    "age_band": LABELS["age_band"],
    "place": gettext_lazy("Is now"),
    "depends": gettext_lazy("Depends on them"),
    "medical": LABELS["medical"],
    "disability": LABELS["disability"],
    "pregnant": LABELS["pregnant"],
}


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody who is with the applicant: what was stated, as lines; `unknown` labels what was not, which is never "no"."""

    number: int
    told: list[Line]
    unknown: list[Words]


def companions_of(request: HelpRequest, *, without: Collection[str] = ()) -> list[Companion]:
    """Return everybody whom the applicant described, in their order, without names. One query; opens STORY.

    Of the keys in `without` nothing is said, neither what was stated nor that it was not.
    """
    shown = {key: label for key, label in KEYS.items() if key not in without}
    found = []
    for number, member in enumerate(request.household.arrived(), start=1):
        told = member.told
        stated = [Line(label, _in_words(key, told[key])) for key, label in shown.items() if told.get(key) is not None]
        found.append(Companion(number, stated, [label for key, label in shown.items() if told.get(key) is None]))
    return found


def names_of(request: HelpRequest) -> Iterator[Line]:
    """Yield what the described people are called, for who has opened the identity. One query; opens IDENTITY."""
    for number, member in enumerate(request.household.arrived(), start=1):
        yield Line(_("Person %(number)s with them") % {"number": number}, str(member.identity.get("called") or ""))


def _in_words(key: str, value: object) -> str:
    names = {"relation": RELATIONS, "place": PLACES}.get(key)
    return str(names.get(str(value), value)) if names else value_in_words(key, value, language=get_language() or "en")
