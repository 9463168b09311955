"""CaseMove: the history of a case, one row a move, never changed."""

import uuid
from uuid import UUID

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.states import CaseState
from rainbowrail.actors import ActorKind
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.fields import EncryptedTextField
from rainbowrail.crypto.grants import Grants
from rainbowrail.privacy.classification import PrivacyClass

REASON_MAX_CHARS = 2_000


class CaseMove(models.Model):
    """Who moved the case from where to where, when and why. The reason is sealed: people write more than they mean to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="moves")
    name = models.CharField(max_length=24)
    left = models.CharField(max_length=12, choices=CaseState)
    entered = models.CharField(max_length=12, choices=CaseState)
    by_kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in ActorKind])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = EncryptedTextField(seal_id="case_move.reason.v1", compartment=Compartment.CASEWORK, max_chars=REASON_MAX_CHARS)
    moved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["moved_at", "id"]
        indexes = [models.Index(fields=["case", "moved_at"], name="case_move_of_case")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(by_kind=ActorKind.STAFF, by__isnull=False)
                | (~models.Q(by_kind=ActorKind.STAFF) & models.Q(by=None)),
                name="case_move_names_its_staff",
                violation_error_message=_("A move made by staff names the person; any other names nobody."),
            )
        ]
        triggers = [pgtrigger.Protect(name="case_move_is_never_changed", operation=pgtrigger.Update)]

    class Privacy:
        fields = {
            "id": PrivacyClass.CLEAR,
            "case": PrivacyClass.CLEAR,
            "name": PrivacyClass.CLEAR,
            "left": PrivacyClass.CLEAR,
            "entered": PrivacyClass.CLEAR,
            "by_kind": PrivacyClass.CLEAR,
            "by": PrivacyClass.STAFF,
            "reason": PrivacyClass.SEALED,
            "moved_at": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT"))

    def __str__(self) -> str:
        return f"{self.left} → {self.entered}"

    def seal_subject(self, compartment: Compartment) -> UUID:
        return self.case_id
