"""Where sealed parts are kept: rows of the database unless `settings.EVIDENCE_STORE` names another place.

Whoever keeps parts sees sealed bytes and random names. A store for S3-compatible storage takes these four verbs; nothing else
of the system knows where parts are.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Protocol, cast
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from intake.models import EvidencePart
from rainbowrail.crypto.errors import OpenFailed


class PartStore(Protocol):
    def keep(self, file_id: UUID, part_id: UUID, number: int, sealed: bytes) -> None:
        """Store a part for good. The public process may do this and nothing else."""

    def read(self, part_id: UUID) -> bytes:
        """Return a sealed part. Raises OpenFailed when it is not there."""

    def forget(self, part_ids: Collection[UUID]) -> int:
        """Delete these parts; return how many there were."""

    def forget_files(self, file_ids: Collection[UUID]) -> int:
        """Delete all parts of these files; return how many there were."""


class DatabaseParts:
    """Parts as rows. Inserting needs the visitor of this transaction to be set (`grants.set_visitor`)."""

    def keep(self, file_id: UUID, part_id: UUID, number: int, sealed: bytes) -> None:
        EvidencePart(id=part_id, file_id=file_id, number=number, sealed=sealed).save(force_insert=True)

    def read(self, part_id: UUID) -> bytes:
        sealed = EvidencePart.objects.filter(id=part_id).values_list("sealed", flat=True).first()
        if sealed is None:
            raise OpenFailed("A part of a file is not there.")
        return bytes(sealed)

    def forget(self, part_ids: Collection[UUID]) -> int:
        return EvidencePart.objects.filter(id__in=part_ids).delete()[0]

    def forget_files(self, file_ids: Collection[UUID]) -> int:
        return EvidencePart.objects.filter(file_id__in=file_ids).delete()[0]


@cache
def store() -> PartStore:
    """Return this process's store."""
    return cast("PartStore", import_string(settings.EVIDENCE_STORE)())
