"""What `doctor` should know about the trail: how the last walk over it ended, and what is past its years."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from rainbowrail.audit import expiry, verifying

LONGEST_WITHOUT_A_WALK = timedelta(days=3)


def complaints() -> Iterator[str]:
    """Say what is wrong with the trail, or due. Three queries."""
    last = verifying.last()
    if last is not None and last.wrong:
        yield f"The audit trail is not whole: {last.wrong} things are wrong. Run: manage.py audit verify"
    waiting = verifying.waiting()
    if waiting is not None and timezone.now() - waiting.asked_at > LONGEST_WITHOUT_A_WALK:
        yield "Nobody walked the audit trail for three days, though it was asked for: does the worker run, with its audit key?"
    if expiry.is_due(timezone.localdate()):
        yield "Lines of the audit trail are past their years. Run: operate audit expire --folders /keys"
