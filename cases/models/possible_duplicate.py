"""PossibleDuplicate: two cases that may be one person's. Nothing is ever merged by itself."""

import uuid
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.queries import PossibleDuplicateQuerySet
from cases.states import Verdict
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.fields import EncryptedJSONField
from rainbowrail.crypto.grants import Grants
from rainbowrail.privacy.classification import PrivacyClass


class PossibleDuplicate(models.Model):
    """One row a pair, however often it is found; `case` is the one with the smaller id. `reasons`: codes of SameReason."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    reasons = EncryptedJSONField(seal_id="possible_duplicate.reasons.v1", compartment=Compartment.CASEWORK)
    found_on = models.DateField(default=timezone.localdate)
    verdict = models.CharField(max_length=9, choices=Verdict, default=Verdict.OPEN)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(null=True, blank=True)

    objects = PossibleDuplicateQuerySet.as_manager()

    class Meta:
        ordering = ["found_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "other"], name="duplicate_pair_once"),
            models.CheckConstraint(
                condition=Q(case__lt=F("other")),
                name="duplicate_pair_in_order",
                violation_error_message=_("A pair of cases is two cases, the smaller id first."),
            ),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.OPEN, judged_by=None, judged_at=None)
                | Q(verdict__in=[Verdict.SAME, Verdict.DIFFERENT], judged_by__isnull=False, judged_at__isnull=False),
                name="duplicate_judged_whole",
                violation_error_message=_("A verdict says who gave it and when."),
            ),
        ]

    class Privacy:
        fields = {
            "id": PrivacyClass.CLEAR,
            "case": PrivacyClass.CLEAR,
            "other": PrivacyClass.CLEAR,
            "reasons": PrivacyClass.SEALED,
            "found_on": PrivacyClass.CLEAR,
            "verdict": PrivacyClass.CLEAR,
            "judged_by": PrivacyClass.STAFF,
            "judged_at": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "UPDATE", "DELETE"))

    def __str__(self) -> str:
        return f"possible duplicate {self.id}"

    def seal_subject(self, compartment: Compartment) -> UUID:
        return self.case_id

    def beside(self, case: Case) -> Case:
        """Return the other one of the pair."""
        return self.other if self.case_id == case.pk else self.case
