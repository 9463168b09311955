"""PacketPassphrase: what opens an archive for an office without a key, until the officer has taken it to the telephone."""

import uuid
from datetime import timedelta
from uuid import UUID

from django.db import models

from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.fields import EncryptedTextField
from rainbowrail.crypto.grants import Grants
from rainbowrail.privacy.classification import PrivacyClass
from referrals.models.sent_packet import SentPacket
from referrals.queries import PacketPassphraseQuerySet

PASSPHRASE_MAX_CHARS = 40
KEPT_FOR = timedelta(days=7)


class PacketPassphrase(models.Model):
    """The passphrase of one archive, sealed. The row goes when it is shown, when the file is void, or after KEPT_FOR."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    packet = models.OneToOneField(SentPacket, on_delete=models.PROTECT, related_name="waiting_passphrase")
    passphrase = EncryptedTextField(
        seal_id="packet_passphrase.passphrase.v1", compartment=Compartment.IDENTITY, max_chars=PASSPHRASE_MAX_CHARS
    )

    objects = PacketPassphraseQuerySet.as_manager()

    class Privacy:
        fields = {"id": PrivacyClass.CLEAR, "packet": PrivacyClass.CLEAR, "passphrase": PrivacyClass.SEALED}

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "DELETE"))

    def __str__(self) -> str:
        return f"passphrase of {self.packet_id}"

    def seal_subject(self, compartment: Compartment) -> UUID:
        return self.packet.referral.person_id
