"""Removing lines that are past their years, in a way that the chain still verifies (decision 0080).

Only a whole beginning of the chain goes: every line up to a link, all of them old. A sealed note of that link stays, and the
verifier goes on from it. It takes the owner's log-in, which alone may delete and lift the trigger, and the audit key, which the
owner's process is not given: two things that no process which serves people has together.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pgtrigger
from django.db import transaction
from django.db.models import Max

from rainbowrail.actors import SYSTEM
from rainbowrail.audit import chain
from rainbowrail.audit.models import AuditEvent, AuditExpiry, AuditLink
from rainbowrail.audit.record import record
from rainbowrail.audit.verbs import KernelVerb
from rainbowrail.crypto import trail_seal
from rainbowrail.privacy.retention import Kept, due_on

# Longer than any span that the policy takes.
_YEARS_AT_MOST = 21
TRIGGERS = ("audit.AuditEvent:append_only", "audit.AuditLink:links_are_append_only")


@dataclass(frozen=True, slots=True)
class Plan:
    """What may go: the last link of it, and all of its lines are from before this day."""

    last: AuditLink
    before_on: date
    lines: int


def plan(today: date) -> Plan | None:
    """Return the longest beginning of the chain of which every line is past its years; None when there is none.

    Three queries. A line whose link comes after a younger one waits for that one.
    """
    before = first_day_kept(today)
    oldest_to_stay = (
        AuditLink.objects.filter(event_id__in=AuditEvent.objects.filter(at__gte=_midnight(before)).values("pk"))
        .order_by("number")
        .first()
    )
    going = AuditLink.objects.all() if oldest_to_stay is None else AuditLink.objects.filter(number__lt=oldest_to_stay.number)
    last = going.order_by("-number").first()
    return None if last is None else Plan(last, before, going.count())


def first_day_kept(today: date) -> date:
    """Return the first day whose lines stay: the oldest that is not past its years. The policy reckons forwards only."""
    day = today - timedelta(days=366 * _YEARS_AT_MOST)
    step = 512
    while step:
        while due_on(Kept.TRAIL, day + timedelta(days=step)) <= today:
            day += timedelta(days=step)
        step //= 2
    return day + timedelta(days=1)


def is_due(today: date) -> bool:
    """Whether some line is past its years. One query on the index of days."""
    return AuditEvent.objects.filter(at__lt=_midnight(first_day_kept(today))).exists()


@transaction.atomic
def expire(today: date) -> Plan | None:
    """Remove what is due, leave a sealed note of it, and add a line that says so.

    Raises KeyNotHeld without the audit key, and a database error for every log-in but the owner's.
    """
    found = plan(today)
    if found is None:
        return None
    gone = AuditExpiry(
        last_number=found.last.number,
        last_seal=found.last.seal,
        lines=found.lines,
        before_on=found.before_on - timedelta(days=1),
        removed_on=today,
        last_event_id=AuditLink.objects.filter(number__lte=found.last.number).aggregate(last=Max("event_id"))["last"],
    )
    gone.seal = trail_seal.seal(chain.EXPIRED, *chain.expiry_parts(gone))
    gone.save(force_insert=True)
    links = AuditLink.objects.filter(number__lte=found.last.number)
    with pgtrigger.ignore(*TRIGGERS):
        AuditEvent.objects.filter(pk__in=links.values("event_id")).delete()
        links.delete()
    record(KernelVerb.TRAIL_EXPIRED, by=SYSTEM, detail={"count": found.lines})
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
