"""What `doctor` should know about the trail: how the last walk over it ended, and what is past its years."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from rainbowrail.audit import anchors, chain, expiry, verifying

LONGEST_WITHOUT_A_WALK = timedelta(days=3)
LOOKED_BACK = timedelta(days=7)


def complaints() -> Iterator[str]:
    """Say what is wrong with the trail, or due. Seven queries."""
    now = timezone.now()
    last = verifying.last()
    if last is not None and not verifying.is_genuine(last):
        yield "The answer of the last walk over the audit trail was not given by the worker. Run: manage.py audit verify"
    elif last is not None and last.wrong:
        yield f"The audit trail is not whole: {last.wrong} things are wrong. Run: manage.py audit verify"
    anchor = anchors.newest()
    if anchor is not None and anchors.is_cut(anchor):
        yield "The chain over the audit trail ends before its newest anchor: it was cut. Run: manage.py audit verify"
    # The whole trail is for the walk of each day: here only what could have been linked since shortly before the last anchor.
    if chain.late_lines(now=now).filter(at__gte=min(now, anchor.made_at if anchor else now) - LOOKED_BACK).exists():
        yield (
            "Lines of the audit trail have waited for their link for more than a day. If the worker stood still, run: "
            "manage.py audit link --late. If it did not, links were removed: run manage.py audit verify --checkpoint FILE"
        )
    waiting = verifying.waiting()
    if waiting is not None and now - waiting.asked_at > LONGEST_WITHOUT_A_WALK:
        yield "Nobody walked the audit trail for three days, though it was asked for: does the worker run, with its audit key?"
    if expiry.is_due(timezone.localdate()):
        yield "Lines of the audit trail are past their years. Run: operate audit expire --folders /keys"
