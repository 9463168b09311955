"""Deliver one; sweep the forgotten. Both take ids or nothing, and may run twice."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from rainbowrail.notifications import delivery
from rainbowrail.notifications.models import Notification

SWEEP_AT_MOST = 500


@shared_task(name="notifications.deliver")
def deliver(notification_id: str) -> None:
    delivery.deliver(UUID(notification_id))


@shared_task(name="notifications.sweep")
def sweep() -> None:
    """Send what is due and was missed: the broker was away, a worker died, or its time has come."""
    for notification_id in Notification.objects.due(timezone.now()).values_list("id", flat=True)[:SWEEP_AT_MOST]:
        deliver.apply_async((str(notification_id),), expires=60)
