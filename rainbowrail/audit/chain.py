"""The chain over the trail: what a line's seal covers, the one linker, the verifier that names what was tampered with.

Decision 0027.

A line is sealed when it is written and linked some seconds later. So a line that is altered, inserted past the application or
deleted after linking is found and named. Two limits are stated, not hidden: a line deleted before it was linked, and a tail of
the chain cut off after the last checkpoint that was carried away.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from itertools import batched

from django.db import connection, transaction
from django.db.models import Count, Exists, Min, OuterRef

from rainbowrail.audit.models import AuditEvent, AuditExpiry, AuditLink
from rainbowrail.audit.queries import AuditEventQuerySet
from rainbowrail.crypto import trail_seal
from rainbowrail.privacy.retention import Kept, due_on

LINE, LINK, EXPIRED = "line", "link", "expired"
# Any fixed number: who holds it is the linker.
LOCK = 7_246_913
# Lines of long transactions appear with ids below the newest linked one: the linker looks so far back, daily at everything.
LOOK_BACK = 5_000
BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `event_id` is the line's, `number` the link's, where there is one."""

    what: str
    event_id: int | None = None
    number: int | None = None

    def __str__(self) -> str:
        where = " ".join(
            part
            for part in (
                f"line {self.event_id}" if self.event_id is not None else "",
                f"(link {self.number})" if self.number is not None else "",
            )
            if part
        )
        return f"{where}: {self.what}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The end of the chain at one moment, to be kept elsewhere: a later chain that does not contain it was cut."""

    number: int
    seal: str


def seal_of(event: AuditEvent) -> str:
    """Return the seal of a line about to be written; "" in a process without an audit key, which the verifier will name."""
    return trail_seal.seal(LINE, _content(event)) if trail_seal.can_seal() else ""


def link_new(*, everything: bool = False) -> int:
    """Link the lines that are not linked yet, in the order of their ids; returns how many. One linker works at a time.

    `everything` looks at the whole trail instead of its end: for the daily pass.
    """
    with transaction.atomic():
        if not _is_the_linker():
            return 0
        last = AuditLink.objects.order_by("-number").first()
        if last is None and (gone := AuditExpiry.objects.order_by("-last_number").first()) is not None:
            number, before = gone.last_number, gone.last_seal
        else:
            number, before = (last.number, last.seal) if last else (0, "")
        since = 0 if everything or last is None else last.event_id - LOOK_BACK
        links = []
        for event in _unlinked(since)[:BATCH]:
            number += 1
            before = trail_seal.seal(LINK, number, before, *_identity(event))
            links.append(AuditLink(number=number, event_id=event.pk, seal=before))
        AuditLink.objects.bulk_create(links)
        return len(links)


def checkpoint() -> Checkpoint | None:
    """Return the end of the chain, or None while nothing is linked."""
    last = AuditLink.objects.order_by("-number").first()
    return Checkpoint(last.number, last.seal) if last else None


def verify(*, against: Checkpoint | None = None) -> Iterator[Finding]:
    """Walk the whole chain and yield what is wrong, in the order of the chain; memory stays flat.

    Raises KeyNotHeld in a process without an audit key.
    """
    expected, before = 1, ""
    if (gone := AuditExpiry.objects.order_by("-last_number").first()) is not None:
        if not trail_seal.holds(gone.seal, EXPIRED, *expiry_parts(gone)):
            yield Finding(
                "the note of what expired was altered, or written by something that holds no audit key", number=gone.pk
            )
        elif not is_lawful(gone):
            yield Finding("what was removed as expired was not past its years", number=gone.pk)
        expected, before = gone.last_number + 1, gone.last_seal
    for links in batched(AuditLink.objects.order_by("number").iterator(BATCH), BATCH):
        events = AuditEvent.objects.in_bulk([link.event_id for link in links])
        for link in links:
            if link.number != expected:
                yield Finding(f"the links {expected} to {link.number - 1} are missing", number=link.number)
            event = events.get(link.event_id)
            if event is None:
                yield Finding("the line was deleted after it was linked", link.event_id, link.number)
            elif not trail_seal.holds(event.seal, LINE, _content(event)):
                yield _unsealed_or_altered(event, link.number)
            elif not trail_seal.holds(link.seal, LINK, link.number, before, *_identity(event)):
                yield Finding("the link does not follow from the one before it", link.event_id, link.number)
            if against is not None and link.number == against.number and link.seal != against.seal:
                yield Finding("the chain differs from the checkpoint", link.event_id, link.number)
            expected, before = link.number + 1, link.seal
    if against is not None and gone is not None and against.number == gone.last_number and against.seal != gone.last_seal:
        yield Finding("the chain differs from the checkpoint", number=against.number)
    if against is not None and expected <= against.number:
        yield Finding(f"the chain ends here, but the checkpoint says that it reached {against.number}", number=expected - 1)
    yield from _copies()
    for event in _unlinked(0).iterator(BATCH):
        if not trail_seal.holds(event.seal, LINE, _content(event)):
            yield _unsealed_or_altered(event, None)


def expiry_parts(gone: AuditExpiry) -> tuple[int | str, ...]:
    """Return what the seal of an expiry covers: all of it but the seal."""
    return gone.last_number, gone.last_seal, gone.lines, gone.before_on.isoformat(), gone.removed_on.isoformat()


def is_lawful(gone: AuditExpiry) -> bool:
    """Whether what was removed was past its years on the day it went, by the policy as it is now."""
    return due_on(Kept.TRAIL, gone.before_on) <= gone.removed_on


def _copies() -> Iterator[Finding]:
    sealed = AuditEvent.objects.exclude(seal="")
    for seal, first in (
        sealed.values("seal").annotate(first=Min("pk"), times=Count("pk")).filter(times__gt=1).values_list("seal", "first")
    ):
        for copy in sealed.filter(seal=seal, pk__gt=first).order_by("pk"):
            yield Finding(f"the line is a copy of line {first}", copy.pk)


def _unsealed_or_altered(event: AuditEvent, number: int | None) -> Finding:
    if not event.seal:
        return Finding("the line was written by something that holds no audit key", event.pk, number)
    return Finding("the line was altered, or inserted by something that holds no audit key", event.pk, number)


def _unlinked(since: int) -> AuditEventQuerySet:
    linked = AuditLink.objects.filter(event_id=OuterRef("pk"))
    return AuditEvent.objects.filter(~Exists(linked), pk__gt=since).order_by("pk")


def _identity(event: AuditEvent) -> tuple[int, str]:
    return event.pk, event.seal


def _content(event: AuditEvent) -> str:
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
