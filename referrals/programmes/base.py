"""What a sponsorship programme is: officials, sections, fields asked for, fields never given, format, quotas.

Data, never an `if`.

A programme is one file in this folder, with its legal basis, its source and the date it was read. The draft form, the packet,
the linter and the pages read it; none of them knows a country's name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rainbowrail.crypto.compartments import Compartment

type Words = str | Promise

NOTHING_TO_REPORT = _("Nothing to report in this part.")


class Answer(StrEnum):
    """How one thing is asked on the draft form."""

    LINE = "line"
    TEXT = "text"
    DAY = "day"
    NUMBER = "number"
    COUNTRY = "country"
    CHOICE = "choice"
    TICK = "tick"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedField:
    """One thing a referral officer writes for this programme, and the part of the packet it goes to.

    `sealed_under` says whose key closes it: the person's identity, or the case. `is_told` is False for a thing that only the
    linter reads.
    """

    key: str
    part: str
    label: Words
    hint: Words = ""
    answer: Answer = Answer.LINE
    required: bool = False
    sealed_under: Compartment = Compartment.CASEWORK
    choices: tuple[tuple[str, Words], ...] = ()
    initial: Words = ""
    is_told: bool = True

    @property
    def is_identity(self) -> bool:
        return self.sealed_under is Compartment.IDENTITY

    @property
    def max_chars(self) -> int:
        return 12_000 if self.answer is Answer.TEXT else 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of the packet: `letter` is its place, `absent` the sentence printed when there is nothing in it.

    `consent_label` is what staff read; `consent_words` names the words that the person reads (a key of intake.consent.PARTS).
    """

    letter: str
    title: Words
    required: bool = False
    needs_consent: bool = True
    consent_label: Words = ""
    consent_words: str = ""
    absent: Words = NOTHING_TO_REPORT


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """Places of one year; `places` is None while the figure is not agreed.

    Quotas have a history, so that a change shows as a new row.
    """

    year: int
    places: int | None
    note: Words
    source: str
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A way to protection that a government offers, as the desk needs to know it."""

    slug: str
    name: Words
    country: str
    legal_basis: str
    edition: str
    forms: tuple[str, ...]
    source: str
    as_of: date
    languages: tuple[tuple[str, Words], ...]
    sections: tuple[Section, ...]
    fields: tuple[AskedField, ...]
    never_given: tuple[tuple[str, Words], ...]
    formats: tuple[str, ...]
    handling: tuple[Words, ...]
    consent_version: str
    consent_text: tuple[Words, ...]
    consent_months: int
    consent_purpose: str
    priorities: Mapping[int, Words]
    outside_country_of_origin: bool = False
    paper: str = "a4"
    quotas: tuple[Quota, ...] = field(default=())

    def section(self, letter: str) -> Section:
        """Return one part. Raises KeyError for a letter that this programme does not use."""
        for section in self.sections:
            if section.letter == letter:
                return section
        raise KeyError(letter)

    def asked_in(self, letter: str) -> Iterator[AskedField]:
        return (asked for asked in self.fields if asked.part == letter)

    def asked(self, key: str) -> AskedField:
        """Return one thing asked for. Raises KeyError for a key that this programme does not ask."""
        for asked in self.fields:
            if asked.key == key:
                return asked
        raise KeyError(key)

    def consent_sections(self) -> tuple[Section, ...]:
        """Return the parts that travel only if the person allowed each of them."""
        return tuple(section for section in self.sections if section.needs_consent)


# Whatever a programme asks for, these stay here: who wants to reach the person writes to the officer on the cover.
NEVER_GIVEN: tuple[tuple[str, Words], ...] = (
    ("contact_plan", _("How we reach the person: number, address, hours, shared device, code word")),
    ("present_address", _("Where the person stays now, and every safe-house address")),
    ("return_code", _("The return code, and that there is one")),
    ("notes", _("Our notes and our conversation with the person")),
    ("urgency", _("Our urgency score, its factors and its reasons")),
    ("kept_apart", _("What one family member keeps from another")),
)
