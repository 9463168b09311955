"""The chain over the trail: what a line's seal covers, and the one linker. `walk` verifies it, `anchors` remember its end.

Decisions 0027 and 0083.

A line is sealed when it is written and linked some seconds later. The linker never seals anew what it, or one before it, has
linked already: a line that an anchor knows as linked and that has no link now, and a line that should have been linked more
than a day ago, stay without one, and the verifier names them. Whoever runs the system links late lines by hand, on record.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from rainbowrail.audit import anchors
from rainbowrail.audit.models import AuditAnchor, AuditEvent, AuditExpiry, AuditLink
from rainbowrail.audit.queries import AuditEventQuerySet
from rainbowrail.crypto import trail_seal
from rainbowrail.privacy.retention import Kept, due_on
from rainbowrail.web import logs

LINE, LINK, EXPIRED = "line", "link", "expired"
# Any fixed number: who holds it is the linker.
LOCK = 7_246_913
# Lines of long transactions appear with ids below the newest linked one: the linker looks so far back, daily at everything.
LOOK_BACK = 5_000
BATCH = 2_000
# A line that is older and has no link is not linked without a person: its link may have been removed. The hour is the one to
# which an applicant's line is rounded.
LATE = timedelta(days=1, hours=1)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The end of the chain at one moment, to be kept elsewhere: a later chain that does not contain it was cut."""

    number: int
    seal: str


def seal_of(event: AuditEvent) -> str:
    """Return the seal of a line about to be written; "" in a process without an audit key, which the verifier will name."""
    return trail_seal.seal(LINE, content(event)) if trail_seal.can_seal() else ""


def link_new(*, everything: bool = False, late: bool = False) -> int:
    """Link the lines that are not linked yet, in the order of their ids; returns how many. One linker works at a time.

    `everything` looks at the whole trail instead of its end: for the daily pass. `late` also links what is older than a day:
    for a person who found out why. A chain that was cut is not sealed anew: it goes on after the end that the newest anchor
    remembers, with what is newer than that.
    """
    with transaction.atomic():
        if not _is_the_linker():
            return 0
        now = timezone.now()
        anchor = anchors.newest()
        last = AuditLink.objects.order_by("-number").first()
        number, before = _end(last, anchor)
        since = 0 if everything or late or last is None else last.event_id - LOOK_BACK
        links = []
        for event in islice(_to_link(since, anchor, now=now, late=late), BATCH):
            number += 1
            before = trail_seal.seal(LINK, number, before, *identity(event))
            links.append(AuditLink(number=number, event_id=event.pk, seal=before))
        AuditLink.objects.bulk_create(links)
        end = links[-1] if links else last
        if end is not None:
            anchors.drop_if_due(anchor, end, now=now)
        was_cut = anchor is not None and (last is None or last.number < anchor.number)
        if anchor is not None and was_cut and links and links[0].number == anchor.number + 1:
            # Once, since the chain is longer than the anchor from now on; the walk names it ever after.
            logs.event("audit_trail_was_cut", count=anchor.number, row_id=last.number if last else 0)
        return len(links)


def checkpoint() -> Checkpoint | None:
    """Return the end of the chain, or None while nothing is linked."""
    last = AuditLink.objects.order_by("-number").first()
    return Checkpoint(last.number, last.seal) if last else None


def expiry_parts(gone: AuditExpiry) -> tuple[int | str, ...]:
    """Return what the seal of an expiry covers: all of it but the seal.

    The highest id only where the note has one: notes from before that column were sealed without it (decision 0083).
    """
    days = gone.before_on.isoformat(), gone.removed_on.isoformat()
    highest = (gone.last_event_id,) if gone.last_event_id else ()
    return gone.last_number, gone.last_seal, gone.lines, *days, *highest


def is_lawful(gone: AuditExpiry) -> bool:
    """Whether what was removed was past its years on the day it went, by the policy as it is now."""
    return due_on(Kept.TRAIL, gone.before_on) <= gone.removed_on


def unlinked(since: int = 0) -> AuditEventQuerySet:
    """Return the lines with higher ids than `since` that have no link, in order."""
    linked = AuditLink.objects.filter(event_id=OuterRef("pk"))
    return AuditEvent.objects.filter(~Exists(linked), pk__gt=since).order_by("pk")


def late_lines(*, now: datetime) -> AuditEventQuerySet:
    """Return the lines that should have had a link for more than a day."""
    return unlinked().filter(at__lt=now - LATE)


def _end(last: AuditLink | None, anchor: AuditAnchor | None) -> tuple[int, str]:
    """Return number and seal that the next link follows: those of the last link, or of what is known to have been after it."""
    gone = AuditExpiry.objects.order_by("-last_number").first() if last is None else None
    ends = [(0, "")]
    ends += [(gone.last_number, gone.last_seal)] if gone else []
    ends += [(anchor.number, anchor.end_seal)] if anchor else []
    ends += [(last.number, last.seal)] if last else []
    return max(reversed(ends), key=lambda end: end[0])


def _to_link(since: int, anchor: AuditAnchor | None, *, now: datetime, late: bool) -> Iterator[AuditEvent]:
    """Yield what no anchor has found linked: what is newer, and what has come into a gap since. Anchors are opened only for
    lines without a link that they cover, one after the other."""
    oldest = None if late else now - LATE
    known = anchors.Known(anchor)
    events = unlinked(since).filter(at__gte=oldest) if oldest else unlinked(since)
    for event in events.iterator(BATCH):
        if event.pk > known.up_to_id or known.as_empty(event.pk, since=oldest):
            yield event


def identity(event: AuditEvent) -> tuple[int, str]:
    """Return what a link covers of its line."""
    return event.pk, event.seal


def content(event: AuditEvent) -> str:
    """Return all of a line but its number, which the database gives after the seal is made; the link covers the number."""
    said = [
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.verb,
        event.actor_kind,
        event.actor_id,
        event.thing,
        event.thing_id,
        str(event.case_id) if event.case_id else None,
        event.detail,
    ]
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _is_the_linker() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        row = cursor.fetchone()
    return bool(row and row[0])
