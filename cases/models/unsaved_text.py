"""UnsavedText: what a member of staff typed into a form of a case and has not saved yet, sealed, for its author alone."""

import uuid
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils import timezone

from cases.models.case import Case
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.fields import EncryptedJSONField
from rainbowrail.crypto.grants import Grants
from rainbowrail.privacy.classification import PrivacyClass

PAGE_MAX_CHARS = 40


class UnsavedText(models.Model):
    """One row for each person, case and page; `page` is the page's name, `typed` is `{field: what was typed}`.

    It goes when the form is saved or thrown away, with the case, and after the days of an unfinished draft (decision 0058).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    page = models.CharField(max_length=PAGE_MAX_CHARS)
    typed = EncryptedJSONField(seal_id="unsaved_text.typed.v1", compartment=Compartment.CASEWORK)
    typed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-typed_at", "id"]
        indexes = [models.Index(fields=["typed_at"], name="unsaved_text_by_age")]
        constraints = [
            models.UniqueConstraint(fields=["case", "author", "page"], name="one_unsaved_text_for_each_page"),
        ]

    class Privacy:
        fields = {
            "id": PrivacyClass.CLEAR,
            "case": PrivacyClass.CLEAR,
            "author": PrivacyClass.STAFF,
            "page": PrivacyClass.CLEAR,
            "typed": PrivacyClass.SEALED,
            "typed_at": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "UPDATE", "DELETE"))

    def __str__(self) -> str:
        return f"unsaved text {self.id}"

    def seal_subject(self, compartment: Compartment) -> UUID:
        return self.case_id
