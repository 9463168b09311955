"""Worker only: turns the intake pair by the clock, and raises the alarm about keys and deliveries (docs/decisions/0016)."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from intake.models import Delivery
from rainbowrail.crypto.errors import KeyMissing, RotationHeld, RotationUnderWay
from rainbowrail.crypto.rotation import intake as pairs
from rainbowrail.crypto.rotation import verify
from rainbowrail.crypto.rotation.places import Places
from rainbowrail.web import logs

# Times of deliveries are cut to the hour, so one that waits may look an hour older than it is.
LONGEST_WAIT = timedelta(hours=2)


def raise_alarms() -> int:
    """Log an error for each intake key that is unknown, altered or not pinned; returns how many. A few queries."""
    alarms = list(verify.intake_alarms())
    for alarm in alarms:
        logs.failure("key_alarm", KeyMissing(str(alarm)), intake_key_id=alarm.key_id, reason_code=alarm.reason)
    return len(alarms)


def turn_pair() -> None:
    """Make the next intake pair when the newest is a week old, and destroy old halves whose time has come.

    Without a folder of pins the public door could not learn of a new pair: then the operator turns it, and `doctor` says when.
    While the panic plan waits for somebody to vouch for the hosts, so does this; the clock asks again.
    """
    if not settings.PINS_DIR:
        return
    today = timezone.now().date()
    try:
        if not pairs.is_due(today):
            pairs.destroy_old(Places.of_worker(), today=today)
            return
        report = pairs.rotate(Places.of_worker(), today=today)
        logs.event("intake_pair_turned", intake_key_id=report.new, count=len(report.destroyed))
    except RotationHeld:
        logs.event("intake_pair_waits", reason_code="hosts_not_confirmed")
        pairs.destroy_old(Places.of_worker(), today=today)
    except RotationUnderWay:
        return  # the operator is at it; this is asked again


def complaints() -> Iterator[str]:
    """Say what `doctor` should know about deliveries. Two queries."""
    quarantined = Delivery.objects.quarantined().count()
    if quarantined:
        yield (
            f"{quarantined} deliveries did not open and are quarantined: a person may be behind each, and what leaves about "
            "them is held. A triage lead looks the same day, on the page “Kept aside”."
        )
    oldest = Delivery.objects.waiting().order_by("received_hour").values_list("received_hour", flat=True).first()
    if oldest is not None and timezone.now() - oldest > LONGEST_WAIT:
        hours = (timezone.now() - oldest) // timedelta(hours=1)
        yield f"A delivery waits for {hours} hours to be opened: does the worker run, with its intake keys?"
