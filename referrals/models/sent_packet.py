"""SentPacket: the sealed copy and fingerprint of exactly what was disclosed."""

import base64
import uuid
from uuid import UUID

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.fields import EncryptedJSONField, EncryptedTextField
from rainbowrail.crypto.grants import Grants
from rainbowrail.crypto.recipients.base import EXTENSIONS, RecipientKind
from rainbowrail.privacy.classification import PrivacyClass
from referrals.models.recipient import Recipient
from referrals.models.referral import Referral
from referrals.states import HandedOver

FILE_MAX_BYTES = 20 * 1024 * 1024
WHAT_WAS_BUILT = ["referral", "recipient", "version", "sha256", "manifest_sha256", "size", "made_at"]
# Our copy: as it was built, or empty for good.
OUR_COPY = ["sealed_file", "contents"]
EMPTY_BYTES = 256


class SentPacket(models.Model):
    """One file made for one official, and what became of it.

    `sealed_file` is the file as text (Base64), closed once more under the person's identity key, so that destroying that
    key destroys our copy too. `contents` is the machine copy, for staff who must know later what was told. Both hashes are
    SHA-256 in hex: of the file, and of the signed manifest inside it. `size` is bytes of the file. `office_number` is
    the office's own number for the case. After its days our copy is emptied (`emptied_on`); hashes and receipts stay.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="packets")
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="packets")
    version = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    manifest_sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=timezone.now)
    sealed_file = EncryptedTextField(
        seal_id="sent_packet.sealed_file.v1", compartment=Compartment.IDENTITY, max_chars=FILE_MAX_BYTES * 4 // 3 + 4
    )
    contents = EncryptedJSONField(seal_id="sent_packet.contents.v1", compartment=Compartment.IDENTITY)
    handed_over_on = models.DateField(null=True, blank=True)
    handed_over_how = models.CharField(max_length=12, choices=HandedOver, blank=True, default="")
    handed_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    acknowledged_on = models.DateField(null=True, blank=True)
    office_number = EncryptedTextField(seal_id="sent_packet.office_number.v1", compartment=Compartment.IDENTITY, max_chars=80)

    empty_on = models.DateField(null=True, blank=True)
    emptied_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(handed_over_on=None, handed_over_how="", handed_over_by=None)
                | Q(handed_over_on__isnull=False, handed_over_how__in=HandedOver.values, handed_over_by__isnull=False),
                name="packet_handed_over_told_whole",
                violation_error_message=_("A file that was handed over says when, how and by whom."),
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_on=None)
                | Q(handed_over_on__isnull=False, acknowledged_on__gte=models.F("handed_over_on")),
                name="packet_acknowledged_after_hand_over",
                violation_error_message=_("A receipt is confirmed on or after the day the file was handed over."),
            ),
        ]
        indexes = [models.Index(fields=["empty_on", "id"], condition=Q(emptied_on=None), name="packet_copy_due")]
        triggers = [
            pgtrigger.ReadOnly(name="packet_keeps_what_was_built", fields=WHAT_WAS_BUILT),
            # The one change that a copy allows: both columns short, the day written, once.
            pgtrigger.Protect(
                name="packet_copy_is_only_emptied",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "((OLD.sealed_file IS DISTINCT FROM NEW.sealed_file OR OLD.contents IS DISTINCT FROM NEW.contents"
                    " OR OLD.emptied_on IS DISTINCT FROM NEW.emptied_on) AND NOT (OLD.emptied_on IS NULL AND NEW.emptied_on"
                    f" IS NOT NULL AND octet_length(NEW.sealed_file) < {EMPTY_BYTES}"
                    f" AND octet_length(NEW.contents) < {EMPTY_BYTES}))"
                ),
            ),
        ]

    class Privacy:
        fields = {
            "id": PrivacyClass.CLEAR,
            "referral": PrivacyClass.CLEAR,
            "recipient": PrivacyClass.CLEAR,
            "version": PrivacyClass.CLEAR,
            "sha256": PrivacyClass.LOOKUP,
            "manifest_sha256": PrivacyClass.LOOKUP,
            "size": PrivacyClass.CLEAR,
            "made_at": PrivacyClass.CLEAR,
            "sealed_file": PrivacyClass.SEALED,
            "contents": PrivacyClass.SEALED,
            "handed_over_on": PrivacyClass.CLEAR,
            "handed_over_how": PrivacyClass.CLEAR,
            "handed_over_by": PrivacyClass.STAFF,
            "acknowledged_on": PrivacyClass.CLEAR,
            "office_number": PrivacyClass.SEALED,
            "empty_on": PrivacyClass.CLEAR,
            "emptied_on": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "UPDATE"))

    def __str__(self) -> str:
        return self.file_name

    def seal_subject(self, compartment: Compartment) -> UUID:
        return self.referral.person_id

    @property
    def file_name(self) -> str:
        """What the browser calls it: a number, a version, and how it opens."""
        return f"{self.referral.packet_id}-{self.version}{EXTENSIONS[RecipientKind(self.recipient.kind)]}"

    def file_bytes(self) -> bytes:
        """Return the sealed file. Opens IDENTITY."""
        return base64.b64decode(self.sealed_file, validate=True)
