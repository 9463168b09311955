"""Suspicion: a request that looks as if no person had written it waits for a person to say (docs/decisions/0093)."""

import uuid
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.states import Looked
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.fields import EncryptedJSONField
from rainbowrail.crypto.grants import Grants
from rainbowrail.privacy.classification import PrivacyClass


class Suspicion(models.Model):
    """At most one a case. `marks`: codes of intake.marks.Mark. While it is open the case stands beside the queue, not in it,
    unless it is an emergency, somebody took it, or a clock ran out (`CaseQuerySet.without_set_aside`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="suspicion")
    marks = EncryptedJSONField(seal_id="suspicion.marks.v1", compartment=Compartment.CASEWORK)
    found_on = models.DateField(default=timezone.localdate)
    verdict = models.CharField(max_length=9, choices=Looked, default=Looked.OPEN)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["found_on", "id"]
        indexes = [models.Index(fields=["found_on", "id"], condition=Q(verdict="open"), name="suspicion_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict=Looked.OPEN, judged_by=None, judged_at=None)
                | Q(verdict__in=[Looked.RELEASED, Looked.CONFIRMED], judged_by__isnull=False, judged_at__isnull=False),
                name="suspicion_judged_whole",
                violation_error_message=_("A verdict says who gave it and when."),
            ),
        ]

    class Privacy:
        fields = {
            "id": PrivacyClass.CLEAR,
            "case": PrivacyClass.CLEAR,
            "marks": PrivacyClass.SEALED,
            "found_on": PrivacyClass.CLEAR,
            "verdict": PrivacyClass.CLEAR,
            "judged_by": PrivacyClass.STAFF,
            "judged_at": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "UPDATE", "DELETE"))

    def __str__(self) -> str:
        return f"suspicion {self.id}"

    def seal_subject(self, compartment: Compartment) -> UUID:
        return self.case_id
