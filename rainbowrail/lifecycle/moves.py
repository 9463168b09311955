"""Move: one row of an app's table of moves. It says what may happen, never what else happens then."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from rainbowrail.actors import Actor
from rainbowrail.audit.verbs import AuditVerb


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed change of state.

    `may(by, thing)` raises NotAllowed (not you) or NotPossible (not now) with a sentence for the screen, and returns nothing.
    `label` is the word on the button. `verb` is what the audit trail says. `needs_second` tells page and picture that another
    person than the first must make it; the rule itself stands in `may` and in a constraint.
    """

    name: str
    leaves: Collection[str]
    enters: str
    may: Callable[[Actor, Any], object]
    label: str | Promise
    needs_reason: bool = False
    verb: AuditVerb | None = None
    needs_second: bool = False

    def __post_init__(self) -> None:
        if not self.leaves or isinstance(self.leaves, str):
            raise ValueError(f"The move {self.name!r} must list the states it leaves.")
