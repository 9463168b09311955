"""What the holder of a return code, or of a visit cookie, may do. Staff permissions live in `cases`."""

from __future__ import annotations

from intake.models import Message
from intake.states import MessageKind


def can_answer(message: Message) -> bool:
    """A question may be answered, more than once; a message needs none."""
    return message.kind == MessageKind.QUESTION
