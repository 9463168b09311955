"""What made a request look as if no person had written it. A mark refuses nothing: it lets staff look twice (decision 0093).

The public process sets marks and closes them into the delivery's box; the worker reads them there, adds its own (`likeness`
of the text) and hands them on. No mark is stored in the clear, and none says where somebody wrote from.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from intake.opened import OpenDraft

# A field that no person sees. Its name means nothing to a browser that fills forms by itself.
TRAP_FIELD = "note_2"
# Room in the box for all marks, so that its size does not tell which there are.
ROOM = 40
# Set by the public process alone: a box from elsewhere cannot make up other words.
SEPARATOR = ","


class Mark(StrEnum):
    """`trap`: a hidden field was filled. `fast`: sent sooner than anybody reads. `flood`: sent while a flood was on, without
    the puzzle. `alike`: nearly the same words came in another request of the last days; the worker alone says so."""

    TRAP = "trap"
    FAST = "fast"
    FLOOD = "flood"
    ALIKE = "alike"


def marks_of(draft: OpenDraft, *, trapped: bool, waited_out: bool) -> frozenset[Mark]:
    """Return the marks of a draft that is sent now. `waited_out`: a flood was on and its puzzle was not solved."""
    is_fast = time.time() - draft.begun_at < settings.FASTEST_SECONDS
    found = {Mark.TRAP: trapped, Mark.FAST: is_fast, Mark.FLOOD: waited_out}
    return frozenset(mark for mark, is_so in found.items() if is_so)


def written(marks: Iterable[Mark]) -> str:
    """Return the marks as they stand in a box: always of one length."""
    return SEPARATOR.join(sorted(marks)).ljust(ROOM)


def read(text: object) -> frozenset[Mark]:
    """Return the marks of a box; words that are none are passed over, for no mark is worth losing a person."""
    words = text.strip().split(SEPARATOR) if isinstance(text, str) else ()
    return frozenset(Mark(word) for word in words if word in Mark)
