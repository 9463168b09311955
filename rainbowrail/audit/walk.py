"""The walk over the chain: which lines were altered, inserted or removed, by number.

    verify()  ->  Finding, …   in the order of the chain; nothing when the trail is whole

It needs no checkpoint: the anchors say how far the chain reached and which lines it held (decision 0083). A checkpoint that was
kept elsewhere also finds what was removed together with every anchor.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import batched

from django.db.models import Count, Min
from django.utils import timezone

from rainbowrail.audit import anchors
from rainbowrail.audit.chain import (
    BATCH,
    EXPIRED,
    LATE,
    LINE,
    LINK,
    Checkpoint,
    content,
    expiry_parts,
    identity,
    is_lawful,
    unlinked,
)
from rainbowrail.audit.models import AuditAnchor, AuditEvent, AuditExpiry, AuditLink
from rainbowrail.crypto import trail_seal

ANCHORS_AT_ONCE = 50


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
        return f"{where}: {self.what}" if where else self.what


@dataclass
class Pegs:
    """The anchors that hold, one after the other beside the links."""

    rows: Iterator[AuditAnchor]
    coming: AuditAnchor | None = None
    passed: AuditAnchor | None = None
    found: list[Finding] = field(default_factory=list)

    @classmethod
    def all(cls) -> "Pegs":
        pegs = cls(AuditAnchor.objects.order_by("number", "from_id", "seal").iterator(BATCH))
        pegs._next()
        return pegs

    def at(self, number: int) -> AuditAnchor | None:
        """Move on to this link, and return the anchor at it."""
        while self.coming is not None and self.coming.number < number:
            self._next()
        return self.coming if self.coming is not None and self.coming.number == number else None

    def end_before(self, number: int) -> str | None:
        """Return the seal of the link before this one, where an anchor remembers it."""
        self.at(number)
        return self.passed.end_seal if self.passed is not None and self.passed.number == number - 1 else None

    def last(self) -> AuditAnchor | None:
        while self.coming is not None:
            self._next()
        return self.passed

    def told(self) -> Iterator[Finding]:
        yield from self.found
        self.found.clear()

    def _next(self) -> None:
        self.passed, self.coming = self.coming or self.passed, None
        for row in self.rows:
            if not anchors.is_genuine(row):
                self.found.append(
                    Finding("the anchor was altered, or written by something that holds no audit key", number=row.number)
                )
                continue
            before = self.passed.number if self.passed else 0
            if row.after_number != before:
                self.found.append(Finding(f"the anchor at link {row.after_number} is missing", number=row.number))
            self.coming = row
            return


def verify(*, against: Checkpoint | None = None) -> Iterator[Finding]:
    """Walk the whole chain and yield what is wrong; memory stays flat.

    `against` is a checkpoint that was kept elsewhere. Raises KeyNotHeld in a process without an audit key.
    """
    expected, before = 1, ""
    gone = AuditExpiry.objects.order_by("-last_number").first()
    if gone is not None:
        yield from _expired(gone)
        expected, before = gone.last_number + 1, gone.last_seal
    pegs = Pegs.all()
    for links in batched(AuditLink.objects.order_by("number").iterator(BATCH), BATCH):
        events = AuditEvent.objects.in_bulk([link.event_id for link in links])
        for link in links:
            if link.number != expected:
                yield Finding(f"the links {expected} to {link.number - 1} are missing", number=link.number)
                before = pegs.end_before(link.number) or before
            event = events.get(link.event_id)
            if event is None:
                yield Finding("the line was deleted after it was linked", link.event_id, link.number)
            elif not trail_seal.holds(event.seal, LINE, content(event)):
                yield _unsealed_or_altered(event, link.number)
            elif not trail_seal.holds(link.seal, LINK, link.number, before, *identity(event)):
                yield Finding("the link does not follow from the one before it", link.event_id, link.number)
            peg = pegs.at(link.number)
            yield from pegs.told()
            if peg is not None and peg.end_seal != link.seal:
                yield Finding("the chain differs from the anchor", link.event_id, link.number)
            if against is not None and link.number == against.number and link.seal != against.seal:
                yield Finding("the chain differs from the checkpoint", link.event_id, link.number)
            expected, before = link.number + 1, link.seal
    newest = pegs.last()
    yield from pegs.told()
    yield from _beyond(newest, against, gone, end=expected - 1)
    yield from _removed(gone)
    yield from _copies()
    yield from _without_a_link()


def _expired(gone: AuditExpiry) -> Iterator[Finding]:
    if not trail_seal.holds(gone.seal, EXPIRED, *expiry_parts(gone)):
        yield Finding("the note of what expired was altered, or written by something that holds no audit key", number=gone.pk)
    elif not is_lawful(gone):
        yield Finding("what was removed as expired was not past its years", number=gone.pk)


def _beyond(newest: AuditAnchor | None, against: Checkpoint | None, gone: AuditExpiry | None, *, end: int) -> Iterator[Finding]:
    """What should have come after the end of the chain, or should be remembered of it."""
    if against is not None and gone is not None and against.number == gone.last_number and against.seal != gone.last_seal:
        yield Finding("the chain differs from the checkpoint", number=against.number)
    if against is not None and end < against.number:
        yield Finding(f"the chain ends here, but the checkpoint says that it reached {against.number}", number=end)
    if newest is not None and end < newest.number:
        yield Finding(f"the chain ends here, but an anchor says that it reached {newest.number}", number=end)
    known = max(newest.number if newest else 0, gone.last_number if gone else 0)
    if end - known >= anchors.LINKS_BETWEEN or (newest is None and end > known):
        yield Finding("the anchors after this link are missing", number=known)


def _removed(gone: AuditExpiry | None) -> Iterator[Finding]:
    """Name the lines that an anchor saw linked and that are gone with their links. What is gone alone was named before."""
    for some in batched(AuditAnchor.objects.order_by("number", "from_id", "seal").iterator(BATCH), ANCHORS_AT_ONCE):
        pegs = [one for one in some if anchors.is_genuine(one) and (gone is None or one.number > gone.last_number)]
        if not pegs:
            continue
        span = pegs[0].from_id, pegs[-1].up_to_id
        here = AuditEvent.objects.filter(pk__gt=span[0], pk__lte=span[1]).values_list("pk", flat=True)
        linked = AuditLink.objects.filter(event_id__gt=span[0], event_id__lte=span[1]).values_list("event_id", flat=True)
        known = sorted({*here, *linked})
        for peg in pegs:
            after = max(peg.from_id, gone.last_event_id if gone else 0)
            of_it = known[bisect_right(known, after) : bisect_right(known, peg.up_to_id)]
            for first, last in anchors.without(anchors.spans_of(peg), of_it, after=after, up_to=peg.up_to_id):
                if first == last:
                    yield Finding("the line was deleted, with its link", first)
                else:
                    yield Finding(f"the lines {first} to {last} were deleted, with their links")


def _copies() -> Iterator[Finding]:
    sealed = AuditEvent.objects.exclude(seal="")
    for seal, first in (
        sealed.values("seal").annotate(first=Min("pk"), times=Count("pk")).filter(times__gt=1).values_list("seal", "first")
    ):
        for copy in sealed.filter(seal=seal, pk__gt=first).order_by("pk"):
            yield Finding(f"the line is a copy of line {first}", copy.pk)


def _without_a_link() -> Iterator[Finding]:
    known = anchors.Known(anchors.newest())
    oldest = timezone.now() - LATE
    cut: list[int] = []
    for event in unlinked().iterator(BATCH):
        is_whole = trail_seal.holds(event.seal, LINE, content(event))
        if is_whole and known.as_linked(event.pk):
            cut.append(event.pk)
            continue
        yield from _cut(cut)
        cut.clear()
        if not is_whole:
            yield _unsealed_or_altered(event, None)
        elif event.at < oldest:
            yield Finding(
                "the line has waited for its link for more than a day: the linker stood still, or links were removed with "
                "their anchors; compare a checkpoint that was kept elsewhere",
                event.pk,
            )
    yield from _cut(cut)


def _cut(ids: list[int]) -> Iterator[Finding]:
    """Name the lines whose links were removed: one sentence for as many as follow each other in the trail."""
    if len(ids) == 1:
        yield Finding("the link of the line was removed; an anchor knows it", ids[0])
    elif ids:
        yield Finding(f"the links of {len(ids)} lines, from {ids[0]} to {ids[-1]}, were removed; anchors know them")


def _unsealed_or_altered(event: AuditEvent, number: int | None) -> Finding:
    if not event.seal:
        return Finding("the line was written by something that holds no audit key", event.pk, number)
    return Finding("the line was altered, or inserted by something that holds no audit key", event.pk, number)
