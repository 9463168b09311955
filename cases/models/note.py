"""Note: what staff write down about a case, sealed."""

import uuid
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils import timezone

from cases.models.case import Case
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.fields import EncryptedTextField
from rainbowrail.crypto.grants import Grants
from rainbowrail.privacy.classification import PrivacyClass

NOTE_MAX_CHARS = 10_000


class Note(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = EncryptedTextField(seal_id="note.text.v1", compartment=Compartment.CASEWORK, max_chars=NOTE_MAX_CHARS)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-written_at", "id"]
        indexes = [models.Index(fields=["case", "-written_at"], name="note_of_case")]

    class Privacy:
        fields = {
            "id": PrivacyClass.CLEAR,
            "case": PrivacyClass.CLEAR,
            "author": PrivacyClass.STAFF,
            "text": PrivacyClass.SEALED,
            "written_at": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT"))

    def __str__(self) -> str:
        return f"note {self.id}"

    def seal_subject(self, compartment: Compartment) -> UUID:
        return self.case_id
