"""What is likely to be hard to read, and what stands covered until somebody asks for it; and how much of it one has opened.

What is hard follows from what the person stated, which the page opens anyway, and from marks of colleagues; a covered text is
not opened before it is shown. The counts come from the trail and are nobody's score (docs/decisions/0059).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cases.audit_verbs import CaseVerb
from cases.models import Case, HardMark
from rainbowrail.accounts.models import Cover, User
from rainbowrail.audit.models import AuditEvent

# Answers after which the account is likely to tell of what they name.
HARD_ANSWERS: tuple[tuple[str, object, str | Promise], ...] = (
    ("last_harm", "torture", _("torture")),
    ("last_harm", "sexual_violence", _("sexual violence")),
    ("survivor_torture_or_sv", True, _("torture or sexual violence")),
    ("suicidality", "plan", _("a plan to take their own life")),
    ("suicidality", "thoughts", _("thoughts of taking their own life")),
)
HARD_EVENTS: dict[str, str | Promise] = {
    "forced_examination": _("a forced examination"),
    "forced_marriage": _("a forced marriage"),
}


class Kind(StrEnum):
    """What was opened, as the trail says it."""

    ACCOUNT = "account"
    PICTURE = "picture"
    FILE = "file"


def warnings_of(told: Mapping[str, Any]) -> list[str | Promise]:
    """Return what the account is likely to tell of, in words that may be read before it; empty where nothing says so."""
    named = [words for key, value, words in HARD_ANSWERS if told.get(key) == value]
    events = told.get("dated_event") or []
    types = {event.get("type") for event in (events if isinstance(events, list) else [events])}
    return [*named, *(words for kind, words in HARD_EVENTS.items() if kind in types)]


@dataclass(frozen=True, slots=True)
class Covered:
    """How one text or file stands on the page for this person: `is_covered` until they ask; `warnings` are read before it."""

    thing_id: UUID
    warnings: list[str | Promise]
    is_marked: bool
    is_covered: bool

    @property
    def is_hard(self) -> bool:
        return self.is_marked or bool(self.warnings)

    @property
    def show_key(self) -> str:
        """What stands behind `?show=` to see it."""
        return str(self.thing_id)

    @property
    def is_open_and_hard(self) -> bool:
        """Whether this look counts as having read something hard."""
        return self.is_hard and not self.is_covered

    @classmethod
    def of(
        cls, thing_id: UUID, *, warnings: list[str | Promise], marks: Collection[UUID], wish: str, shown: Collection[str]
    ) -> "Covered":
        """`wish` is the person's own setting, `shown` names what they have just asked to see."""
        is_hard = bool(warnings) or thing_id in marks
        wants_cover = wish == Cover.ALWAYS or (wish == Cover.HARD and is_hard)
        return cls(thing_id, warnings, thing_id in marks, wants_cover and str(thing_id) not in shown)


def marks_in(case: Case) -> set[UUID]:
    """Return what colleagues marked as hard to read in this case. One query."""
    return set(HardMark.objects.filter(case=case).values_list("thing_id", flat=True))


# --- how much ---


@dataclass(frozen=True, slots=True)
class Opened:
    """How many hard accounts, pictures and other files somebody opened in some time; each thing counts once."""

    accounts: int = 0
    pictures: int = 0
    files: int = 0

    @property
    def total(self) -> int:
        return self.accounts + self.pictures + self.files

    def in_words(self) -> str:
        """Return "3 accounts, 1 picture", or that there was nothing."""
        parts = [
            (self.accounts, ngettext("%d account", "%d accounts", self.accounts)),
            (self.pictures, ngettext("%d picture", "%d pictures", self.pictures)),
            (self.files, ngettext("%d other file", "%d other files", self.files)),
        ]
        return ", ".join(words % number for number, words in parts if number) or str(_("nothing hard to read"))


def opened_since(since: datetime, *, staff_ids: Collection[int]) -> dict[int, Opened]:
    """Return what each of these people opened since then, from the trail. One query; people without any are left out."""
    seen = AuditEvent.objects.filter(verb=CaseVerb.HARD_OPENED, at__gte=since, actor_id__in=staff_ids)
    rows = seen.order_by().values_list("actor_id", "detail__kind").annotate(number=Count("thing_id", distinct=True))
    found: dict[int, dict[str, int]] = {}
    for staff_id, kind, number in rows:
        found.setdefault(int(staff_id or 0), {})[f"{kind}s"] = number
    return {staff_id: Opened(**counts) for staff_id, counts in found.items()}


def opened_by(user: User) -> tuple[Opened, Opened]:
    """Return what this person opened today, and in the last seven days. Two queries."""
    today = datetime.combine(timezone.localdate(), time.min, UTC)
    since = (today, today - timedelta(days=6))
    day, week = (opened_since(begin, staff_ids=[user.pk]).get(user.pk, Opened()) for begin in since)
    return day, week
