"""queue(): the only way a notice comes into being. The row is the truth; the task after the commit is a courtesy."""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from rainbowrail.notifications.kinds import NotificationKind
from rainbowrail.notifications.models import Notification, this_hour
from rainbowrail.notifications.states import NotificationState
from rainbowrail.web import logs


def queue(kind: NotificationKind, about_id: UUID, *, not_before: datetime | None = None) -> None:
    """Write the outbox row in the caller's transaction and try to send it after the commit.

    A second notice of the same kind about the same thing, while the first still waits, is the same notice. A broker that does
    not answer is no error: the sweep sends the row within a minute.
    """
    row = Notification(kind=kind.name, about_id=about_id, not_before=not_before or this_hour())
    Notification.objects.bulk_create([row], ignore_conflicts=True)
    if not_before is None:
        transaction.on_commit(partial(_try_now, kind.name, about_id))


def _try_now(kind: str, about_id: UUID) -> None:
    from rainbowrail.notifications.tasks import (
        deliver,
    )  # tasks import the outbox's neighbours; the arrow points here only at run time

    waiting = Notification.objects.filter(kind=kind, about_id=about_id, state=NotificationState.WAITING)
    for notification_id in waiting.values_list("id", flat=True):
        try:
            deliver.apply_async((str(notification_id),), retry=False)
        except Exception as error:  # whatever the broker's client raises: the sweep will do it
            logs.failure("broker_away", error, notification_id=notification_id)
