"""What the worker does for referrals: id in, action called, safe to run twice."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from celery import Task, shared_task
from django.utils import timezone

from referrals import actions
from referrals.actions.building import give_up
from referrals.models import Referral

MISSED_AFTER = timedelta(minutes=2)
SWEEP_AT_MOST = 100
TRIES = 3


@shared_task(name="referrals.build_packet", bind=True, max_retries=TRIES - 1)
def build_packet(self: "Task[Any, Any]", referral_id: str) -> None:
    """Make one sealed file. What nobody foresaw is tried again, then named as the end: staff see it and may try once more."""
    try:
        actions.build_packet(UUID(referral_id))
    except Exception as error:
        if self.request.retries >= TRIES - 1:
            give_up(UUID(referral_id))
            raise
        raise self.retry(exc=error, countdown=5 * 2**self.request.retries) from error


@shared_task(name="referrals.forget_passphrases")
def forget_passphrases() -> None:
    """Delete the passphrases of archives that no officer took to the telephone in time."""
    actions.forget_old_passphrases(timezone.now())


@shared_task(name="referrals.build_missed")
def build_missed() -> None:
    """Make the files whose task was lost: the broker was away, or a worker died."""
    late = Referral.objects.building_since(timezone.now() - MISSED_AFTER)
    for referral_id in late.order_by("changed_at", "id").values_list("id", flat=True)[:SWEEP_AT_MOST]:
        build_packet.apply_async((str(referral_id),), expires=60)
