"""Anchors: how far the chain reached and which lines it held, written down sealed every quarter of an hour (decision 0083).

Who owns the database can cut the chain, remove a line and let the linker seal anew what follows; but not write an anchor. So a
chain that is shorter than an anchor, or that differs from one, was cut, and the ids that an anchor covers say which lines are
gone. What nobody in this database can tell any more is what was removed together with every anchor since; the checkpoints that
left the machine can.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from rainbowrail.audit.models import AuditAnchor, AuditExpiry, AuditLink
from rainbowrail.crypto import trail_seal

ANCHOR = "anchor"
EVERY = timedelta(minutes=15)
LINKS_BETWEEN = 500
# So many are read at once in the search for one that holds; whoever may write without the key can put any number before it.
LOOKED_AT = 50
BATCH = 2_000
# So many links are covered by one anchor at most: a trail that never had one catches up in as many runs of the linker.
COVERED_AT_ONCE = 5_000

type Span = tuple[int, int]


def newest() -> AuditAnchor | None:
    """Return the newest anchor whose seal holds. One query. Raises KeyNotHeld in a process without an audit key."""
    return _first_genuine(AuditAnchor.objects.order_by("-number", "-from_id", "-seal"))


def is_genuine(anchor: AuditAnchor) -> bool:
    """Whether a process with the audit key wrote this anchor as it stands."""
    return trail_seal.holds(anchor.seal, ANCHOR, *_parts(anchor))


def drop_if_due(before: AuditAnchor | None, end: AuditLink, *, now: datetime) -> AuditAnchor | None:
    """Write an anchor at the end of the chain when the one before is a quarter of an hour old, or 500 links back.

    Also when that one, or none, has not yet covered all that was linked in its time. One reads 5,000 links at most.
    """
    if before is not None and not _is_due(before, end, now=now):
        return None
    from_id = before.up_to_id if before else 0
    ids = AuditLink.objects.filter(event_id__gt=from_id).order_by("event_id").values_list("event_id", flat=True)
    gaps, up_to_id = _gaps(ids[:COVERED_AT_ONCE].iterator(BATCH), after=from_id)
    anchor = AuditAnchor(
        number=end.number,
        after_number=before.number if before else 0,
        end_seal=end.seal,
        from_id=from_id,
        up_to_id=up_to_id,
        gaps=[list(span) for span in gaps],
        made_at=now,
    )
    anchor.seal = trail_seal.seal(ANCHOR, *_parts(anchor))
    # The seal is the key of the row: nothing that lacks the audit key can take the place of this one.
    anchor.save(force_insert=True)
    return anchor


def is_behind(anchor: AuditAnchor) -> bool:
    """Whether the chain had links when this anchor was written that neither it nor one before it covers. One query."""
    return AuditLink.objects.filter(event_id__gt=anchor.up_to_id, number__lte=anchor.number).exists()


def covering(event_id: int) -> AuditAnchor | None:
    """Return the genuine anchor that was written when lines up to this one were linked, or None."""
    rows = AuditAnchor.objects.filter(up_to_id__gte=event_id, from_id__lt=event_id)
    return _first_genuine(rows.order_by("up_to_id", "number", "seal"))


class Known:
    """What the anchors know of lines without a link, asked in the order of the ids: one query for each anchor."""

    def __init__(self, newest: AuditAnchor | None) -> None:
        self.up_to_id = newest.up_to_id if newest else 0
        self._anchor: AuditAnchor | None = None

    def as_linked(self, event_id: int) -> bool:
        anchor = self._of(event_id)
        return anchor is not None and found_linked(anchor, event_id)

    def as_empty(self, event_id: int, *, since: datetime | None) -> bool:
        """Whether an anchor of since then found no line at this id: a long transaction may have written it afterwards."""
        anchor = self._of(event_id)
        is_of_then = anchor is not None and (since is None or anchor.made_at >= since)
        return anchor is not None and is_of_then and not found_linked(anchor, event_id)

    def _of(self, event_id: int) -> AuditAnchor | None:
        if event_id > self.up_to_id:
            return None
        if self._anchor is None or not covers(self._anchor, event_id):
            self._anchor = covering(event_id)
        return self._anchor


def covers(anchor: AuditAnchor, event_id: int) -> bool:
    return anchor.from_id < event_id <= anchor.up_to_id


def found_linked(anchor: AuditAnchor, event_id: int) -> bool:
    """Whether the anchor found a link of this line, which it covers: if the line has none now, it was removed since."""
    return covers(anchor, event_id) and not any(first <= event_id <= last for first, last in spans_of(anchor))


def spans_of(anchor: AuditAnchor) -> list[Span]:
    """Return the gaps of an anchor as pairs of first and last id, in order."""
    return [(int(first), int(last)) for first, last in anchor.gaps]


def without(spans: Iterable[Span], ids: Iterable[int], *, after: int, up_to: int) -> Iterator[Span]:
    """Yield what of the ids above `after` up to `up_to` is neither in a span nor among `ids`; both in order."""
    known = sorted([*spans, *((each, each) for each in ids)])
    nearest = after + 1
    for first, last in known:
        if first > nearest:
            yield nearest, first - 1
        nearest = max(nearest, last + 1)
    if nearest <= up_to:
        yield nearest, up_to


def is_cut(anchor: AuditAnchor) -> bool:
    """Whether the chain ends before its newest anchor. One query, or two."""
    if AuditLink.objects.filter(number__gte=anchor.number).exists():
        return False
    return not AuditExpiry.objects.filter(last_number__gte=anchor.number).exists()


def _is_due(before: AuditAnchor, end: AuditLink, *, now: datetime) -> bool:
    if end.number < before.number:
        return False
    # A clock that was set back must not stop them.
    is_old = abs(now - before.made_at) >= EVERY or end.number - before.number >= LINKS_BETWEEN
    return (end.number > before.number and is_old) or is_behind(before)


def _first_genuine(rows: QuerySet[AuditAnchor]) -> AuditAnchor | None:
    """Return the first whose seal holds; as many as stand before it are read once, some at a time."""
    # Only within a transaction does the database hand out rows as they are asked for.
    with transaction.atomic():
        return next((one for one in rows.iterator(LOOKED_AT) if is_genuine(one)), None)


def _gaps(ids: Iterable[int], *, after: int) -> tuple[list[Span], int]:
    """Return the ids above `after` that are missing among these, and the last of these."""
    gaps: list[Span] = []
    for each in ids:
        if each > after + 1:
            gaps.append((after + 1, each - 1))
        after = each
    return gaps, after


def _parts(anchor: AuditAnchor) -> tuple[int | str, ...]:
    return (
        anchor.number,
        anchor.after_number,
        anchor.end_seal,
        anchor.from_id,
        anchor.up_to_id,
        json.dumps(anchor.gaps, separators=(",", ":")),
        anchor.made_at.astimezone(UTC).isoformat(timespec="microseconds"),
    )
