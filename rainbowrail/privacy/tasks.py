"""What the worker does by the clock: each night it shreds what is due."""

from celery import shared_task
from django.utils import timezone

from rainbowrail.privacy import erased, keeping


@shared_task(name="privacy.shred_due")
def shred_due() -> None:
    """Plan and shred. Safe to run twice: what is gone is not due again. A run that is stopped is finished by the next.

    First it erases again whoever a restored backup brought back, for what a restore could not do without the worker's keys.
    """
    today = timezone.localdate()
    erased.forget_again(erased.read())
    keeping.plan(today)
    for _keeper, _done in keeping.shred(today):
        pass
