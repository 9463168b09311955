"""HardMark: a colleague found one text or file hard to read, and warns the next reader."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from cases.models.case import Case
from rainbowrail.crypto.grants import Grants
from rainbowrail.privacy.classification import PrivacyClass


class HardMark(models.Model):
    """`thing_id` is the help request (its own words), an answer or a file of the case. Why it is hard is not written down."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="hard_marks")
    thing_id = models.UUIDField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["set_at", "id"]
        constraints = [models.UniqueConstraint(fields=["case", "thing_id"], name="marked_hard_once")]

    class Privacy:
        fields = {
            "id": PrivacyClass.CLEAR,
            "case": PrivacyClass.CLEAR,
            "thing_id": PrivacyClass.CLEAR,
            "set_by": PrivacyClass.STAFF,
            "set_at": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "DELETE"))

    def __str__(self) -> str:
        return f"hard to read: {self.thing_id}"
