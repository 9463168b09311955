"""A table with a sealed column of each kind, for tests; it stands in its own registry, so that no other test meets it."""

import uuid
from typing import ClassVar

from django.apps.registry import Apps
from django.db import models

from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.fields import EncryptedDateField, EncryptedJSONField, EncryptedTextField

registry = Apps(["rainbowrail.crypto"])


class Entry(models.Model):
    """One entry of somebody's diary. The two STORY columns show that a value cannot move between columns of one key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField()
    title = models.CharField(max_length=40, default="")
    words = EncryptedTextField(seal_id="test_entry.words.v1", compartment=Compartment.STORY, max_chars=2000, default="")
    facts = EncryptedJSONField(seal_id="test_entry.facts.v1", compartment=Compartment.STORY, default=None)
    born_on = EncryptedDateField(seal_id="test_entry.born_on.v1", compartment=Compartment.IDENTITY, default=None)

    class Meta:
        apps = registry
        app_label = "crypto"
        db_table = "test_entry"
        ordering: ClassVar = ["title", "id"]

    def __str__(self) -> str:
        return f"entry {self.pk}"

    def seal_subject(self, compartment: Compartment) -> uuid.UUID:
        return self.person_id
