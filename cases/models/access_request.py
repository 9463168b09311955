"""AccessRequest: somebody asks to open a case that is not theirs, or breaks the glass and opens it at once."""

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

ACCESS_REASON_MAX_CHARS = 2_000


class AccessRequest(models.Model):
    """Waits until a lead approves or refuses it; approved, it opens the case until `ends_at`, or until somebody ends it.

    A broken glass is open from the first moment, has nobody who approved it, and is put before the leads until one of them has
    seen it (`seen_at`). At most one waits for a case and a person.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="access_requests")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = EncryptedTextField(
        seal_id="access_request.reason.v1", compartment=Compartment.CASEWORK, max_chars=ACCESS_REASON_MAX_CHARS
    )
    is_break_glass = models.BooleanField(default=False)
    asked_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    refused_at = models.DateTimeField(null=True, blank=True)
    # When it opens no more; empty as long as it waits. Ending it early brings this forward.
    ends_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "id"]
        indexes = [
            models.Index(fields=["person", "ends_at"], name="access_of_a_person"),
            models.Index(
                fields=["-asked_at", "id"],
                condition=Q(ends_at=None, refused_at=None) | Q(is_break_glass=True, seen_at=None),
                name="access_before_the_leads",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person"],
                condition=Q(ends_at=None, refused_at=None),
                name="access_one_waits",
                violation_error_message=_("You have asked for this already; a lead has it."),
            ),
            models.CheckConstraint(
                condition=Q(is_break_glass=True, ends_at__isnull=False, refused_at=None)
                | Q(is_break_glass=False, ends_at__isnull=False, decided_by__isnull=False, refused_at=None)
                | Q(is_break_glass=False, ends_at=None),
                name="access_opens_by_a_lead",
                violation_error_message=_("A case opens for somebody else when a lead says so, or by breaking the glass."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("person")),
                name="access_decided_by_another",
                violation_error_message=_("Nobody approves their own request."),
            ),
        ]

    class Privacy:
        fields = {
            "id": PrivacyClass.CLEAR,
            "case": PrivacyClass.CLEAR,
            "person": PrivacyClass.STAFF,
            "reason": PrivacyClass.SEALED,
            "is_break_glass": PrivacyClass.CLEAR,
            "asked_at": PrivacyClass.CLEAR,
            "decided_by": PrivacyClass.STAFF,
            "refused_at": PrivacyClass.CLEAR,
            "ends_at": PrivacyClass.CLEAR,
            "seen_at": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "UPDATE"))

    def __str__(self) -> str:
        return f"access request {self.id}"

    def seal_subject(self, compartment: Compartment) -> UUID:
        return self.case_id

    @property
    def is_waiting(self) -> bool:
        return self.ends_at is None and self.refused_at is None

    @property
    def is_open(self) -> bool:
        """Whether it opens the case at this moment."""
        return self.ends_at is not None and self.ends_at > timezone.now()
