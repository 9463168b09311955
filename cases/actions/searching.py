"""Staff look for a person by a name, an address, a number or a reference. What they type is applicant data: it goes into no
address, log line or audit line."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from cases import need_to_know
from cases.audit_verbs import CaseVerb
from cases.models import Case
from cases.need_to_know import Depth
from cases.permissions import check_search
from cases.queries import CaseQuerySet
from intake import finding
from intake.finding import Asked, Known
from intake.likeness import contacts, names
from intake.models import HelpRequest
from rainbowrail.actors import Actor
from rainbowrail.audit.record import record, record_view
from rainbowrail.countries.codes import alpha3_codes
from rainbowrail.crypto import datakeys
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.numerals import to_ascii
from rainbowrail.references import ALPHABET
from rainbowrail.roles import Role

# How many people the index may propose, of those whom the searcher may open.
MOST_PROPOSED = 60
# From here on a name sounds like what was typed.
ALIKE = 0.75
FEWEST_DIGITS = 6
_NUMBER = re.compile(r"[+()\-./\s\d]+")
_REFERENCE = re.compile(rf"(?:RR-?)?([{ALPHABET}]{{4}})-?([{ALPHABET}]{{4}})")


class SearchKind(StrEnum):
    REFERENCE = "reference"
    EMAIL = "email"
    NUMBER = "number"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Found:
    """One case. `is_compared`: its person was opened, and fits; false for one found by its reference, where `name` is empty."""

    case: Case
    is_compared: bool
    name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Findings:
    """What a search gives. `is_too_common`: too many people share all of what was typed, so that the index keeps none of it.
    `is_cut`: the index proposed more people than were looked at."""

    kind: SearchKind
    rows: list[Found]
    is_too_common: bool = False
    is_cut: bool = False


def search(words: str, *, by: Actor) -> Findings:
    """Find cases whose person `by` may open and fits the words, best first; nothing typed finds nothing.

    A reference finds any case that `by` may see: it says nothing of anybody. Everything else is compared with those alone whose
    IDENTITY `by` may open: of any other case a hit would say whose it is (docs/decisions/0071). Opens IDENTITY and STORY of the
    candidates among them; the trail says that there was a search and how many were opened, and names each case that was found.
    Needs a scope. A constant number of queries, however many are found. Raises NotAllowed for whoever may open nobody.
    """
    check_search(by)
    kind, wanted = read(words)
    if reference := reference_in(words):
        named = Case.objects.visible_to(by).filter(reference=reference).select_related("owner")
        direct = [Found(case, is_compared=False) for case in named]
        if direct:
            (row,) = direct
            told: dict[str, str | int] = {"kind": SearchKind.REFERENCE, "count": 0, "found": 1}
            record(CaseVerb.SEARCHED, by=by, on=row.case, case_id=row.case.pk, detail=told)
            return Findings(SearchKind.REFERENCE, direct)
    cases = Case.objects.visible_to(by, depth=Depth.IDENTITY)
    asked = finding.kept(wanted)
    proposed = finding.candidates(wanted, most=MOST_PROPOSED + 1, among=_among(cases, by), without=_unseen(cases, by))
    people = [row.person_id for row in proposed[:MOST_PROPOSED]]
    openable = list(cases.filter(help_request__person_id__in=people).select_related("help_request", "owner"))
    rows = _compared(openable, wanted)
    record(CaseVerb.SEARCHED, by=by, detail={"kind": kind, "count": len(openable), "found": len(rows)})
    for row in rows:
        record_view(row.case, compartment=Compartment.IDENTITY, by=by, case_id=row.case.pk)
    return Findings(kind, rows, is_too_common=not rows and _is_too_common(wanted, asked), is_cut=len(proposed) > MOST_PROPOSED)


def read(words: str) -> tuple[SearchKind, Known]:
    """Return what the words are and ask for. Digits may be a phone number of any country, a document or a partner's code."""
    words = " ".join(words.split())
    known = Known()
    if "@" in words:
        known.emails |= {email for email in [contacts.email(words)] if email}
        return SearchKind.EMAIL, known
    known.partners |= {code for code in [contacts.partner(words)] if code}
    digits = sum(to_ascii(sign) is not None for sign in words)
    if digits:
        known.documents |= {code for code in [contacts.document(words)] if code}
    if digits >= FEWEST_DIGITS and _NUMBER.fullmatch(words):
        known.phones |= contacts.phones(words)
        for country in alpha3_codes():
            known.phones |= contacts.phones(words, country=country)
        return SearchKind.NUMBER, known
    if names.words_of(words):
        known.names.add(words)
    return SearchKind.NAME, known


def reference_in(words: str) -> str:
    """Return the reference that the words are, as we write it, or nothing."""
    found = _REFERENCE.fullmatch(words.strip().upper())
    return f"RR-{found[1]}-{found[2]}" if found else ""


def _is_too_common(wanted: Known, asked: Asked) -> bool:
    """Whether the index keeps nothing of the name that was typed or, without one, nothing of the rest."""
    return not asked.names if wanted.names else any(wanted.exact().values()) and not asked.exact


def _among(cases: CaseQuerySet, by: Actor) -> Collection[UUID] | None:
    """Return the people who may be opened, or None for a lead, who opens nearly all: there the few others are named."""
    if Role.TRIAGE_LEAD in by.roles:
        return None
    return list(cases.values_list("help_request__person_id", flat=True))


def _unseen(cases: CaseQuerySet, by: Actor) -> Collection[UUID]:
    """Return the people of whom every case is hidden from a lead. Left out before the index counts, they take no place."""
    if Role.TRIAGE_LEAD not in by.roles:
        return ()  # `_among` names those whom anybody else may see
    hidden = Case.objects.filter(need_to_know.hidden_from(by)).values("help_request__person_id")
    seen = cases.filter(help_request__person_id__in=hidden).values("help_request__person_id")
    people = hidden.exclude(help_request__person_id__in=seen)
    return list(people.values_list("help_request__person_id", flat=True))


def _compared(cases: list[Case], wanted: Known) -> list[Found]:
    """Open these people and keep those who fit, the best first."""
    people = {case.help_request.person_id: case for case in cases}
    with datakeys.scope():
        # A person may have another case, which is not open to whoever searches: its request is neither compared nor named.
        mine = {case.help_request_id for case in cases}
        opened = {
            person_id: [request for request in requests if request.pk in mine]
            for person_id, requests in finding.requests_of(list(people)).items()
        }
        rows = [
            (fit, Found(people[person_id], is_compared=True, name=_name_of(opened[person_id])))
            for person_id, known in finding.known_of(opened).items()
            if (fit := _fit(wanted, known))
        ]
    return [row for _, row in sorted(rows, key=lambda pair: (-pair[0], pair[1].case.band, pair[1].case.reference))]


def _fit(wanted: Known, known: Known) -> float:
    """Return how well a person fits: 2 for an equal address or number, else how alike the names are; 0 for no fit."""
    if any(values & known.exact()[purpose] for purpose, values in wanted.exact().items()):
        return 2.0
    best = max((names.likeness(one, other) for one in wanted.names for other in known.names), default=0.0)
    return best if best >= ALIKE else 0.0


def _name_of(requests: list[HelpRequest]) -> str:
    return next((str(name) for request in reversed(requests) if (name := (request.identity or {}).get("call_you"))), "")
