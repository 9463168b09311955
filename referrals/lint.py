"""Reads a packet before it may leave, and says what stands in the way. Pure; every finding blocks approval and release.

A finding names the place and the kind of thing, never the words found: it is shown, logged and counted.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext as _

from referrals.casefile import CaseFile, Withheld
from referrals.packet import Entry, Packet
from referrals.programmes.base import Programme


class Kind(StrEnum):
    CONSENT_MISSING = "consent_missing"
    CONSENT_ENDED = "consent_ended"
    CONSENT_OTHER_TEXT = "consent_other_text"
    PART_WITHOUT_CONSENT = "part_without_consent"
    PART_EMPTY = "part_empty"
    FIELD_MISSING = "field_missing"
    INSIDE_COUNTRY_OF_ORIGIN = "inside_country_of_origin"
    PRESENT_COUNTRY_UNKNOWN = "present_country_unknown"
    CHILD_WITHOUT_GUARDIAN = "child_without_guardian"
    CONTACT_INSIDE = "contact_inside"
    PLACE_INSIDE = "place_inside"
    CODE_WORD_INSIDE = "code_word_inside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Why the packet may not leave.

    A kind, the place (a part's letter, `cover`, or empty for the whole) and the key of the entry, if one.
    """

    kind: Kind
    place: str = ""
    key: str = ""
    label: str = ""

    @property
    def sentence(self) -> str:
        """Say what is wrong and what to do, in the active language."""
        return sentences()[self.kind] % {"place": self.place, "label": self.label}


def lint(packet: Packet, *, case: CaseFile, programme: Programme, withheld: Withheld, today: date) -> tuple[Finding, ...]:
    """Return everything that blocks this packet, in the order of its parts.

    An empty tuple means that it may go to the second person.
    """
    return (
        *_consent(case, programme, today),
        *_eligibility(case, programme, today),
        *_completeness(packet, case, programme),
        *_leaks(packet, withheld),
    )


def _consent(case: CaseFile, programme: Programme, today: date) -> Iterator[Finding]:
    if case.consent is None:
        yield Finding(kind=Kind.CONSENT_MISSING)
    elif case.consent.ends_on < today:
        yield Finding(kind=Kind.CONSENT_ENDED)
    elif case.consent.text_version != programme.consent_version:
        yield Finding(kind=Kind.CONSENT_OTHER_TEXT)


def _eligibility(case: CaseFile, programme: Programme, today: date) -> Iterator[Finding]:
    if programme.outside_country_of_origin:
        present = case.answers.get("current_country")
        if not present:
            yield Finding(kind=Kind.PRESENT_COUNTRY_UNKNOWN, place="E")
        elif present == case.identity.get("nationality"):
            yield Finding(kind=Kind.INSIDE_COUNTRY_OF_ORIGIN, place="E")
    born_on = case.identity.get("born_on", "")
    if born_on and case.consent and not case.consent.by_guardian and _age(date.fromisoformat(born_on), today) < 18:
        yield Finding(kind=Kind.CHILD_WITHOUT_GUARDIAN, place="B")


def _age(born_on: date, today: date) -> int:
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))


def _completeness(packet: Packet, case: CaseFile, programme: Programme) -> Iterator[Finding]:
    for section in programme.sections:
        if case.consent and section.required and section.needs_consent and section.letter not in case.consent.parts:
            yield Finding(kind=Kind.PART_WITHOUT_CONSENT, place=section.letter, label=str(section.title))
            continue
        for asked in programme.asked_in(section.letter):
            if asked.required and not (case.identity if asked.is_identity else case.account).get(asked.key):
                yield Finding(kind=Kind.FIELD_MISSING, place=section.letter, key=asked.key, label=str(asked.label))
        if case.consent and section.required and not packet.part(section.letter).entries:
            yield Finding(kind=Kind.PART_EMPTY, place=section.letter, label=str(section.title))


# --- what must not be inside ---

EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
HANDLE = re.compile(r"(?<![\w.])@[A-Za-z][\w.]{2,}")
MESSENGER = re.compile(
    r"\b(?:t\.me|telegram\.me|wa\.me|signal\.me|m\.me|fb\.com|facebook\.com|instagram\.com|vk\.com|snapchat\.com|tiktok\.com)/\S+",
    re.IGNORECASE,
)
COORDINATES = re.compile(r"-?\d{1,3}\.\d{4,}\s*[,;]\s*-?\d{1,3}\.\d{4,}")
DIGIT_RUN = re.compile(r"\+?\d[\d\s().\-/]{5,}\d")
# A day, a year or a span of them is no telephone number, though it is made of the same signs.
DAYS = re.compile(r"\b(?:\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|(?:19|20)\d\d)\b")
PHONE_DIGITS = 8  # the shortest national number in common use with its area code
KNOWN_MIN_CHARS = 4  # shorter words of a contact plan ("no", "am") are in every text


def _leaks(packet: Packet, withheld: Withheld) -> Iterator[Finding]:
    for place, entry in packet.entries():
        if place == "cover" or entry.key == "officer":
            continue  # the officer's own contact belongs there
        words = _plain(f"{entry.value} {entry.code}")
        if _names(words, withheld.contacts) or (entry.is_prose and _looks_like_contact(entry)):
            yield _inside(Kind.CONTACT_INSIDE, place, entry)
        if _names(words, withheld.places) or COORDINATES.search(words):
            yield _inside(Kind.PLACE_INSIDE, place, entry)
        if _names(words, withheld.secrets):
            yield _inside(Kind.CODE_WORD_INSIDE, place, entry)


def _inside(kind: Kind, place: str, entry: Entry) -> Finding:
    return Finding(kind=kind, place=place, key=entry.key, label=entry.label)


def _plain(words: str) -> str:
    """Return the words as a reader compares them: one form of each letter, ASCII digits, lower case, single spaces."""
    folded = unicodedata.normalize("NFKC", words).casefold()
    digits = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in folded)
    return " ".join(digits.split())


def _names(words: str, known: tuple[str, ...]) -> bool:
    """Say whether any known thing is in the words, also a number with other spaces or without its first digits."""
    number = re.sub(r"\D", "", words)
    for thing in known:
        plain = _plain(thing)
        if len(plain) >= KNOWN_MIN_CHARS and re.search(rf"(?<!\w){re.escape(plain)}(?!\w)", words):
            return True
        digits = re.sub(r"\D", "", plain)
        if len(digits) >= PHONE_DIGITS and digits[-PHONE_DIGITS:] in number:
            return True
    return False


def _looks_like_contact(entry: Entry) -> bool:
    words = _plain(entry.value)
    if EMAIL.search(words) or HANDLE.search(words) or MESSENGER.search(words):
        return True
    if entry.key in {"documents", "history"}:  # passport and permit numbers are digits too
        return False
    return any(len(re.sub(r"\D", "", run.group())) >= PHONE_DIGITS for run in DIGIT_RUN.finditer(DAYS.sub("·", words)))


def sentences() -> dict[Kind, str]:
    return {
        Kind.CONSENT_MISSING: _("There is no consent for this programme and this official. Record it first."),
        Kind.CONSENT_ENDED: _("The consent has ended. Ask the person again."),
        Kind.CONSENT_OTHER_TEXT: _("The consent was given to an older text of this programme. Ask the person again."),
        Kind.PART_WITHOUT_CONSENT: _("Part %(place)s, %(label)s: the programme needs it, and the person did not allow it."),
        Kind.PART_EMPTY: _("Part %(place)s, %(label)s: the programme needs it, and it is empty."),
        Kind.FIELD_MISSING: _("Part %(place)s: “%(label)s” is missing."),
        Kind.INSIDE_COUNTRY_OF_ORIGIN: _(
            "The person is still in the country of their nationality. This programme takes people outside it."
        ),
        Kind.PRESENT_COUNTRY_UNKNOWN: _(
            "Which country the person is in now is not known. This programme takes people outside their own."
        ),
        Kind.CHILD_WITHOUT_GUARDIAN: _(
            "The person is under 18; a guardian must consent for them, and their best interests be written down."
        ),
        Kind.CONTACT_INSIDE: _("Part %(place)s, “%(label)s”: a telephone number, address or account is inside. Take it out."),
        Kind.PLACE_INSIDE: _("Part %(place)s, “%(label)s”: the place where the person stays is inside. Take it out."),
        Kind.CODE_WORD_INSIDE: _("Part %(place)s, “%(label)s”: a code word of the person is inside. Take it out."),
    }
