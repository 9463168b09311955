"""ErasurePlan: when a closed case is shredded, why then, and that it was; Postponement: who put it off, and why."""

import uuid
from uuid import UUID

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.states import ErasureWhy
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.fields import EncryptedTextField
from rainbowrail.crypto.grants import Grants
from rainbowrail.privacy.classification import PrivacyClass

REASON_MAX_CHARS = 2_000


class ErasurePlan(models.Model):
    """At most one a case, from its closing on. `policy` is the version that `due_on` was reckoned by; a newer one reckons anew.

    With `erased_on` nothing sealed of the case opens any more, and what is clear stays to be counted. A case that is reopened
    has no plan.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="erasure")
    due_on = models.DateField()
    why = models.CharField(max_length=10, choices=ErasureWhy)
    policy = models.CharField(max_length=24)
    erased_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["due_on", "id"], condition=Q(erased_on=None), name="erasure_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(why__in=ErasureWhy.values),
                name="erasure_why_known",
                violation_error_message=_("This is no reason for which a case is shredded."),
            ),
        ]
        triggers = [
            # What was erased stays erased: the row can be neither changed nor taken away.
            pgtrigger.Protect(
                name="erased_stays_erased",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__erased_on__isnull=False),
            )
        ]

    class Privacy:
        fields = {
            "id": PrivacyClass.CLEAR,
            "case": PrivacyClass.CLEAR,
            "due_on": PrivacyClass.CLEAR,
            "why": PrivacyClass.CLEAR,
            "policy": PrivacyClass.CLEAR,
            "erased_on": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "UPDATE", "DELETE"))

    def __str__(self) -> str:
        return f"{self.get_why_display()}: {self.due_on}"

    @property
    def is_done(self) -> bool:
        return self.erased_on is not None


class Postponement(models.Model):
    """A lead recorded a danger to life that forbids the erasure until a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="postponements")
    until = models.DateField()
    reason = EncryptedTextField(seal_id="postponement.reason.v1", compartment=Compartment.CASEWORK, max_chars=REASON_MAX_CHARS)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-made_at", "id"]
        triggers = [pgtrigger.Protect(name="postponement_is_never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]

    class Privacy:
        fields = {
            "id": PrivacyClass.CLEAR,
            "case": PrivacyClass.CLEAR,
            "until": PrivacyClass.CLEAR,
            "reason": PrivacyClass.SEALED,
            "by": PrivacyClass.STAFF,
            "made_at": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT"))

    def __str__(self) -> str:
        return f"postponed until {self.until}"

    def seal_subject(self, compartment: Compartment) -> UUID:
        return self.case_id
