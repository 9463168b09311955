"""Outcome: what the officials answered, one row an answer, never changed."""

import uuid
from uuid import UUID

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone

from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.fields import EncryptedTextField
from rainbowrail.crypto.grants import Grants
from rainbowrail.privacy.classification import PrivacyClass
from referrals.models.referral import Referral
from referrals.states import OutcomeKind

NOTE_MAX_CHARS = 4000


class Outcome(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="outcomes")
    kind = models.CharField(max_length=20, choices=OutcomeKind)
    answered_on = models.DateField()
    note = EncryptedTextField(seal_id="outcome.note.v1", compartment=Compartment.CASEWORK, max_chars=NOTE_MAX_CHARS)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-answered_on", "-recorded_at", "id"]
        triggers = [pgtrigger.Protect(name="outcome_is_never_changed", operation=pgtrigger.Update)]

    class Privacy:
        fields = {
            "id": PrivacyClass.CLEAR,
            "referral": PrivacyClass.CLEAR,
            "kind": PrivacyClass.CLEAR,
            "answered_on": PrivacyClass.CLEAR,
            "note": PrivacyClass.SEALED,
            "recorded_by": PrivacyClass.STAFF,
            "recorded_at": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT"))

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def seal_subject(self, compartment: Compartment) -> UUID:
        return self.referral.case_id
