"""What shows that the clock, the broker and the worker work together."""

from celery import shared_task

from rainbowrail.web import doctor


@shared_task(name="web.heartbeat")
def heartbeat() -> None:
    """Note that this ran; `doctor` asks when it last did."""
    doctor.note_heartbeat()
