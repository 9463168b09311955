"""What `packet.build` is given: plain data about one case, collected from three apps and not yet disclosed to anybody.

Nothing here knows a model or a key, so that the decision what leaves the building can be read and tested by itself. `gather.py`
fills it in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class ConsentHow(StrEnum):
    """How a person gave consent."""

    RECORDED_ORAL = "recorded_oral"
    SIGNED = "signed"
    OWN_PAGE = "own_page"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentExtract:
    """What the person allowed for this programme and this recipient.

    The letters of the parts, how, in which language, until when.
    """

    parts: frozenset[str]
    how: ConsentHow
    language: str
    text_version: str
    given_on: date
    ends_on: date
    by_guardian: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """The official for whose eyes the packet is."""

    name: str
    office: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """Our member of staff who answers the official's questions: the only contact a packet holds."""

    name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryLaw:
    """What the law of the present country says, by our country table; `as_of` and `source` travel with every sentence."""

    code: str
    name: str
    criminalised: str
    maximum_penalty: str
    death_penalty: str
    source: str
    as_of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """One case as the desk knows it on `made_on`.

    `identity` and `account` answer the keys that the programme asks; `answers` are intake's keys.
    """

    packet_id: str
    version: int
    made_on: date
    case_reference: str
    band: int
    addressee: Addressee
    officer: Officer
    consent: ConsentExtract | None
    identity: Mapping[str, str]
    account: Mapping[str, str]
    language: str
    answers: Mapping[str, object] = field(default_factory=dict)
    own_words: str = ""
    own_words_language: str = ""
    law: CountryLaw | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """What must not appear in any packet, for the linter to look for.

    Known ways to reach the person, places they stay, code words.

    It is never part of a packet and never printed: a finding names the part and the kind, not the words.
    """

    contacts: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
