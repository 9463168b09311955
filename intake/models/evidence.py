"""Evidence: a file that a person sent, its sealed parts, and the clean copy made of it (docs/decisions/0045)."""

from __future__ import annotations

import uuid
from base64 import b64decode, b64encode
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q

from intake.models.help_request import HelpRequest
from intake.models.hours import this_hour
from intake.models.row_access import THIS_VISIT
from intake.states import CopyState
from rainbowrail.crypto import datakeys, files
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.errors import KeyMissing
from rainbowrail.crypto.fields import EncryptedJSONField
from rainbowrail.crypto.files import Part
from rainbowrail.crypto.grants import Grants, RowPolicy
from rainbowrail.privacy.classification import PrivacyClass

LIVE_SESSION = f"EXISTS (SELECT 1 FROM intake_visit WHERE {THIS_VISIT})"  # noqa: S608 - no input


class EvidencePart(models.Model):
    """One sealed part of a file. The public process inserts it while it reads, and never sees it again.

    No foreign key: the file's row is made by the worker later, and parts that no delivery ever names expire by themselves.
    Whether a part is the last stands in no column.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file_id = models.UUIDField(db_index=True, editable=False)
    number = models.PositiveIntegerField()
    sealed = models.BinaryField()
    received_hour = models.DateTimeField(default=this_hour, db_index=True)

    class Privacy:
        fields: ClassVar = {
            "id": PrivacyClass.CLEAR,
            "file_id": PrivacyClass.CLEAR,
            "number": PrivacyClass.CLEAR,
            "sealed": PrivacyClass.SEALED,
            "received_hour": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(public=("INSERT",), staff=("SELECT", "INSERT", "DELETE"))
        policies: ClassVar = [
            # Only a browser with a live session: somebody who typed a code, or has just sent a request.
            RowPolicy("send", "INSERT", using=None, check=LIVE_SESSION),
        ]

    def __str__(self) -> str:
        return f"evidence part {self.pk}"


def _evidence_key_of(person_id: UUID) -> datakeys.OpenKey:
    """Return the key that closes the keys of all this person's files; made when the worker receives their first file."""
    try:
        return datakeys.open_key(person_id, Compartment.EVIDENCE)
    except KeyMissing:
        return datakeys.create(person_id, Compartment.EVIDENCE)


class SealedFile(models.Model):
    """What a file and its clean copy share: a key of their own, and a sealed list of parts.

    `wrapped_key` is the file's key under the person's evidence key; emptied, the file is erased. Sealed columns open only
    after `hold_key`, in the same scope.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField(db_index=True, editable=False)
    key_id = models.UUIDField(editable=False)
    wrapped_key = models.BinaryField()

    class Meta:
        abstract = True

    about: Any
    parts: Any

    def seal_subject(self, compartment: Compartment) -> UUID:
        """The file is its own subject: its columns are sealed under the file's key, not under the person's."""
        return self.id

    def give_key(self) -> None:
        """Make the file's key, wrap it under the person's evidence key (made now for a first file), and hold it."""
        key = files.new_file_key(self.id)
        self.key_id = key.id
        self.wrapped_key = files.wrap_file_key(key, under=_evidence_key_of(self.person_id))
        datakeys.hold(key)

    def hold_key(self) -> None:
        """Open the file's key into this scope. Raises KeyMissing when the person was erased, OpenFailed when the file was."""
        wrapped = bytes(self.wrapped_key)
        under = datakeys.open_by_id(files.wrapping_key_id(wrapped))
        datakeys.hold(files.unwrap_file_key(wrapped, key_id=self.key_id, file_id=self.id, under=under))

    @property
    def list_of_parts(self) -> list[Part]:
        """Return the parts in order, with the keys that open them. Opens EVIDENCE."""
        parts = [Part(UUID(kept[0]), kept[1], kept[2], b64decode(kept[3], validate=True)) for kept in self.parts]
        return sorted(parts, key=lambda part: part.number)

    @list_of_parts.setter
    def list_of_parts(self, parts: list[Part]) -> None:
        self.parts = [[str(part.id), part.number, part.ending, b64encode(part.key).decode()] for part in parts]


class Evidence(SealedFile):
    """One file as the person sent it: whole when `whole_hour` is set; before that it is shown to nobody.

    `about`: {"name", "kind" (FileKind), "declared" (what the browser called it), "length" in bytes, "no_copy" (a Reason, when
    no clean copy can be made)}. `copy` says how far the clean copy is; what came out of it is sealed.
    """

    help_request = models.ForeignKey(HelpRequest, models.CASCADE, related_name="evidence")
    received_hour = models.DateTimeField(default=this_hour)
    whole_hour = models.DateTimeField(null=True)
    about = EncryptedJSONField(seal_id="evidence.about.v1", compartment=Compartment.EVIDENCE)
    parts = EncryptedJSONField(seal_id="evidence.parts.v1", compartment=Compartment.EVIDENCE)
    copy = models.CharField(max_length=12, choices=CopyState, default=CopyState.WAITING)
    copy_tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "evidence"
        ordering: ClassVar = ["whole_hour", "id"]
        indexes: ClassVar = [
            models.Index(fields=["received_hour"], condition=Q(whole_hour=None), name="evidence_arriving"),
            models.Index(fields=["whole_hour"], condition=Q(copy="waiting"), name="evidence_copy_waiting"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(copy__in=CopyState.values), name="evidence_copy_state_known"),
        ]

    class Privacy:
        fields: ClassVar = {
            "id": PrivacyClass.CLEAR,
            "help_request": PrivacyClass.CLEAR,
            "person_id": PrivacyClass.CLEAR,
            "key_id": PrivacyClass.CLEAR,
            "wrapped_key": PrivacyClass.KEY,
            "received_hour": PrivacyClass.CLEAR,
            "whole_hour": PrivacyClass.CLEAR,
            "about": PrivacyClass.SEALED,
            "parts": PrivacyClass.SEALED,
            "copy": PrivacyClass.CLEAR,
            "copy_tries": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(public=(), staff=("SELECT", "INSERT", "UPDATE", "DELETE"))

    def __str__(self) -> str:
        return f"evidence {self.pk}"


class CleanCopy(SealedFile):
    """A copy without metadata, made by the limited process: the only form in which staff see a file on a page.

    `about`: {"kind" (FileKind), "length" in bytes}.
    """

    evidence = models.OneToOneField(Evidence, models.CASCADE, related_name="clean_copy")
    made_hour = models.DateTimeField(default=this_hour)
    about = EncryptedJSONField(seal_id="clean_copy.about.v1", compartment=Compartment.EVIDENCE)
    parts = EncryptedJSONField(seal_id="clean_copy.parts.v1", compartment=Compartment.EVIDENCE)

    class Meta:
        verbose_name_plural = "clean copies"

    class Privacy:
        fields: ClassVar = {
            "id": PrivacyClass.CLEAR,
            "evidence": PrivacyClass.CLEAR,
            "person_id": PrivacyClass.CLEAR,
            "key_id": PrivacyClass.CLEAR,
            "wrapped_key": PrivacyClass.KEY,
            "made_hour": PrivacyClass.CLEAR,
            "about": PrivacyClass.SEALED,
            "parts": PrivacyClass.SEALED,
        }

    class Access:
        grants = Grants(public=(), staff=("SELECT", "INSERT", "DELETE"))

    def __str__(self) -> str:
        return f"clean copy {self.pk}"
