"""StaffSession: one browser that somebody signed in with. Neither its cookie nor what it holds can be read from the row."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rainbowrail.crypto.grants import Grants
from rainbowrail.privacy.classification import PrivacyClass

IDLE = timedelta(seconds=settings.STAFF_IDLE_SECONDS)
LONGEST = timedelta(seconds=settings.SESSION_COOKIE_AGE)
# A session that ran out is remembered this long, so that a form which came in too late can be kept for its writer.
REMEMBERED = timedelta(hours=16)


class StaffSessionQuerySet(models.QuerySet["StaffSession"]):
    def live(self, now: datetime | None = None) -> "StaffSessionQuerySet":
        """Return those that still open something: used within half an hour, begun within eight hours."""
        now = now or timezone.now()
        return self.filter(seen_at__gt=now - IDLE, started_at__gt=now - LONGEST)

    def ran_out(self, now: datetime | None = None) -> "StaffSessionQuerySet":
        """Return those that ended by themselves a short while ago."""
        now = now or timezone.now()
        return self.filter(
            models.Q(seen_at__lte=now - IDLE) | models.Q(started_at__lte=now - LONGEST), seen_at__gt=now - REMEMBERED
        )

    def of(self, person_id: int) -> "StaffSessionQuerySet":
        return self.filter(person_id=person_id)


class StaffSession(models.Model):
    """`key_hash` is SHA-256 of what the cookie holds; `data` is sealed under the staff web's key (decision 0028)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key_hash = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey("accounts.User", on_delete=models.CASCADE, null=True, related_name="+")
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    seen_at = models.DateTimeField(_("last used"), default=timezone.now)
    data = models.TextField(default="")

    objects = StaffSessionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["seen_at"], name="sessions_by_last_use")]

    class Privacy:
        fields = {
            "id": PrivacyClass.STAFF,
            "key_hash": PrivacyClass.KEY,
            "person": PrivacyClass.STAFF,
            "started_at": PrivacyClass.STAFF,
            "seen_at": PrivacyClass.STAFF,
            "data": PrivacyClass.KEY,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "UPDATE", "DELETE"), backup=())

    def __str__(self) -> str:
        return f"session {self.pk}"
