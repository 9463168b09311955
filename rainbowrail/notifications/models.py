"""Notification: an outbox row without any address; the address is opened at sending."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rainbowrail.crypto.grants import Grants
from rainbowrail.notifications.states import NotificationState
from rainbowrail.privacy.classification import PrivacyClass


def this_hour() -> datetime:
    """The hour we are in, UTC: exact times of what concerns applicants are not kept."""
    return timezone.now().replace(minute=0, second=0, microsecond=0)


class NotificationQuerySet(models.QuerySet["Notification"]):
    def due(self, now: datetime) -> "NotificationQuerySet":
        return self.filter(state=NotificationState.WAITING, not_before__lte=now).order_by("not_before", "id")

    def given_up(self) -> "NotificationQuerySet":
        return self.filter(state=NotificationState.GIVEN_UP)


class Notification(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=64)
    about_id = models.UUIDField(_("about"))
    state = models.CharField(_("state"), max_length=10, choices=NotificationState, default=NotificationState.WAITING)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    not_before = models.DateTimeField(_("not before"), default=this_hour)
    queued_at = models.DateTimeField(_("queued, to the hour"), default=this_hour)
    reason_code = models.CharField(_("reason"), max_length=64, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["not_before", "id"], condition=Q(state=NotificationState.WAITING), name="notices_due"),
            models.Index(fields=["-queued_at", "id"], condition=Q(state=NotificationState.GIVEN_UP), name="notices_given_up"),
        ]
        constraints = [
            # Queueing the same notice twice before it went out is one notice.
            models.UniqueConstraint(
                fields=["kind", "about_id"], condition=Q(state=NotificationState.WAITING), name="one_waiting_notice"
            ),
        ]

    class Privacy:
        fields = {
            "id": PrivacyClass.CLEAR,
            "kind": PrivacyClass.CLEAR,
            "about_id": PrivacyClass.CLEAR,
            "state": PrivacyClass.CLEAR,
            "tries": PrivacyClass.CLEAR,
            "not_before": PrivacyClass.CLEAR,
            "queued_at": PrivacyClass.CLEAR,
            "reason_code": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "UPDATE"))

    def __str__(self) -> str:
        return f"{self.kind} ({self.state})"
