"""Worker only: what a delivery says about a file becomes a row that staff can see, once the file is whole.

A file may come in several deliveries, in any order and partly twice. Each part is opened and checked when its delivery is; a
file that never gets its last part is shown to nobody and expires (`retention`).
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from intake.audit_verbs import IntakeVerb
from intake.models import Delivery, Evidence, HelpRequest
from intake.models.hours import this_hour
from intake.part_store import store
from intake.signals import evidence_received
from rainbowrail.actors import APPLICANT
from rainbowrail.audit.record import record
from rainbowrail.crypto.file_kinds import FileKind
from rainbowrail.crypto.files import Part, is_whole, open_file, open_part
from rainbowrail.web import logs


class BadFile(Exception):
    """What a delivery says about a file is not what ours says, or does not fit the parts that are there."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def take_file(delivery: Delivery, request: HelpRequest, content: Mapping[str, Any]) -> Evidence:
    """Add the parts of this delivery to their file; tell the world when it is whole. In the drain's transaction.

    Safe to run twice. Raises BadFile, and OpenFailed for parts that do not open.
    """
    told = _Told.of(content)
    evidence = _row_of(told.file_id, request, delivery)
    known = {part.number: part for part in evidence.list_of_parts}
    doubles = [part for part in told.parts if part.number in known and part.id != known[part.number].id]
    fresh = [part for part in told.parts if part.number not in known]
    for part in fresh:
        open_part(store().read(part.id), file_id=evidence.id, part=part)
    store().forget([part.id for part in doubles])
    if evidence.whole_hour is not None:
        return evidence
    evidence.list_of_parts = sorted([*known.values(), *fresh], key=lambda part: part.number)
    evidence.about = _more_known(evidence.about, told.about)
    if is_whole(evidence.list_of_parts):
        _check_length(evidence)
        evidence.whole_hour = this_hour()
    evidence.save()
    if evidence.whole_hour is not None:
        _tell(evidence)
    return evidence


class _Told:
    """A delivery's words about a file, read strictly."""

    def __init__(self, file_id: UUID, parts: list[Part], about: dict[str, Any]) -> None:
        self.file_id, self.parts, self.about = file_id, parts, about

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> _Told:
        try:
            key = b64decode(content["key"], validate=True)
            parts = [Part(UUID(kept[0]), int(kept[1]), kept[2], key) for kept in content["parts"]]
            length = content["length"]
            about = {
                "name": str(content["name"]),
                "declared": str(content["declared"]),
                "kind": FileKind(content["file_kind"]).value if content["file_kind"] else "",
                "length": None if length is None else int(length),
            }
            file_id = UUID(str(content["file"]))
        except (ValueError, KeyError, TypeError, IndexError):
            parts = []
        if not parts or len({part.number for part in parts}) != len(parts):
            raise BadFile("unreadable_content")
        return cls(file_id, parts, about)


def _row_of(file_id: UUID, request: HelpRequest, delivery: Delivery) -> Evidence:
    evidence = Evidence.objects.select_for_update().filter(id=file_id).first()
    if evidence is not None:
        if (evidence.person_id, evidence.help_request_id) != (delivery.subject_id, request.id):
            raise BadFile("file_of_another")
        evidence.hold_key()
        return evidence
    evidence = Evidence(
        id=file_id,
        help_request=request,
        person_id=delivery.subject_id,
        received_hour=delivery.received_hour,
        about={},
        parts=[],
    )
    evidence.give_key()
    evidence.save(force_insert=True)
    return evidence


def _more_known(known: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """The first piece tells the kind, the last one the length; what is known stays."""
    return told | {name: value for name, value in known.items() if value}


def _check_length(evidence: Evidence) -> None:
    """Open the file once from end to end as a reader would, up to its first byte."""
    try:
        open_file(evidence.list_of_parts, store().read, file_id=evidence.id, length=int(evidence.about["length"] or 0))
    except (KeyError, TypeError):
        raise BadFile("no_length") from None
    if not evidence.about.get("kind"):
        raise BadFile("no_kind")


def _tell(evidence: Evidence) -> None:
    record(IntakeVerb.FILE_SENT, by=APPLICANT, on=evidence.help_request)
    evidence_received.send(sender=Evidence, evidence=evidence)
    transaction.on_commit(partial(_ask_for_copy, evidence.id))


def _ask_for_copy(evidence_id: UUID) -> None:
    """Ask for the clean copy now. With the broker away the sweep asks again within a minute."""
    from intake.tasks import make_clean  # tasks import the drain; the arrow points here only at run time

    try:
        make_clean.apply_async((str(evidence_id),), retry=False)
    except Exception as error:  # whatever the broker's client raises
        logs.failure("broker_away", error, about_id=evidence_id)
