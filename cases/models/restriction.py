"""Restriction: one case is hidden from one member of staff altogether."""

import uuid
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.states import HiddenWhy
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.fields import EncryptedJSONField
from rainbowrail.crypto.grants import Grants
from rainbowrail.privacy.classification import PrivacyClass

REASON_MAX_CHARS = 2_000


class Restriction(models.Model):
    """While it is not lifted, `person` cannot tell this case from one that does not exist, whatever their roles.

    `told` is sealed, for it says how somebody of staff is bound to a person who asked for help: {"why": one of HiddenWhy,
    "words": what was written}. `set_by` is `person` where somebody declared it of themselves; a lead then has it to see
    (`seen_at`). At most one in force for a case and a person.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="restrictions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    told = EncryptedJSONField(seal_id="restriction.told.v1", compartment=Compartment.CASEWORK)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-set_at", "id"]
        indexes = [
            models.Index(fields=["person", "case"], condition=Q(lifted_at=None), name="restriction_of_a_person"),
            models.Index(fields=["-set_at", "id"], condition=Q(seen_at=None), name="restriction_not_seen"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person"],
                condition=Q(lifted_at=None),
                name="restriction_once_a_person",
                violation_error_message=_("This case is hidden from this person already."),
            ),
            models.CheckConstraint(
                condition=Q(lifted_by=None, lifted_at=None) | Q(lifted_by__isnull=False, lifted_at__isnull=False),
                name="restriction_lifting_told_whole",
                violation_error_message=_("Who lifted it is kept together with when."),
            ),
        ]

    class Privacy:
        fields = {
            "id": PrivacyClass.CLEAR,
            "case": PrivacyClass.CLEAR,
            "person": PrivacyClass.STAFF,
            "told": PrivacyClass.SEALED,
            "set_by": PrivacyClass.STAFF,
            "set_at": PrivacyClass.CLEAR,
            "seen_at": PrivacyClass.CLEAR,
            "lifted_by": PrivacyClass.STAFF,
            "lifted_at": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "UPDATE"))

    def __str__(self) -> str:
        return f"restriction {self.id}"

    def seal_subject(self, compartment: Compartment) -> UUID:
        return self.case_id

    @property
    def is_own(self) -> bool:
        """Whether the person declared it of themselves."""
        return self.set_by_id == self.person_id

    @property
    def why(self) -> str:
        """Why, in words. Opens CASEWORK."""
        return str(HiddenWhy(self.told["why"]).label)

    @property
    def words(self) -> str:
        """What was written beside it. Opens CASEWORK."""
        return str(self.told["words"])
