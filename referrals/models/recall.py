"""RecallNotice: an office that has a file is asked to destroy it; docs/decisions/0065."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rainbowrail.crypto.grants import Grants
from rainbowrail.privacy.classification import PrivacyClass
from referrals.models.sent_packet import SentPacket
from referrals.queries import RecallQuerySet
from referrals.states import HandedOver


class RecallNotice(models.Model):
    """One file that was handed over, and how far its recall is: to be sent, sent (`told_…`), destroyed as the office confirms.

    Names the file and never why. What the notice says is drawn from the packet's row.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    packet = models.OneToOneField(SentPacket, on_delete=models.PROTECT, related_name="recall")
    made_at = models.DateTimeField(default=timezone.now)
    told_on = models.DateField(null=True, blank=True)
    told_how = models.CharField(max_length=12, choices=HandedOver, blank=True, default="")
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    confirmed_on = models.DateField(null=True, blank=True)

    objects = RecallQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "id"]
        indexes = [models.Index(fields=["made_at", "id"], condition=Q(confirmed_on=None), name="recall_waits")]
        constraints = [
            models.CheckConstraint(
                condition=Q(told_on=None, told_how="", told_by=None)
                | Q(told_on__isnull=False, told_how__in=HandedOver.values, told_by__isnull=False),
                name="recall_told_whole",
                violation_error_message=_("A recall that was sent says when, how and by whom."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_on=None) | Q(told_on__isnull=False, confirmed_on__gte=F("told_on")),
                name="recall_confirmed_after_it_was_told",
                violation_error_message=_("An office confirms on or after the day it was told."),
            ),
        ]

    class Privacy:
        fields = {
            "id": PrivacyClass.CLEAR,
            "packet": PrivacyClass.CLEAR,
            "made_at": PrivacyClass.CLEAR,
            "told_on": PrivacyClass.CLEAR,
            "told_how": PrivacyClass.CLEAR,
            "told_by": PrivacyClass.STAFF,
            "confirmed_on": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "UPDATE"))

    def __str__(self) -> str:
        return f"recall of {self.packet_id}"
