"""Anchors: how far the chain reached and which lines it held, written down sealed every quarter of an hour (decision 0083).

Who owns the database can cut the chain, remove a line and let the linker seal anew what follows; but not write an anchor. So a
chain that is shorter than an anchor, or that differs from one, was cut, and the ids that an anchor covers say which lines are
gone. What nobody in this database can tell any more is what was removed together with every anchor since; the checkpoints that
left the machine can.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from rainbowrail.audit.models import AuditAnchor, AuditExpiry, AuditLink
from rainbowrail.crypto import trail_seal

ANCHOR = "anchor"
EVERY = timedelta(minutes=15)
LINKS_BETWEEN = 500
# So many of the newest are looked at for one that holds, before the trail counts as one without anchor.
LOOKED_AT = 50
BATCH = 2_000

type Span = tuple[int, int]


def newest() -> AuditAnchor | None:
    """Return the newest anchor whose seal holds. One query. Raises KeyNotHeld in a process without an audit key."""
    return next((one for one in AuditAnchor.objects.order_by("-number")[:LOOKED_AT] if is_genuine(one)), None)


def is_genuine(anchor: AuditAnchor) -> bool:
    """Whether a process with the audit key wrote this anchor as it stands."""
    return trail_seal.holds(anchor.seal, ANCHOR, *_parts(anchor))


def drop_if_due(before: AuditAnchor | None, end: AuditLink, *, now: datetime) -> AuditAnchor | None:
    """Write an anchor at the end of the chain when the one before is a quarter of an hour old, or 500 links back."""
    # A clock that was set back must not stop them.
    if before is not None and abs(now - before.made_at) < EVERY and end.number - before.number < LINKS_BETWEEN:
        return None
    from_id = before.up_to_id if before else 0
    ids = AuditLink.objects.filter(event_id__gt=from_id).order_by("event_id").values_list("event_id", flat=True)
    gaps, up_to_id = _gaps(ids.iterator(BATCH), after=from_id)
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
    # Something without the key may have taken the number; the verifier names it, and the next anchor is not far.
    AuditAnchor.objects.bulk_create([anchor], ignore_conflicts=True)
    return anchor


def open_gaps(*, since: datetime | None) -> Iterator[Span]:
    """Yield the ids that anchors since then found empty: a long transaction may have written its lines there afterwards."""
    rows = AuditAnchor.objects.exclude(gaps=[])
    for anchor in (rows.filter(made_at__gte=since) if since else rows).iterator(BATCH):
        if is_genuine(anchor):
            yield from spans_of(anchor)


def covering(event_id: int) -> AuditAnchor | None:
    """Return the genuine anchor that was written when lines up to this one were linked, or None."""
    rows = AuditAnchor.objects.filter(up_to_id__gte=event_id, from_id__lt=event_id).order_by("up_to_id", "number")
    return next((one for one in rows[:LOOKED_AT] if is_genuine(one)), None)


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


def is_cut() -> bool:
    """Whether the chain ends before the newest anchor. Two queries, or three."""
    anchor = newest()
    if anchor is None or AuditLink.objects.filter(number__gte=anchor.number).exists():
        return False
    return not AuditExpiry.objects.filter(last_number__gte=anchor.number).exists()


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
