"""The linker, each second; the whole trail and a checkpoint into the log, each day."""

from celery import shared_task

from rainbowrail.audit import chain, verifying
from rainbowrail.web import logs


@shared_task(name="audit.link")
def link() -> None:
    """Link the newest lines. Safe at any time and by any number of workers."""
    while chain.link_new() == chain.BATCH:
        pass


@shared_task(name="audit.checkpoint")
def checkpoint() -> None:
    """Link what the look back missed, then say in the log, which leaves this machine, where the chain ends."""
    while chain.link_new(everything=True):
        pass
    end = chain.checkpoint()
    if end is not None:
        logs.event("audit checkpoint", count=end.number, version=end.seal)


@shared_task(name="audit.verify")
def verify() -> None:
    """Walk the chain when somebody asked for it. Safe to run twice: what has ended is not asked for."""
    verifying.verify_asked()


@shared_task(name="audit.ask_daily")
def ask_daily() -> None:
    """Ask for the verification of the day."""
    verifying.ask_daily()
