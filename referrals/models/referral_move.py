"""ReferralMove: the history of a referral, one row a move, never changed."""

import uuid
from uuid import UUID

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone

from rainbowrail.actors import ActorKind
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.fields import EncryptedTextField
from rainbowrail.crypto.grants import Grants
from rainbowrail.privacy.classification import PrivacyClass
from referrals.models.referral import Referral
from referrals.states import ReferralState

REASON_MAX_CHARS = 2000


class ReferralMove(models.Model):
    """Who moved the referral from which stage to which, when and why.

    The reason is sealed, for people write more than they mean to.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="moves")
    name = models.CharField(max_length=24)
    left = models.CharField(max_length=12, choices=ReferralState)
    entered = models.CharField(max_length=12, choices=ReferralState)
    by_kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in ActorKind])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = EncryptedTextField(seal_id="referral_move.reason.v1", compartment=Compartment.CASEWORK, max_chars=REASON_MAX_CHARS)
    moved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["moved_at", "id"]
        indexes = [models.Index(fields=["referral", "moved_at"], name="referral_move_of_referral")]
        triggers = [pgtrigger.Protect(name="referral_move_is_never_changed", operation=pgtrigger.Update)]

    class Privacy:
        fields = {
            "id": PrivacyClass.CLEAR,
            "referral": PrivacyClass.CLEAR,
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
        return self.referral.case_id
