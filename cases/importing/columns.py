"""What a row may hold: the keys of domain.md and a few of our own. Text becomes values; errors of a row are told at once."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from cases.urgency import facts
from intake.answers import STABLE, STABLE_NIGHTS, Answers
from intake.models.help_request import OWN_WORDS_MAX
from rainbowrail.crypto.numerals import to_ascii
from rainbowrail.web.forms import clean_text

ID, GIVEN_ON, GIVEN_HOW, COLLECTED_ON, LANGUAGE = "external_id", "consent_given_on", "consent_how", "collected_on", "language"
HOW_GIVEN = ("spoken", "signed", "written")
REQUIRED = (ID, GIVEN_ON, GIVEN_HOW)
ID_MAX = 60
OLDEST_DAYS = 2 * 365
# Texts, with the most letters of each, as the questionnaire has them.
TEXTS = {
    "call_you": 100, "pronouns": 60, "region": 100, "sogiesc_words": 200, "own_words": OWN_WORDS_MAX,
    "contact_person_address": 200, "contact_person_careful": 300,
}  # fmt: skip
# `submitter` is always partner.
FACTS = {key: kind for key, kind in facts.KEYS.items() if key != "submitter"}
NAMES = (*REQUIRED, COLLECTED_ON, LANGUAGE, *TEXTS, *FACTS)
YES, NO = frozenset({"true", "yes", "1"}), frozenset({"false", "no", "0"})


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with one field, in words that repeat nothing of what a person told. `name` empty: with the row."""

    name: str
    words: str


@dataclass(slots=True)
class CheckedRow:
    """One row of a file. With no errors, `answers` may be sent; `consent` says how and when it was given."""

    number: int
    given: Mapping[str, Any] = field(repr=False)
    external_id: str = field(default="", repr=False)
    language: str = "en"
    answers: Answers = field(default_factory=dict, repr=False)
    consent: dict[str, str] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not self.errors


def check_rows(rows: list[tuple[int, dict[str, Any]]], *, today: date) -> list[CheckedRow]:
    """Read every row. The second of two rows of one number is an error."""
    checked, seen = [], set()
    for number, given in rows:
        row = check_row(number, given, today=today)
        if row.external_id and row.external_id in seen:
            row.errors.append(RowError(ID, _("Another row of this file has the same number.")))
        seen.add(row.external_id)
        checked.append(row)
    return checked


def check_row(number: int, given: Mapping[str, Any], *, today: date) -> CheckedRow:
    """Read one row. Empty, null and "unknown" are one thing: not stated."""
    row = CheckedRow(number, given)
    row.unknown = [name[:40] for name in given if name and name not in NAMES and name != ERRORS]
    if given.get(""):
        row.errors.append(RowError("", _("The row has more cells than the first line has columns.")))
    told = {name: value for name in NAMES if (value := _stated(given.get(name))) is not None}
    for name, value in list(told.items()):
        if _has_unwanted(value):
            row.errors.append(RowError(name, _("It holds signs that cannot be seen or kept. Write it anew.")))
            del told[name]
    _read_head(row, told, today)
    for name, most in TEXTS.items():
        if name in told:
            _read_text(row, name, told[name], most)
    row.answers |= _stored(_read_facts(row, told), _day(row, told, COLLECTED_ON, today) or today)
    row.answers |= {"submitter": "partner", "contact_channel": "none", "consent_read": True}
    return row


# The column of a file to mend that says what is wrong; it is passed over when the file comes back.
ERRORS = "errors"


def _stated(value: Any) -> Any:
    if isinstance(value, str):
        value = value.strip()
        return None if value.lower() in {"", facts.UNKNOWN, "null"} else value
    return value


def _has_unwanted(value: Any) -> bool:
    if isinstance(value, str):
        plain = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
        return clean_text(value) != plain
    if isinstance(value, Mapping):
        return any(_has_unwanted(one) for pair in value.items() for one in pair)
    return isinstance(value, list) and any(_has_unwanted(one) for one in value)


def _read_head(row: CheckedRow, told: Mapping[str, Any], today: date) -> None:
    for name in REQUIRED:
        if name not in told and not any(error.name == name for error in row.errors):
            row.errors.append(RowError(name, MISSING[name]()))
    if ID in told:
        row.external_id = str(told[ID]) if isinstance(told[ID], str | int) else ""
        if not row.external_id or len(row.external_id) > ID_MAX:
            row.errors.append(RowError(ID, _("At most %(most)s letters and digits.") % {"most": ID_MAX}))
    how = str(told.get(GIVEN_HOW, "")).lower()
    if GIVEN_HOW in told and how not in HOW_GIVEN:
        row.errors.append(RowError(GIVEN_HOW, _one_of(HOW_GIVEN)))
    given_on = _day(row, told, GIVEN_ON, today)
    if given_on is not None:
        row.consent = {"given_on": given_on.isoformat(), "how": how, "given_by": "partner"}
    row.language = str(told.get(LANGUAGE, "en"))
    if row.language not in dict(settings.LANGUAGES):
        row.errors.append(RowError(LANGUAGE, _one_of([code for code, _name in settings.LANGUAGES])))


def _read_text(row: CheckedRow, name: str, value: Any, most: int) -> None:
    if not isinstance(value, str):
        row.errors.append(RowError(name, _("This must be text.")))
    elif len(value) > most:
        words = _("It has %(length)s letters; %(most)s fit.") % {"length": len(value), "most": most}
        row.errors.append(RowError(name, words))
    else:
        row.answers[name] = clean_text(value)


def _read_facts(row: CheckedRow, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts in the keys of the urgency table; what cannot be read becomes an error."""
    found: dict[str, Any] = {}
    for name, kind in FACTS.items():
        if name not in told:
            continue
        value = _from_text(kind, told[name]) if isinstance(told[name], str) else told[name]
        try:
            facts.UrgencyFacts.from_answers({name: value})
        except facts.BadFacts as bad:
            allowed = bad.problems[0].allowed
        else:
            found[name] = value
            continue
        row.errors.append(RowError(name, _("Allowed: %(allowed)s") % {"allowed": allowed}))
    return found


def _from_text(kind: facts.Kind, text: str) -> Any:
    """Return what a cell means; text that cannot be understood stays text, and is refused as such."""
    match kind:
        case facts.YesNo():
            small = text.lower()
            return True if small in YES else False if small in NO else text
        case facts.WholeNumber():
            digits = "".join(to_ascii(sign) or sign for sign in text)
            return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 7 else text
        case facts.SomeOf():
            return [word for word in text.replace(",", " ").replace("|", " ").replace(";", " ").split() if word]
        case facts.Events():
            return [_event(one.strip()) for one in text.replace(";", "|").split("|") if one.strip()]
        case facts.Country():
            return text.upper()
        case _:
            return text


def _event(text: str) -> dict[str, Any]:
    """Read `deportation:5`: a type, and in how many days; without a number nobody knows when."""
    kind, _colon, days = text.partition(":")
    digits = "".join(to_ascii(sign) or sign for sign in days.strip())
    known = digits.removeprefix("-")
    if kind.strip() == "none":
        return {"type": "none"}
    in_days: Any = int(digits) if known.isascii() and known.isdigit() and len(known) < 6 else digits or None
    return {"type": kind.strip(), "in_days": in_days}


def _stored(found: dict[str, Any], day: date) -> Answers:
    """Return facts as the questionnaire keeps them: days counted from `day` become dates."""

    def on(days: int) -> str:
        return (day + timedelta(days=days)).isoformat()

    kept: Answers = dict(found)
    if (ago := kept.pop("last_harm_days_ago", None)) is not None:
        kept["last_harm_on"] = on(-ago)
    if (nights := kept.pop("shelter_nights_left", None)) is not None:
        kept["shelter_until"] = STABLE if nights >= STABLE_NIGHTS else on(nights)
    if (days := kept.pop("money_days", None)) is not None:
        kept["money_until"] = on(days)
    if (events := kept.get("dated_event")) is not None:
        events = [events] if isinstance(events, dict) else events
        kept["dated_event"] = [
            {"type": one["type"]}
            if one["type"] == "none"
            else {"type": one["type"], "on": None if one["in_days"] in (None, facts.UNKNOWN) else on(one["in_days"])}
            for one in events
            if one.get("type") not in (None, facts.UNKNOWN)
        ]
    return kept


def _day(row: CheckedRow, told: Mapping[str, Any], name: str, today: date) -> date | None:
    """Return a day such as 2026-03-31; the errors say what is wrong with it. None when it is not stated."""
    if name not in told:
        return None
    digits = "".join(to_ascii(sign) or sign for sign in str(told[name]))
    try:
        day = date.fromisoformat(digits) if len(digits) == len("2026-03-31") else None
    except ValueError:
        day = None
    if day is None:
        row.errors.append(RowError(name, _("Write the day as year-month-day, such as 2026-03-31.")))
    elif not today - timedelta(days=OLDEST_DAYS) <= day <= today:
        row.errors.append(RowError(name, _("The day lies in the future, or more than two years ago.")))
    else:
        return day
    return None


def _one_of(words: Any) -> str:
    return _("Allowed: %(allowed)s") % {"allowed": " | ".join(words)}


MISSING: dict[str, Callable[[], str]] = {
    ID: lambda: _("Give each person a number of your own, so that the same file twice does not make two requests."),
    GIVEN_ON: lambda: _("Say on which day the person allowed you to send this to us. Without their yes we take nothing."),
    GIVEN_HOW: lambda: _("Say how the person allowed it: spoken, signed or written."),
}
