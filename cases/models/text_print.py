"""TextPrint: keyed numbers of a text of the last days, by which nearly the same text is recognised. About nobody."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from rainbowrail.crypto.grants import Grants
from rainbowrail.privacy.classification import PrivacyClass


class TextPrint(models.Model):
    """`numbers`: see rainbowrail.crypto.blind_index.text_numbers. The row names no case and no person, and goes on `until`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.PositiveSmallIntegerField()
    numbers = ArrayField(models.IntegerField())
    until = models.DateField(db_index=True)

    class Meta:
        indexes = [GinIndex(fields=["numbers"], name="text_print_numbers")]

    class Privacy:
        fields = {
            "id": PrivacyClass.CLEAR,
            "key": PrivacyClass.CLEAR,
            "numbers": PrivacyClass.LOOKUP,
            "until": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "DELETE"))

    def __str__(self) -> str:
        return f"text print {self.id}"
