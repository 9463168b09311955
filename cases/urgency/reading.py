"""The words of the policy, read from the facts. Domain: "Only stated facts fire", with the cautious readings named here.

Every key of the questionnaire is a word; the rest are defined below from the lists in the policy's `[reading]` table. A word
that cannot be told is None. Each says which keys it reads, so that a search over one answer re-reads only what depends on it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

from cases.urgency.conditions import Reading, Word
from cases.urgency.facts import EVENT_TYPES, KEYS, Country, Event, OneOf, WholeNumber, YesNo


class CountryReading(NamedTuple):
    """What the law of one country comes to under the policy."""

    law_class: int
    criminalising: bool


@dataclass(frozen=True, slots=True)
class Definitions:
    """The lists of `[reading]`: which answers make up each word. Days are whole days."""

    violence: frozenset[str]
    violence_without_date_days: int
    direct_threat: frozenset[str]
    reach_at_places: frozenset[str]
    child: frozenset[str]
    no_shelter_places: frozenset[str]
    confined_custody: frozenset[str]
    confined_places: frozenset[str]
    torture_or_sexual_violence: frozenset[str]
    dated_harm: frozenset[str]
    question_only_when_gone: frozenset[str]
    secure_status: frozenset[str]
    stateless_status: frozenset[str]
    criminalising: frozenset[str]


@dataclass(frozen=True, slots=True)
class Setting:
    """All that a reading needs beside the facts."""

    defined: Definitions
    countries: Mapping[str, CountryReading]


type Read = Callable[[Reading, Setting], int | bool | None]


@dataclass(frozen=True, slots=True)
class DerivedWord:
    name: str
    word: Word
    read: Read


DERIVED: Final[dict[str, DerivedWord]] = {}


def _word(kind: Literal["truth", "number"], *keys: str) -> Callable[[Read], Read]:
    """Register a function as the word of its name, read from these keys."""

    def register(read: Read) -> Read:
        name = read.__name__
        DERIVED[name] = DerivedWord(name, Word(kind, frozenset(keys)), read)
        return read

    return register


@_word("number", "last_harm", "last_harm_days_ago")
def violence_days(facts: Reading, setting: Setting) -> int | None:
    """Days since the last violence; violence without a date counts as 30 days ago."""
    if facts["last_harm"] not in setting.defined.violence:
        return None
    days: int | None = facts["last_harm_days_ago"]
    return setting.defined.violence_without_date_days if days is None else days


@_word("number", "last_harm", "last_harm_days_ago")
def violence_days_stated(facts: Reading, setting: Setting) -> int | None:
    """The same, but only when somebody said when."""
    return facts["last_harm_days_ago"] if facts["last_harm"] in setting.defined.violence else None


@_word("truth", "last_harm", "last_harm_days_ago")
def violence_undated(facts: Reading, setting: Setting) -> bool:
    return facts["last_harm"] in setting.defined.violence and facts["last_harm_days_ago"] is None


@_word("truth", "threat_now")
def direct_threat(facts: Reading, setting: Setting) -> bool:
    return facts["threat_now"] in setting.defined.direct_threat


@_word("truth", "perpetrator_knows_location", "location_type")
def may_still_reach(facts: Reading, setting: Setting) -> bool:
    """Whoever did it may still reach the person: nobody said they do not know the place, or anybody finds it."""
    return facts["perpetrator_knows_location"] != "no" or facts["location_type"] in setting.defined.reach_at_places


@_word("truth", "age_band", "minor_accompanied")
def child_alone(facts: Reading, setting: Setting) -> bool:
    return facts["age_band"] in setting.defined.child and facts["minor_accompanied"] is False


@_word("truth", "age_band", "minor_accompanied")
def child_of_unknown_company(facts: Reading, setting: Setting) -> bool:
    return facts["age_band"] in setting.defined.child and facts["minor_accompanied"] is None


@_word("number", "shelter_nights_left", "location_type")
def nights(facts: Reading, setting: Setting) -> int | None:
    """Nights the present place is certain; on the street 0, whatever is said."""
    return 0 if facts["location_type"] in setting.defined.no_shelter_places else facts["shelter_nights_left"]


@_word("truth", "custody", "location_type")
def confined(facts: Reading, setting: Setting) -> bool:
    return facts["custody"] in setting.defined.confined_custody or facts["location_type"] in setting.defined.confined_places


@_word("truth", "last_harm", "survivor_torture_or_sv")
def torture_or_sexual_violence(facts: Reading, setting: Setting) -> bool:
    return facts["last_harm"] in setting.defined.torture_or_sexual_violence or facts["survivor_torture_or_sv"] is True


@_word("number", "current_country")
def law_class(facts: Reading, setting: Setting) -> int | None:
    country = facts["current_country"]
    return None if country is None else setting.countries[country].law_class


@_word("truth", "current_country")
def criminalising(facts: Reading, setting: Setting) -> bool | None:
    """Of the current country: danger is read from where the person is, not from nationality."""
    country = facts["current_country"]
    return None if country is None else setting.countries[country].criminalising


@_word("truth", "current_country", "nationality", "legal_status_current")
def foreign(facts: Reading, setting: Setting) -> bool:
    """In a country that is not theirs: both countries stated and different, or stateless."""
    if facts["legal_status_current"] in setting.defined.stateless_status:
        return True
    here, theirs = facts["current_country"], facts["nationality"]
    return here is not None and theirs is not None and here != theirs


@_word("truth", "legal_status_current")
def secure_status(facts: Reading, setting: Setting) -> bool | None:
    status = facts["legal_status_current"]
    return None if status is None else status in setting.defined.secure_status


def days_to(event: Event, defined: Definitions) -> int | None:
    """Days until an event for the policy: one that has gone by counts as today until a person says what happened.

    None for an event without a date, for what never enters urgency, and for what is only a question once it has gone by.
    """
    if event.in_days is None or event.type not in defined.dated_harm:
        return None
    if event.in_days < 0 and event.type in defined.question_only_when_gone:
        return None
    return max(0, event.in_days)


def _nearest(facts: Reading, setting: Setting, types: frozenset[str]) -> int | None:
    days = [days_to(event, setting.defined) for event in facts["dated_event"] or () if event.type in types]
    return min((number for number in days if number is not None), default=None)


@_word("number", "dated_event")
def dated_harm_days(facts: Reading, setting: Setting) -> int | None:
    """Days until the nearest dated harm."""
    return _nearest(facts, setting, setting.defined.dated_harm) if facts["dated_event"] else None


@_word("truth", "dated_event")
def event_undated(facts: Reading, setting: Setting) -> bool:
    """Something is announced, and nobody said for when."""
    return any(event.in_days is None and event.type in setting.defined.dated_harm for event in facts["dated_event"] or ())


@_word("truth", "dated_event")
def harm_gone_by(facts: Reading, setting: Setting) -> bool:
    """The day of a dated harm has passed, and nobody said what happened."""
    counted = setting.defined.dated_harm - setting.defined.question_only_when_gone
    return any(
        event.type in counted and event.in_days is not None and event.in_days < 0 for event in facts["dated_event"] or ()
    )


def _of_one_type(kind: str) -> None:
    """Register `days_to_<type>` and `<type>_gone_by` for one type of event."""

    def days(facts: Reading, setting: Setting) -> int | None:
        return _nearest(facts, setting, frozenset((kind,))) if facts["dated_event"] else None

    def gone_by(facts: Reading, setting: Setting) -> bool:
        return any(
            event.type == kind and event.in_days is not None and event.in_days < 0 for event in facts["dated_event"] or ()
        )

    reads = frozenset(("dated_event",))
    DERIVED[f"days_to_{kind}"] = DerivedWord(f"days_to_{kind}", Word("number", reads), days)
    DERIVED[f"{kind}_gone_by"] = DerivedWord(f"{kind}_gone_by", Word("truth", reads), gone_by)


for _type in EVENT_TYPES:
    if _type != "none":
        _of_one_type(_type)


def _plain_words() -> dict[str, Word]:
    """Each key that holds one simple value is a word of its own.

    Not `evidence`: how strong it is never enters urgency. A country may only be unknown: its law speaks, not its
    name.
    """
    words = {}
    for key, kind in KEYS.items():
        if key == "evidence":
            continue
        match kind:
            case Country():
                words[key] = Word("choice", frozenset((key,)))
            case OneOf(values):
                words[key] = Word("choice", frozenset((key,)), values)
            case YesNo():
                words[key] = Word("truth", frozenset((key,)))
            case WholeNumber():
                words[key] = Word("number", frozenset((key,)))
    return words


WORDS: Final[Mapping[str, Word]] = _plain_words() | {name: derived.word for name, derived in DERIVED.items()}
NOTHING_STATED: Final[Mapping[str, None]] = dict.fromkeys(KEYS)


def needed_words(used: Collection[str]) -> tuple[DerivedWord, ...]:
    """Return the derived words that a policy uses, and the two that scoring itself needs."""
    return tuple(word for name, word in DERIVED.items() if name in used or name in {"dated_harm_days", "event_undated"})


def read(stated: Mapping[str, Any], setting: Setting, words: Iterable[DerivedWord]) -> dict[str, Any]:
    """Return every key and each of these derived words with its value, for facts as `UrgencyFacts.stated` holds them."""
    reading: dict[str, Any] = {**NOTHING_STATED, **stated}
    for word in words:
        reading[word.name] = word.read(reading, setting)
    return reading


def is_unknown(reading: Reading, key: str) -> bool:
    """Say whether nobody gave this answer; a harm that is announced without its day is not fully given."""
    return reading[key] is None or (key == "dated_event" and reading["event_undated"] is True)
