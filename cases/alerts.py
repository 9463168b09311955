"""What stands at the top of somebody's first page: for leads, what was opened or hidden without them; for a volunteer, when the
next booked time is."""

from dataclasses import dataclass

from django.utils import timezone

from cases.models import AccessRequest, Case, Restriction, Slot
from cases.need_to_know import READERS, slots_now
from rainbowrail.actors import Actor
from rainbowrail.roles import Role

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Alerts:
    """Each list at most SHOWN long, newest first; empty for whoever is no lead."""

    broken: list[AccessRequest]
    conflicts: list[Restriction]

    @classmethod
    def of(cls, by: Actor) -> "Alerts":
        """Two queries for a lead, none for others. What is hidden from a lead is not put before them."""
        if Role.TRIAGE_LEAD not in by.roles:
            return cls([], [])
        seen = Case.objects.visible_to(by)
        broken = AccessRequest.objects.filter(is_break_glass=True, seen_at=None, case__in=seen).exclude(person=by.staff_id)
        conflicts = Restriction.objects.filter(seen_at=None, lifted_at=None, case__in=seen)
        return cls(
            list(broken.select_related("case", "person").order_by("-asked_at", "id")[:SHOWN]),
            list(conflicts.select_related("case__owner", "person").order_by("-set_at", "id")[:SHOWN]),
        )


@dataclass(frozen=True, slots=True)
class NoTimeNow:
    """A volunteer outside a booked time, who sees nothing; `following` is the next time, if there is one."""

    following: Slot | None

    @classmethod
    def of(cls, by: Actor) -> "NoTimeNow | None":
        """Return it for whoever reads cases as a volunteer only and has no time now, else None."""
        if by.roles & READERS != {Role.VOLUNTEER} or slots_now(by).exists():
            return None
        coming = Slot.objects.filter(volunteer=by.staff_id, cancelled_at=None, begins_at__gt=timezone.now())
        return cls(coming.order_by("begins_at").first())
