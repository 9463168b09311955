"""Assessment: what a caseworker found; the applicant's own words stay in intake."""

import uuid
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils import timezone

from cases.models.case import Case
from cases.states import Pathway, Verification
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.fields import EncryptedJSONField, EncryptedTextField
from rainbowrail.crypto.grants import Grants
from rainbowrail.privacy.classification import PrivacyClass

ASSESSMENT_MAX_CHARS = 10_000


class Assessment(models.Model):
    """How sure we are, what could be done, and why. The latest one counts; earlier ones are kept.

    `finding` is `{"verification": cases.states.Verification, "pathways": [cases.states.Pathway, …]}`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assessments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    finding = EncryptedJSONField(seal_id="assessment.finding.v1", compartment=Compartment.CASEWORK)
    summary = EncryptedTextField(
        seal_id="assessment.summary.v1", compartment=Compartment.CASEWORK, max_chars=ASSESSMENT_MAX_CHARS
    )
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-made_at", "id"]
        indexes = [models.Index(fields=["case", "-made_at"], name="assessment_of_case")]

    class Privacy:
        fields = {
            "id": PrivacyClass.CLEAR,
            "case": PrivacyClass.CLEAR,
            "author": PrivacyClass.STAFF,
            "finding": PrivacyClass.SEALED,
            "summary": PrivacyClass.SEALED,
            "made_at": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT"))

    def __str__(self) -> str:
        return f"assessment {self.id}"

    @property
    def verification_label(self) -> str:
        """How sure we are, in words. Opens CASEWORK."""
        return str(Verification(self.finding["verification"]).label)

    @property
    def pathway_labels(self) -> list[str]:
        return [str(Pathway(value).label) for value in self.finding["pathways"]]

    def seal_subject(self, compartment: Compartment) -> UUID:
        return self.case_id
