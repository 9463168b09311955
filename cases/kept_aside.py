"""What applicants sent and nobody could open: which of it a lead sees, and whose case each belongs to. Opens nothing."""

from collections.abc import Collection, Mapping
from uuid import UUID

from cases.models import Case
from cases.need_to_know import hidden_from
from intake.models import Delivery
from intake.queries import DeliveryQuerySet
from rainbowrail.actors import Actor


def seen_by(by: Actor) -> DeliveryQuerySet:
    """The deliveries that are kept aside, without those of a person one of whose cases is hidden from `by`."""
    return _without_hidden(Delivery.objects.quarantined(), by)


def is_back_in_line(delivery_id: UUID, by: Actor) -> bool:
    """Whether it waits to be opened; of a hidden person False, as of a delivery that never was."""
    return _without_hidden(Delivery.objects.waiting(), by).filter(id=delivery_id).exists()


def cases_of(person_ids: Collection[UUID]) -> Mapping[UUID, Case]:
    """Return the newest case of each person who has one. One query."""
    rows = Case.objects.filter(help_request__person_id__in=person_ids).select_related("help_request")
    return {case.help_request.person_id: case for case in rows.order_by("received_at", "id")}


def _without_hidden(rows: DeliveryQuerySet, by: Actor) -> DeliveryQuerySet:
    hidden = Case.objects.filter(hidden_from(by)).values("help_request__person_id")
    return rows.exclude(subject_id__in=hidden)
