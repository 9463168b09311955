"""ErasureProposal: somebody of staff asked that everything about a person be erased; a lead confirms or refuses it."""

import uuid
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.fields import EncryptedTextField
from rainbowrail.crypto.grants import Grants
from rainbowrail.privacy.classification import PrivacyClass

REASON_MAX_CHARS = 2_000


class ErasureProposal(models.Model):
    """`needs_second`: the case was open, so whoever confirms is somebody else. At most one waits a case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="erasure_proposals")
    reason = EncryptedTextField(
        seal_id="erasure_proposal.reason.v1", compartment=Compartment.CASEWORK, max_chars=REASON_MAX_CHARS
    )
    needs_second = models.BooleanField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(confirmed_at=None, refused_at=None),
                name="erasure_one_proposal_waits",
                violation_error_message=_("Somebody asked for this already; it waits for a lead."),
            ),
            models.CheckConstraint(
                condition=Q(needs_second=False) | Q(confirmed_by=None) | ~Q(confirmed_by=F("asked_by")),
                name="erasure_second_is_another",
                violation_error_message=_("Nobody confirms their own proposal; a second person does."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False, refused_at=None),
                name="erasure_answer_told_whole",
                violation_error_message=_("A confirmed proposal says who and when; a refused one was never confirmed."),
            ),
        ]

    class Privacy:
        fields = {
            "id": PrivacyClass.CLEAR,
            "case": PrivacyClass.CLEAR,
            "reason": PrivacyClass.SEALED,
            "needs_second": PrivacyClass.CLEAR,
            "asked_by": PrivacyClass.STAFF,
            "asked_at": PrivacyClass.CLEAR,
            "confirmed_by": PrivacyClass.STAFF,
            "confirmed_at": PrivacyClass.CLEAR,
            "refused_at": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "UPDATE"))

    def __str__(self) -> str:
        return f"erasure proposal {self.id}"

    def seal_subject(self, compartment: Compartment) -> UUID:
        return self.case_id
