"""Waiting one's turn while a flood is on: solve the puzzle, or come back after some minutes. Nobody is refused.

When a draft's waiting began is kept inside its sealed answers, where no script and no second browser changes it. It is kept
when the flood ends and begins again: whoever has waited has waited.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from intake import flood, puzzle
from intake.opened import OpenDraft

WAIT_SECONDS = 5 * 60


@dataclass(frozen=True, slots=True)
class Turn:
    """A draft that waits: the puzzle, and how long until it goes without."""

    challenge: str
    parts: int
    seconds_left: int

    @property
    def minutes_left(self) -> int:
        """Whole minutes, never 0: what the page says."""
        return max(1, -(-self.seconds_left // 60))


def turn_of(draft: OpenDraft) -> Turn | None:
    """Return what the draft waits for, or None when it may be sent at once or has waited long enough."""
    if not flood.is_on():
        return None
    since = draft.waits_since
    left = WAIT_SECONDS if since is None else since + WAIT_SECONDS - int(time.time())
    return Turn(puzzle.challenge_of(draft.row.id), puzzle.PARTS, left) if left > 0 else None


def waited_out(draft: OpenDraft) -> bool:
    """Whether a flood is on and this draft passes by having waited."""
    return draft.waits_since is not None and flood.is_on()
