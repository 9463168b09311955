"""Who would travel together: the people an applicant described, as a draft keeps them, and the numbers that must agree. Pure.

A draft holds them under `household`, a list in the order in which they were added; every key but `id` may be absent:

    id           a random UUID as text; the same page sent twice is one person
    called       what to call them
    relation     partner | child | parent | sibling | family | friend | other
    age_band     as in `intake.answers`
    place        same | elsewhere
    depends      true | false        would come to harm without the applicant
    medical      as in `intake.answers`
    disability, pregnant   true | false

The numbers of the page before (`dependants`, `with_…`) are never smaller than what the descriptions say: see `agreed`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from intake.answers import HOUSEHOLD, Answers

# More than travel together; whoever has more says so in their own words.
MOST_PEOPLE: Final = 12
IDENTITY_KEYS: Final = frozenset({"called"})
CHILD_BANDS: Final = frozenset({"under_15", "15_17"})
ADULT_BANDS: Final = frozenset({"18_24", "25_59"})

type Described = Mapping[str, Any]


def _here(one: Described) -> bool:
    return one.get("place") == "same"


COUNTED: Final[dict[str, Callable[[Described], bool]]] = {
    "dependants": lambda one: one.get("depends") is True,
    "with_adults": lambda one: _here(one) and one.get("age_band") in ADULT_BANDS,
    "with_children": lambda one: _here(one) and one.get("age_band") in CHILD_BANDS,
    "with_older": lambda one: _here(one) and one.get("age_band") == "60_plus",
}


def household_of(answers: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the described people of a draft, in order."""
    return list(answers.get(HOUSEHOLD) or [])


def described(answers: Mapping[str, Any], number: str) -> int:
    """Return how many of the described people a number (`dependants`, `with_…`) must count at least."""
    return sum(map(COUNTED[number], household_of(answers)))


def with_person(answers: Mapping[str, Any], person_id: str, told: Mapping[str, Any]) -> Answers:
    """Return what to save after one page about one person: the list, and the numbers that the list changes.

    None takes a key away. Somebody of whom nothing was said is not on the list; nor is one more than MOST_PEOPLE.
    """
    people = household_of(answers)
    known = next((one for one in people if one["id"] == person_id), None)
    said = {key: value for key, value in ({**(known or {}), **told, "id": person_id}).items() if value is not None}
    if known is not None:
        people[people.index(known)] = said
    elif len(said) > 1 and len(people) < MOST_PEOPLE:
        people.append(said)
    return _changed(answers, people)


def without_person(answers: Mapping[str, Any], person_id: str) -> Answers:
    """Return what to save when somebody is taken off the list; the numbers follow where they counted just the list."""
    return _changed(answers, [one for one in household_of(answers) if one["id"] != person_id])


def agreed(answers: Mapping[str, Any], number: str, stated: int | None) -> int | None:
    """Return the number to keep: what was stated, but never less than what was described; None while nobody said anything."""
    least = described(answers, number)
    return max(stated or 0, least) if least or stated is not None else None


def _changed(answers: Mapping[str, Any], people: list[dict[str, Any]]) -> Answers:
    after: Answers = {**answers, HOUSEHOLD: people}
    numbers: Answers = {}
    for number in COUNTED:
        stated, before = answers.get(number), described(answers, number)
        if stated is not None and stated == before != described(after, number):
            stated = None  # it came from the descriptions alone, so it goes down with them too
        numbers[number] = agreed(after, number, stated)
    return {HOUSEHOLD: people or None, **numbers}
