"""What we disclose. `build` is the only function that decides it: what it does not name does not leave the building.

The packet is an ordered document of plain words: a cover, then parts A to K. Paper and machine copy are both made from it, so
they cannot differ. Decision: docs/decisions/0060-what-a-packet-is.md.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from rainbowrail.countries import codes
from referrals.casefile import CaseFile, ConsentExtract, ConsentHow
from referrals.programmes.base import Answer, AskedField, Programme, Section

SCHEMA = "rainbowrail.packet"
SCHEMA_VERSION = "1.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing told: a label, the words, and the language (BCP 47) that the words are in.

    `code` is the machine's form of it, if it has one.
    """

    key: str
    label: str
    value: str
    language: str
    code: str = ""
    is_prose: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One lettered part; with no entries, `absent` says why it is empty."""

    letter: str
    title: str
    entries: tuple[Entry, ...]
    absent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """Everything that one official gets about one case, in reading order, in one language of labels."""

    packet_id: str
    version: int
    made_on: date
    language: str
    programme: str
    programme_name: str
    edition: str
    forms: tuple[str, ...]
    paper: str
    addressee: str
    watermark: str
    cover: tuple[Entry, ...]
    handling: tuple[str, ...]
    parts: tuple[Part, ...]

    def part(self, letter: str) -> Part:
        """Return one part. Raises KeyError for a letter the packet does not have."""
        for part in self.parts:
            if part.letter == letter:
                return part
        raise KeyError(letter)

    def entries(self) -> Iterator[tuple[str, Entry]]:
        """Yield every entry with its place: the letter of its part, or `cover`."""
        for entry in self.cover:
            yield "cover", entry
        for part in self.parts:
            for entry in part.entries:
                yield part.letter, entry

    def as_data(self) -> dict[str, object]:
        """Return the machine copy: only strings, whole numbers, lists and dictionaries, dates as ISO 8601."""
        return {
            "schema": SCHEMA,
            "schema_version": SCHEMA_VERSION,
            "packet": {
                "id": self.packet_id,
                "version": self.version,
                "made_on": self.made_on.isoformat(),
                "language": self.language,
            },
            "programme": {
                "id": self.programme,
                "name": self.programme_name,
                "edition": self.edition,
                "forms": list(self.forms),
            },
            "addressee": self.addressee,
            "cover": [_entry_data(entry) for entry in self.cover],
            "handling": list(self.handling),
            "parts": [
                {
                    "letter": part.letter,
                    "title": part.title,
                    "entries": [_entry_data(entry) for entry in part.entries],
                    "absent": part.absent,
                }
                for part in self.parts
            ],
        }

    def digest(self) -> str:
        """Return the SHA-256 (hex) of what is told, without the day and the version.

        Equal for what was approved and what is built.
        """
        told = {
            "addressee": self.addressee,
            "entries": [[place, _entry_data(entry)] for place, entry in self.entries() if entry.key not in DATED],
        }
        return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


# Cover lines that change from one build of the same words to the next.
DATED = frozenset({"packet", "made_on"})


def build(case: CaseFile, programme: Programme) -> Packet:
    """Decide what the programme is told about a case; nothing else in this system does.

    Only things that `programme.fields` asks for, three facts from intake (present country, legal status there, UNHCR
    registration), the country table, and, if the officer ticked it, the person's own words. A part that needs consent and did
    not get it is empty, whatever was written in it. Never the contact plan, a present address, notes, messages, the urgency
    score or its reasons: they are not in `CaseFile` at all. Labels are in the language active at the call.
    """
    return Packet(
        packet_id=case.packet_id,
        version=case.version,
        made_on=case.made_on,
        language=case.language,
        programme=programme.slug,
        programme_name=str(programme.name),
        edition=programme.edition,
        forms=programme.forms,
        paper=programme.paper,
        addressee=f"{case.addressee.name}, {case.addressee.office}",
        watermark=f"{case.addressee.name} · {case.packet_id} · {case.version}",
        cover=tuple(_cover(case, programme)),
        handling=tuple(str(rule) for rule in programme.handling),
        parts=tuple(_part(section, case, programme) for section in programme.sections),
    )


def _part(section: Section, case: CaseFile, programme: Programme) -> Part:
    if section.needs_consent and (case.consent is None or section.letter not in case.consent.parts):
        return Part(letter=section.letter, title=str(section.title), entries=(), absent=_("Not shared in this version."))
    entries = tuple(_entries(section.letter, case, programme))
    return Part(letter=section.letter, title=str(section.title), entries=entries, absent="" if entries else str(section.absent))


def _entries(letter: str, case: CaseFile, programme: Programme) -> Iterator[Entry]:
    if letter == "A":
        yield _line(case, "case_reference", _("Our reference"), case.case_reference)
        yield _line(case, "priority", _("Proposed priority"), str(programme.priorities[case.band]), code=str(case.band))
    if letter == "E":
        yield from _host_country(case)
    for asked in programme.asked_in(letter):
        yield from _asked(asked, case)
    if letter == "D" and case.account.get("quote_own_words") == "yes" and case.own_words:
        label = _("In the person's own words")
        yield Entry(key="own_words", label=label, value=case.own_words, language=case.own_words_language, is_prose=True)
    if letter == "J" and case.consent:
        yield _line(case, "consent", _("Consent"), _consent_sentence(case.consent), code=case.consent.text_version)
        yield _line(case, "officer", _("Prepared by"), case.officer.name)
    if letter == "K":
        yield _line(case, "schema", _("Machine copy"), f"packet.json, {SCHEMA} {SCHEMA_VERSION}", code=SCHEMA_VERSION)


def _asked(asked: AskedField, case: CaseFile) -> Iterator[Entry]:
    told = (case.identity if asked.is_identity else case.account).get(asked.key, "")
    if not asked.is_told or not told:
        return
    value, code = told, ""
    if asked.answer is Answer.CHOICE:
        value, code = str(dict(asked.choices)[told]), told
    elif asked.answer is Answer.COUNTRY:
        value, code = codes.name(told, case.language), told
    elif asked.answer is Answer.TICK:
        if told != "yes":
            return
        value, code = _("Yes"), "yes"
    elif asked.answer is Answer.DAY:
        code = told
    yield Entry(
        key=asked.key,
        label=str(asked.label),
        value=value,
        language=case.language,
        code=code,
        is_prose=asked.answer is Answer.TEXT,
    )


def _host_country(case: CaseFile) -> Iterator[Entry]:
    country = case.answers.get("current_country")
    if isinstance(country, str) and country:
        yield _line(case, "current_country", _("Present country"), codes.name(country, case.language), code=country)
    status = case.answers.get("legal_status_current")
    if isinstance(status, str) and status != "unknown":
        yield _line(case, "legal_status_current", _("Legal status there"), legal_statuses().get(status, status), code=status)
    registered = case.answers.get("unhcr_registered")
    if isinstance(registered, bool):
        yield _line(
            case,
            "unhcr_registered",
            _("Registered with UNHCR"),
            _("Yes") if registered else _("No"),
            code="yes" if registered else "no",
        )
    if case.law and case.account.get("quote_law") == "yes":
        law = case.law
        sentence = _("%(criminalised)s. Highest penalty: %(maximum)s. Death penalty: %(death)s.") % {
            "criminalised": law.criminalised,
            "maximum": law.maximum_penalty,
            "death": law.death_penalty,
        }
        yield _line(case, "law", _("Same-sex intimacy in the law of %(country)s") % {"country": law.name}, sentence)
        yield _line(case, "law_source", _("Source of this"), f"{law.source} ({law.as_of})")


def _cover(case: CaseFile, programme: Programme) -> Iterator[Entry]:
    yield _line(case, "packet", _("Document"), f"{case.packet_id}, {_('version')} {case.version}")
    yield _line(case, "made_on", _("Made on"), case.made_on.isoformat(), code=case.made_on.isoformat())
    yield _line(case, "programme", _("Programme"), str(programme.name), code=programme.slug)
    yield _line(case, "legal_basis", _("Legal basis"), programme.legal_basis)
    yield _line(case, "forms", _("Beside the forms"), " · ".join(programme.forms))
    yield _line(case, "purpose", _("Purpose"), _("Referral for resettlement, to decide this case and for nothing else"))
    yield _line(case, "addressee", _("For"), f"{case.addressee.name}, {case.addressee.office}")
    yield _line(case, "contact", _("Questions to"), f"{case.officer.name}, {case.officer.email}")
    if case.consent:
        yield _line(
            case, "consent_extract", _("Consent"), _consent_sentence(case.consent), code=case.consent.ends_on.isoformat()
        )


def _consent_sentence(consent: ConsentExtract) -> str:
    sentence = _("Given on %(given)s (%(how)s, in %(language)s), for parts %(parts)s, until %(end)s.") % {
        "given": consent.given_on.isoformat(),
        "how": consent_ways()[consent.how],
        "language": language_name(consent.language),
        "parts": ", ".join(sorted(consent.parts)),
        "end": consent.ends_on.isoformat(),
    }
    return f"{sentence} {_('Given by a guardian.')}" if consent.by_guardian else sentence


def _line(case: CaseFile, key: str, label: str, value: str, *, code: str = "") -> Entry:
    return Entry(key=key, label=label, value=value, language=case.language, code=code)


def _entry_data(entry: Entry) -> dict[str, str]:
    data = {"key": entry.key, "label": entry.label, "value": entry.value, "language": entry.language}
    return {**data, "code": entry.code} if entry.code else data


def consent_ways() -> dict[ConsentHow, str]:
    return {
        ConsentHow.RECORDED_ORAL: _("spoken, recorded in writing"),
        ConsentHow.SIGNED: _("signed"),
        ConsentHow.OWN_PAGE: _("by the person themself, on a page of their own"),
    }


def legal_statuses() -> dict[str, str]:
    """Return the words for intake's `legal_status_current`."""
    return {
        "citizen": _("Citizen"),
        "permanent_resident": _("Permanent resident"),
        "resident": _("Resident"),
        "temporary": _("Temporary stay"),
        "undocumented": _("Without papers"),
        "asylum_seeker": _("Asylum seeker"),
        "refugee_recognised": _("Recognised refugee"),
        "stateless": _("Stateless"),
    }


def language_name(code: str) -> str:
    """Return a language's name in the active language, or the code itself for one Django has no words for."""
    from django.utils.translation import get_language_info

    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
