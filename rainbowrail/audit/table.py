"""The trail as a table for another program: streamed, bounded, and harmless to the program that opens it.

A cell that a spreadsheet would take for a formula gets an apostrophe before it: names of staff are typed by people.
"""

import csv
from collections.abc import Iterator
from datetime import UTC
from itertools import batched

from rainbowrail.audit.lines import Line, lines_of
from rainbowrail.audit.models import AuditEvent
from rainbowrail.audit.queries import AuditEventQuerySet
from rainbowrail.formats.spreadsheets import harmless

MOST_LINES = 50_000
BATCH = 1_000
HEADER = ("line", "at_utc", "who", "who_id", "kind", "verb", "what", "thing", "thing_id", "case", "detail")


def rows(events: AuditEventQuerySet) -> Iterator[tuple[str, ...]]:
    """Yield the header and one row a line, newest first; two queries a thousand lines."""
    yield HEADER
    for ids in batched(events.order_by("-id").values_list("pk", flat=True)[:MOST_LINES], BATCH):
        for line in lines_of(list(AuditEvent.objects.filter(pk__in=ids).order_by("-id"))):
            yield tuple(harmless(cell) for cell in _cells(line))


def _cells(line: Line) -> tuple[object, ...]:
    event = line.event
    detail = "; ".join(f"{key}={value}" for key, value in event.detail.items())
    at = event.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        event.pk, at, line.actor, event.actor_id, event.actor_kind, event.verb, event.verb_label, event.thing, event.thing_id,
        line.case, detail,
    )  # fmt: skip


class _Echo:
    """A file that hands back what is written to it, so that each row leaves as it is made."""

    def write(self, text: str) -> str:
        return text


def as_csv(rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    for row in rows:
        yield writer.writerow(row)
