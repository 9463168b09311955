"""Worker and staff side: forgetting a person, whole, or at first only the ways to reach and be reached.

Rows that hold nothing but a person's words or ways in are deleted. The request's own row stays to be counted: language and hour
are clear, the rest is noise once the keys are gone (docs/decisions/0048). `cases` decides who is erased and when; these do it,
in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from intake import codes, evidence, finding
from intake.models import (
    Answer,
    ConsentOffer,
    ContactPlan,
    ContactStop,
    Delivery,
    HelpRequest,
    HouseholdMember,
    Message,
    RequestStatus,
    ReturnCode,
    ShownPlan,
)
from rainbowrail.crypto import datakeys
from rainbowrail.crypto.compartments import Compartment


def forget_conversation(request: HelpRequest) -> None:
    """Let no code open this request any more, and nothing that staff wrote; for its person and for who filed for them."""
    codes.lock_codes(request.id)
    ReturnCode.objects.filter(help_request=request).delete()
    for rows in (Message.objects, ShownPlan.objects, ConsentOffer.objects):
        rows.filter(help_request=request).delete()
    for subject_id in (request.person_id, request.id):
        datakeys.destroy(subject_id, Compartment.CONVERSATION)


def lock_deliveries(person_id: UUID) -> None:
    """Wait for a drain that is under way for this person, and let none begin before this transaction ends.

    Before any row of a case is locked: the drain takes them in this order too.
    """
    list(Delivery.objects.filter(subject_id=person_id).order_by("arrival").select_for_update().values_list("id", flat=True))


def forget_person(person_id: UUID) -> list[UUID]:
    """Erase everything of a person that is kept here, with their keys. Returns the ids whose keys are gone, for the list that a
    restore replays. Safe to run twice. Raises KeyNotHeld in a process without the index key."""
    requests = list(HelpRequest.objects.filter(person_id=person_id))
    for request in requests:
        forget_conversation(request)
    _forget_rows([request.id for request in requests], person_id)
    finding.forget_person(person_id)
    gone = [person_id, *(request.id for request in requests)]
    for subject_id in gone:
        datakeys.destroy(subject_id)
    return gone


def _forget_rows(request_ids: Iterable[UUID], person_id: UUID) -> None:
    ids = list(request_ids)
    evidence.forget_files_of(person_id)
    for rows in (
        Answer.objects.filter(help_request__in=ids),
        ContactPlan.objects.filter(help_request__in=ids),
        ContactStop.objects.filter(help_request__in=ids),
        HouseholdMember.objects.filter(help_request__in=ids),
        RequestStatus.objects.filter(id__in=ids),
        Delivery.objects.filter(subject_id=person_id),
    ):
        rows.delete()
