"""The blind index: one row a person, and the numbers that too many share (docs/decisions/0070)."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from rainbowrail.crypto.grants import Grants
from rainbowrail.privacy.classification import PrivacyClass


class IndexEntry(models.Model):
    """Numbers by which staff find a person again. `intake.finding` writes and reads it; nothing else does.

    `alias` stands for the person id and cannot be joined to it without the index key; so there is no foreign key either, and
    erasing a person deletes the row by name (`finding.forget_person`). `exact`: e-mail, phone, document, partner code, all in
    one set, so that the row does not say which. `names`: pieces of names. Both ascending, and filled up with numbers that mean
    nothing.
    """

    alias = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.PositiveSmallIntegerField()
    exact = ArrayField(models.IntegerField())
    names = ArrayField(models.IntegerField())

    class Meta:
        verbose_name_plural = "index entries"
        indexes: ClassVar = [
            GinIndex(fields=["exact"], name="index_entry_exact"),
            GinIndex(fields=["names"], name="index_entry_names"),
            models.Index(fields=["key", "alias"], name="index_entry_of_key"),
        ]

    class Privacy:
        fields: ClassVar = {
            "alias": PrivacyClass.LOOKUP,
            "key": PrivacyClass.CLEAR,
            "exact": PrivacyClass.LOOKUP,
            "names": PrivacyClass.LOOKUP,
        }

    class Access:
        grants = Grants(public=(), staff=("SELECT", "INSERT", "UPDATE", "DELETE"))

    def __str__(self) -> str:
        return f"index entry {self.pk}"


class CommonNumber(models.Model):
    """A number that more rows shared than may; no row holds it any more, under this key."""

    id = models.BigAutoField(primary_key=True)
    key = models.PositiveSmallIntegerField()
    of = models.CharField(max_length=5, choices=[("exact", "exact"), ("names", "names")])
    number = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "of", "number"], name="a_common_number_is_listed_once"),
            models.CheckConstraint(condition=models.Q(of__in=["exact", "names"]), name="a_common_number_is_exact_or_a_name"),
        ]

    class Privacy:
        fields: ClassVar = {
            "id": PrivacyClass.CLEAR,
            "key": PrivacyClass.CLEAR,
            "of": PrivacyClass.CLEAR,
            "number": PrivacyClass.LOOKUP,
        }

    class Access:
        grants = Grants(public=(), staff=("SELECT", "INSERT", "DELETE"))

    def __str__(self) -> str:
        return f"common number {self.pk}"
