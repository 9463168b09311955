"""What every app keeps of people and for how long: one list, which apps join from `AppConfig.ready` of the staff side.

A `Keeper` is one kind of thing that becomes due: it plans (writes the due day of what has none), shows what becomes due, and
shreds. A `Life` says of one table how its rows end; `manage.py privacy` prints it, and a test fails for a table without one.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise

from rainbowrail.actors import Actor
from rainbowrail.privacy.retention import Kept, load

BATCH = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the preview: a reference, why it is due and when. Nothing else leaves the app that keeps the thing."""

    reference: str
    reason: str | Promise
    due_on: date
    change_url: str = ""


@dataclass(frozen=True, slots=True)
class Keeper:
    """One kind of thing that becomes due.

    `upcoming(until)` is a queryset of all that is due up to that day, `order` its columns for paging, `line(row)` how one is
    shown. `plan(today)` writes due days and returns how many it changed. `due(today, most)` gives the ids of what is to go now;
    `shred(id, today)` shreds one of them in a transaction of its own, with its audit line; False when it is not due any more.
    """

    name: str
    label: str | Promise
    order: tuple[str, ...]
    upcoming: Callable[[date], "QuerySet[Any]"]
    line: Callable[[Any], Line]
    plan: Callable[[date], int]
    due: Callable[[date, int], list[UUID]]
    shred: Callable[[UUID, date], bool]
    # Takes away from `upcoming` what a member of staff may not know of.
    shown_to: Callable[["QuerySet[Any]", Actor], "QuerySet[Any]"] = lambda rows, actor: rows


class Ends(StrEnum):
    """What happens to a row in the end."""

    GOES = "goes"  # the row is deleted
    EMPTIES = "empties"  # what is sealed opens no more, what is clear stays to be counted
    STAYS = "stays"  # about staff, keys or the program: no person of ours is in it


@dataclass(frozen=True, slots=True)
class Life:
    """How long rows of a table are kept, and how they end. `by` names lines of the policy; without any, `because` says why."""

    ends: Ends
    by: tuple[Kept, ...] = ()
    because: str = ""

    def __post_init__(self) -> None:
        if not self.by and not self.because:
            raise ValueError("Say how long a table is kept: a line of the policy, or why it has none.")

    def __str__(self) -> str:
        if not self.by:
            return self.because
        spans = " / ".join(f"{kept}: {load().spans[kept]}" for kept in self.by)
        return f"{spans}{'; ' + self.because if self.because else ''}"


# Of a case and all that belongs to it: which of the three spans counts follows from how it was closed.
CASE_SPANS = (Kept.CASE, Kept.DECLINED, Kept.INFORMATION)

_keepers: dict[str, Keeper] = {}
_lives: dict[str, Life] = {}
_openers: dict[str, str] = {}


def register(keeper: Keeper) -> None:
    """Add a kind of thing, from the owning app's `ready`; the same name replaces its former entry."""
    _keepers[keeper.name] = keeper


def register_lives(lives: Mapping[str, Life]) -> None:
    """Say how rows of tables end, by model label such as "cases.Note"."""
    _lives.update(lives)


def register_openers(openers: Mapping[str, str]) -> None:
    """Say who may open each compartment, in words, by the app that decides it."""
    _openers.update(openers)


def keepers() -> list[Keeper]:
    return list(_keepers.values())


def keeper(name: str) -> Keeper | None:
    return _keepers.get(name)


def life_of(label: str) -> Life | None:
    from rainbowrail.privacy.third_party import LIVES  # which is written in the words of this module

    return _lives.get(label) or LIVES.get(label)


def opener_of(compartment: str) -> str:
    return _openers.get(compartment, "")


def plan(today: date) -> dict[str, int]:
    """Write the due days that follow from the policy as it is now. Returns how many rows changed, by keeper."""
    return {each.name: each.plan(today) for each in keepers()}


def shred(today: date, *, batch: int = BATCH) -> Iterator[tuple[str, int]]:
    """Shred all that is due, in batches; yield the keeper's name and how many went after each batch.

    Safe to stop, and to run twice or beside itself. One that fails does not keep the others: at the end everything that failed
    is raised as an ExceptionGroup, and is due again the next time.
    """
    failed: list[Exception] = []
    for each in keepers():
        kept: set[UUID] = set()  # what could not go in this run, and would be met again and again
        while ids := [one for one in each.due(today, batch + len(kept)) if one not in kept]:
            gone = {one for one in ids if _shred(each, one, today, failed)}
            kept |= set(ids) - gone
            yield each.name, len(gone)
    if failed:
        raise ExceptionGroup("Some of what was due could not be shredded.", failed)


def _shred(each: Keeper, one: UUID, today: date, failed: list[Exception]) -> bool:
    try:
        return each.shred(one, today)
    except Exception as error:
        failed.append(error)
        return False
