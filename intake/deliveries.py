"""Writes a delivery: the one way in which anything an applicant does reaches staff. Safe for the public process.

Boxes tell nothing by their size: the kind takes the same room whatever it is, and what is short is filled up.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from intake.models import Delivery
from intake.opened import OpenVisit
from intake.states import DeliveryKind
from rainbowrail.crypto import boxes

# Room for the longest kind; `intake.drain` takes the spaces away.
KIND_ROOM = 16
SHORTEST_PAYLOAD = 1024


def deliver(kind: DeliveryKind, content: Mapping[str, Any], *, subject_id: UUID, sequence: int) -> None:
    """Write one delivery: the kind and the content are inside the box, which only the worker opens."""
    delivery_id = uuid4()
    said = json.dumps({"kind": f"{kind:<{KIND_ROOM}}", **content}, ensure_ascii=False)
    payload = said.encode().ljust(SHORTEST_PAYLOAD)

    def write(key_id: str, box: bytes) -> None:
        row = Delivery(id=delivery_id, subject_id=subject_id, sequence=sequence, intake_key_id=key_id, box=box)
        row.save(force_insert=True)

    boxes.write_box(payload, write, delivery_id=delivery_id, subject_id=subject_id, sequence=sequence)


def send(visit: OpenVisit, kind: DeliveryKind, content: Mapping[str, Any] | None = None) -> None:
    """Send something from a session, and count it there; saving the session is the caller's.

    **Whatever is sent from a page that a second code opened is a DURESS delivery of the same size**, and changes nothing.
    Every action of a session goes through here for that reason.
    """
    visit.sequence += 1
    said = {"request": str(visit.help_request_id), "audience": str(visit.audience), **(content or {})}
    kind = DeliveryKind.DURESS if visit.duress else kind
    deliver(kind, said, subject_id=visit.person_id, sequence=visit.sequence)
