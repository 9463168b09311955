"""The trail of one case, one person, one day. Every answer is newest first."""

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models

from rainbowrail.actors import ActorKind
from rainbowrail.audit.kinds import Kind, verbs_of

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
        return self.on_days(day, day)

    def on_days(self, first: date, last: date) -> "AuditEventQuerySet":
        """Events from the first to the last day, both whole, UTC."""
        # Up to the last microsecond, and not to the next day: the last day of the calendar has none.
        return self.filter(at__gte=datetime.combine(first, time.min, UTC), at__lte=datetime.combine(last, time.max, UTC))

    def by_others_on_cases_of(self, staff_id: int, cases: Any) -> "AuditEventQuerySet":
        """What other members of staff opened, saw in lists or took out of one person's cases; `cases` is a subquery of ids."""
        looks = self.filter(case_id__in=cases, actor_kind=ActorKind.STAFF).exclude(actor_id=staff_id)
        return looks.filter(verb__in=verbs_of(Kind.LOOK, Kind.LIST, Kind.OUT, Kind.GLASS))


def trail_of(case_id: UUID) -> "models.QuerySet[AuditEvent]":
    """Return what happened to one case, newest first."""
    from rainbowrail.audit.models import AuditEvent

    return AuditEvent.objects.of_case(case_id).newest_first()
