"""The trail of one case, one person, one day. Every answer is newest first."""

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models

if TYPE_CHECKING:
    from rainbowrail.audit.models import AuditEvent


class AuditEventQuerySet(models.QuerySet[Any]):
    def newest_first(self) -> "AuditEventQuerySet":
        return self.order_by("-id")

    def of_case(self, case_id: UUID) -> "AuditEventQuerySet":
        return self.filter(case_id=case_id)

    def of_person(self, staff_id: int) -> "AuditEventQuerySet":
        return self.filter(actor_id=staff_id)

    def on_day(self, day: date) -> "AuditEventQuerySet":
        """Events of one day, UTC."""
        # Up to the last microsecond, and not to the next day: the last day of the calendar has none.
        return self.filter(at__gte=datetime.combine(day, time.min, UTC), at__lte=datetime.combine(day, time.max, UTC))


def trail_of(case_id: UUID) -> "models.QuerySet[AuditEvent]":
    """Return what happened to one case, newest first."""
    from rainbowrail.audit.models import AuditEvent

    return AuditEvent.objects.of_case(case_id).newest_first()
