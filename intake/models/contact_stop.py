"""ContactStop: nobody writes to or calls this person until a lead lifts it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from intake.models.help_request import HelpRequest
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.fields import EncryptedJSONField
from rainbowrail.crypto.grants import Grants
from rainbowrail.privacy.classification import PrivacyClass


class ContactStop(models.Model):
    """At most one is open a request. Why is sealed: the table alone must not tell that somebody was forced.

    `told`: {"why": a word of intake.states.StopReason, "reason": staff's words or "", "lifted": staff's words or ""}. Who
    stopped and lifted it stands in the trail.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    help_request = models.ForeignKey(HelpRequest, models.CASCADE, related_name="contact_stops")
    told = EncryptedJSONField(seal_id="contact_stop.told.v1", compartment=Compartment.STORY)
    stopped_on = models.DateField(default=timezone.localdate)
    last_on = models.DateField(default=timezone.localdate)
    lifted_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["-stopped_on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["help_request"], condition=Q(lifted_on__isnull=True), name="contact_is_stopped_once_at_a_time"
            ),
        ]

    class Privacy:
        fields: ClassVar = {
            "id": PrivacyClass.CLEAR,
            "help_request": PrivacyClass.CLEAR,
            "told": PrivacyClass.SEALED,
            "stopped_on": PrivacyClass.CLEAR,
            "last_on": PrivacyClass.CLEAR,
            "lifted_on": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(public=(), staff=("SELECT", "INSERT", "UPDATE", "DELETE"))

    def __str__(self) -> str:
        return f"contact stop {self.pk}"

    def seal_subject(self, compartment: Compartment) -> uuid.UUID:
        return self.help_request.person_id
