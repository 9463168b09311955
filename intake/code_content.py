"""What a return code opens: the bytes inside a code row, of one length whatever they say (docs/decisions/0046). Pure."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from intake.states import Audience

# Longer than any content can be: every row is padded to it, so that no row tells by its size what it opens.
CONTENT_BYTES = 640


@dataclass(frozen=True, slots=True)
class CodeContent:
    """`conversation` is a data key as `intake.opened.key_as` writes it; with `duress` it is one that opens nothing.

    `must_change`: made by staff, to be changed at first use. `second_set`: the person has set a second code. `since`: the day
    that a page opened under duress shows, ISO, or empty.
    """

    help_request_id: UUID
    person_id: UUID
    conversation: dict[str, Any] = field(repr=False)
    audience: Audience = Audience.PERSON
    duress: bool = False
    must_change: bool = False
    second_set: bool = False
    since: str = ""

    def as_bytes(self) -> bytes:
        """Return the content as JSON, filled up with spaces to CONTENT_BYTES. Raises ValueError when it does not fit."""
        text = json.dumps(asdict(self), default=str).encode()
        if len(text) > CONTENT_BYTES:
            raise ValueError("The content of a return code is longer than its row.")
        return text.ljust(CONTENT_BYTES)

    @classmethod
    def from_bytes(cls, text: bytes) -> CodeContent:
        """Return what `as_bytes` wrote."""
        kept = json.loads(text)
        kept |= {name: UUID(kept[name]) for name in ("help_request_id", "person_id")}
        return cls(**kept | {"audience": Audience(kept["audience"])})
