"""The keys as the database knows them: which exist, which still count, and each data key closed under the store key.

No row here opens anything: public halves, fingerprints and wraps. Foreign keys from every box and wrap to the key that closes
it make the database refuse to forget a key that something still needs (docs/decisions/0013). The privacy classes stand here
as words, since `rainbowrail.privacy` is built on this package and not the other way round.
"""

import uuid
from typing import ClassVar

from django.db import models

from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.grants import Grants


class IntakeKey(models.Model):
    """A pair to which applicants' processes seal; here only the public half. It closes new boxes while `retired_on` is
    empty."""

    id = models.CharField(primary_key=True, max_length=24)
    public_key = models.BinaryField()
    fingerprint = models.CharField(max_length=64, unique=True)
    created_on = models.DateField()
    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(fingerprint__regex=r"^[0-9a-f]{64}$"), name="intake_key_fingerprint_is_sha256"
            ),
        ]

    class Privacy:
        fields: ClassVar = {
            "id": "clear",
            "public_key": "key",
            "fingerprint": "clear",
            "created_on": "clear",
            "retired_on": "clear",
        }

    class Access:
        # The worker turns the pair each week; a row that somebody slips in is pinned by nobody (docs/decisions/0016).
        grants = Grants(public=("SELECT",), staff=("SELECT", "INSERT", "UPDATE", "DELETE"))
        open_because = "Public halves and dates: whoever seals must see which pair counts, and nothing here is about a person."

    def __str__(self) -> str:
        return f"intake key {self.id}"


class StoreKey(models.Model):
    """The key that wraps data keys at rest; here only its number and fingerprint. It closes new wraps while `retired_on` is
    empty."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    fingerprint = models.CharField(max_length=64, unique=True)
    created_on = models.DateField()
    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(fingerprint__regex=r"^[0-9a-f]{64}$"), name="store_key_fingerprint_is_sha256"
            ),
        ]

    class Privacy:
        fields: ClassVar = {
            "id": "clear",
            "fingerprint": "clear",
            "created_on": "clear",
            "retired_on": "clear",
        }

    class Access:
        grants = Grants(staff=("SELECT",))

    def __str__(self) -> str:
        return f"store key {self.id}"


class DestroyedKey(models.Model):
    """A key that was destroyed: its row went first, then its files. It is never registered again."""

    fingerprint = models.CharField(primary_key=True, max_length=64)
    kind = models.CharField(max_length=12)
    number = models.CharField(max_length=24)
    destroyed_on = models.DateField()

    class Privacy:
        fields: ClassVar = {
            "fingerprint": "clear",
            "kind": "clear",
            "number": "clear",
            "destroyed_on": "clear",
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT"))

    def __str__(self) -> str:
        return f"{self.kind} key {self.number}, destroyed"


class DataKey(models.Model):
    """The key of one compartment of one subject, closed under the store key. Deleting the row erases what it closes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject_id = models.UUIDField()
    compartment = models.CharField(
        max_length=12, choices=[(compartment.value, compartment.value) for compartment in Compartment]
    )
    version = models.PositiveSmallIntegerField(default=1)
    store_key = models.ForeignKey(StoreKey, on_delete=models.PROTECT, related_name="data_keys")
    wrapped = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject_id", "compartment", "version"], name="one_data_key_per_version"),
            models.CheckConstraint(
                condition=models.Q(compartment__in=[c.value for c in Compartment]), name="data_key_compartment_is_known"
            ),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="data_key_versions_begin_at_1"),
        ]

    class Privacy:
        fields: ClassVar = {
            "id": "clear",
            "subject_id": "clear",
            "compartment": "clear",
            "version": "clear",
            "store_key": "clear",
            "wrapped": "key",
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "UPDATE", "DELETE"))

    def __str__(self) -> str:
        return f"data key {self.id}"
