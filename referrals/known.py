"""What referrals know of people: names and numbers in documents, by which they can be found again, and what they allowed."""

import re
from collections.abc import Collection
from uuid import UUID

from cases.models import Case
from intake.finding import Known
from intake.likeness import contacts
from referrals.models import ConsentRecord, Referral
from referrals.states import ConsentAct

NAMES = ("legal_name", "used_name")
NUMBERS = ("documents", "unhcr_number")
# A number stands among words ("passport A 1234567, expired"): a piece with at least this many digits is taken for one.
FEWEST_DIGITS = 5
_PIECES = re.compile(r"[^\s,;:()]+")


def case_of(packet_id: str) -> UUID | None:
    """Return the case of a referral's number: whoever is refused one is refused that case."""
    return Referral.objects.filter(packet_id=packet_id).values_list("case_id", flat=True).first()


def said_of(person_ids: Collection[UUID]) -> dict[UUID, Known]:
    """Return the names and document numbers that the referrals of these people hold. One query; opens IDENTITY."""
    found: dict[UUID, Known] = {}
    for referral in Referral.objects.filter(person_id__in=person_ids).order_by("id"):
        known = found.setdefault(referral.person_id, Known())
        known.names |= {name for key in NAMES if (name := referral.identity.get(key))}
        known.documents |= {number for key in NUMBERS for number in numbers_in(referral.identity.get(key) or "")}
    return found


def numbers_in(text: str) -> set[str]:
    """Return the document numbers in a text, each written one way; with what stands before it, too, as in "A 1234567"."""
    pieces = _PIECES.findall(text)
    found = set()
    for before, piece in zip(["", *pieces], pieces, strict=False):
        if sum(sign.isdecimal() for sign in piece) >= FEWEST_DIGITS:
            found |= {contacts.document(piece), contacts.document(before + piece)}
    return found - {""}


def has_given_consent(case: Case) -> bool:
    """Whether the person allows something now: of some programme and official, the latest act in the ledger is a yes, given on
    their own page or recorded by an officer. One query; opens nothing."""
    acts = ConsentRecord.objects.filter(case=case).order_by("programme", "recipient_id", "-arrival", "-recorded_at", "-id")
    latest = acts.distinct("programme", "recipient_id").values_list("act", flat=True)
    return ConsentAct.GIVEN in list(latest)
