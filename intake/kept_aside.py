"""What a person of staff does about a delivery that did not open: put it back into line, or give it up for good.

Until one of the two, whatever leaves the building about its person is held (docs/decisions/0067). `cases` decides who may.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from intake import codes, erasing
from intake.audit_verbs import IntakeVerb
from intake.models import Delivery, HelpRequest
from intake.states import DeliveryState
from rainbowrail.actors import Actor
from rainbowrail.audit.record import record
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.models import DataKey


def is_anything_of(person_id: UUID) -> bool:
    """Whether something that this person sent did not open. It may be a withdrawal, a wish to be deleted, or nothing much."""
    return Delivery.objects.quarantined().of_subject(person_id).exists()


def lock(delivery_id: UUID) -> Delivery | None:
    """Lock all that its person sent, in order of arrival, so that two who decide about one person wait for each other. Returns
    the delivery, None when it is not kept aside (any more). Needs a transaction."""
    kept_aside = Delivery.objects.quarantined().filter(id=delivery_id)
    person_id = kept_aside.values_list("subject_id", flat=True).first()
    if person_id is None:
        return None
    erasing.lock_deliveries(person_id)
    row: Delivery | None = kept_aside.first()
    return row


def retry(delivery_id: UUID, *, by: Actor) -> int:
    """Put a delivery back into line once its cause was mended, with whatever else of its person is kept aside: what they said
    first is opened first. Returns how many rows that were; 0 when this one is not kept aside."""
    with transaction.atomic():
        row = lock(delivery_id)
        if row is None:
            return 0
        ids = list(Delivery.objects.quarantined().of_subject(row.subject_id).in_order_of_arrival().values_list("id", flat=True))
        Delivery.objects.filter(id__in=ids).update(state=DeliveryState.WAITING, tries=0)
        for one in ids:
            record(IntakeVerb.RETRIED, by=by, on=Delivery(id=one))
    return len(ids)


def give_up(delivery_id: UUID, *, by: Actor, case_id: UUID | None) -> bool:
    """Delete a delivery that did not open, box and all; False when it is not kept aside. Needs the index key.

    A request that never opened and of which nothing is left to open is forgotten with its codes: whoever comes back is told
    that the code opens nothing, and can write anew, instead of reading for ever that somebody will read it.
    """
    with transaction.atomic():
        row = lock(delivery_id)
        if row is None:
            return False
        record(IntakeVerb.GIVEN_UP, by=by, on=row, case_id=case_id)
        person_id = row.subject_id
        row.delete()
        if not DataKey.objects.filter(subject_id=person_id, compartment=Compartment.IDENTITY).exists():
            _forget_unless_more_came(person_id)
    return True


def _forget_unless_more_came(person_id: UUID) -> None:
    # Whoever sends something with a code holds its lock until that is committed: it is seen here, or is refused afterwards.
    for request_id in HelpRequest.objects.filter(person_id=person_id).order_by("id").values_list("id", flat=True):
        codes.lock_codes(request_id)
    if not Delivery.objects.unopened().of_subject(person_id).exists():
        erasing.forget_person(person_id)
