"""What the worker does for intake by the clock."""

from celery import shared_task

from intake import drain as draining
from intake import finding, retention


@shared_task(name="intake.drain")
def drain() -> None:
    """Open what is waiting. Safe to run twice and beside itself; the next sweep does what this one could not."""
    draining.drain()


@shared_task(name="intake.expire")
def expire() -> None:
    """Delete what is past its days."""
    retention.expire()


@shared_task(name="intake.thin_index")
def thin_index() -> None:
    """Drop from the blind index what too many people share."""
    finding.thin()
