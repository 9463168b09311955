"""What the worker does for intake by the clock."""

from uuid import UUID

from celery import shared_task

from intake import drain as draining
from intake import evidence, finding, key_watch, retention


@shared_task(name="intake.drain")
def drain() -> None:
    """Open what is waiting. Safe to run twice and beside itself; the next sweep does what this one could not."""
    draining.drain()


@shared_task(name="intake.expire")
def expire() -> None:
    """Delete what is past its days."""
    retention.expire()


@shared_task(name="intake.make_clean")
def make_clean(evidence_id: str) -> None:
    """Make the clean copy of one file, or note why there is none. Safe to run twice; given up after some tries."""
    evidence.make_clean(UUID(evidence_id))


@shared_task(name="intake.clean_missed")
def clean_missed() -> None:
    """Ask for the clean copies that were not made: each as its own task, so that a bad file stops only itself."""
    for evidence_id in evidence.waiting_for_copies():
        make_clean.delay(str(evidence_id))


@shared_task(name="intake.thin_index")
def thin_index() -> None:
    """Drop from the blind index what too many people share."""
    finding.thin()


@shared_task(name="intake.watch_keys")
def watch_keys() -> None:
    """Raise the alarm about an intake key that is unknown, altered or not pinned."""
    key_watch.raise_alarms()


@shared_task(name="intake.turn_pair")
def turn_pair() -> None:
    """Turn the intake pair when it is due. Safe to run twice: a pair that was turned is not due."""
    key_watch.turn_pair()
