"""How far somebody may see into a case: one table, from which page, lists, search, counts, files and buttons follow.

`TABLE` says what each role opens of which cases; whatever is hidden from a person by a restriction is hidden whatever the
table says. It is turned into conditions of one query: `condition` narrows a list, `depth` is the verdict for each row, and
`depth_of` asks the same conditions about one case, so that a list and a page cannot disagree (docs/decisions/0055; for referral
officers 0066).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Case as If
from django.db.models import Exists, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from cases.states import REFERRAL_STATES, CaseState, ErasureWhy
from rainbowrail.actors import Actor
from rainbowrail.roles import Role

if TYPE_CHECKING:
    from cases.models import Case


class Depth(IntEnum):
    """How far one sees.

    OUTLINE: stage, band, owner, days; nothing sealed. CARD: what was asked for and how urgent it is, without who it is, what
    was written since, files and notes. CONTENTS: all but who it is. IDENTITY: that too, by an act of its own that is on record.
    """

    NOTHING = 0
    OUTLINE = 1
    CARD = 2
    CONTENTS = 3
    IDENTITY = 4


# --- how a case may stand to somebody ---

type Standing = Callable[[Actor], Q]


def every_case(actor: Actor) -> Q:
    return Q(pk__isnull=False)


def unclaimed(actor: Actor) -> Q:
    return Q(state=CaseState.RECEIVED)


def unclaimed_in_slot(actor: Actor) -> Q:
    """Unclaimed, as long as a booked time of this volunteer runs."""
    return unclaimed(actor) & Q(Exists(slots_now(actor)))


def own(actor: Actor) -> Q:
    return Q(owner=actor.staff_id)


def officer_of(actor: Actor) -> Q:
    return Q(officer=actor.staff_id)


def without_officer(actor: Actor) -> Q:
    """In referral, and no officer has it yet, or none any more."""
    return Q(state__in=REFERRAL_STATES, officer=None)


def in_referral(actor: Actor) -> Q:
    return Q(state__in=REFERRAL_STATES) | Q(referred_on__isnull=False)


def opened_for(actor: Actor) -> Q:
    """Opened by a lead, or by breaking the glass, and not over yet. Read as a list once: it is short."""
    rows = apps.get_model("cases", "AccessRequest")._default_manager.filter(person=actor.staff_id, ends_at__gt=timezone.now())
    return Q(pk__in=rows.values("case"))


@dataclass(frozen=True, slots=True)
class Line:
    """`role` opens cases that stand so to this deep; `even_shut`: also where the person asked us to delete everything."""

    role: Role
    standing: Standing
    depth: Depth
    even_shut: bool = False


# fmt: off
TABLE = (
    Line(Role.VOLUNTEER,        unclaimed_in_slot, Depth.CARD),
    Line(Role.CASEWORKER,       unclaimed,         Depth.CARD),
    Line(Role.CASEWORKER,       own,               Depth.IDENTITY, even_shut=True),
    Line(Role.CASEWORKER,       opened_for,        Depth.IDENTITY),
    Line(Role.TRIAGE_LEAD,      every_case,        Depth.IDENTITY, even_shut=True),
    Line(Role.REFERRAL_OFFICER, in_referral,       Depth.OUTLINE),
    Line(Role.REFERRAL_OFFICER, without_officer,   Depth.CARD),
    Line(Role.REFERRAL_OFFICER, officer_of,        Depth.IDENTITY),
    Line(Role.REFERRAL_OFFICER, opened_for,        Depth.IDENTITY),
    Line(Role.MANAGER,          every_case,        Depth.OUTLINE),
)
# fmt: on

READERS = frozenset(line.role for line in TABLE)
# Who may ask for a case that is not theirs, or break the glass.
ASKERS = frozenset(line.role for line in TABLE if line.standing is opened_for)


def reaching(depth: Depth) -> frozenset[Role]:
    """The roles that see this deep into some case."""
    return frozenset(line.role for line in TABLE if line.depth >= depth)


def hidden_ids(actor: Actor) -> "QuerySet[Any]":
    """The ids of the cases that are hidden from this person altogether, for `…__in`: a short list, read once a query."""
    rows = apps.get_model("cases", "Restriction")._default_manager.filter(person=actor.staff_id, lifted_at=None)
    return rows.values("case")


def hidden_from(actor: Actor) -> Q:
    """The condition of the cases that are hidden from this person altogether."""
    return Q(pk__in=hidden_ids(actor))


def slots_now(actor: Actor) -> "QuerySet[Any]":
    now = timezone.now()
    slots = apps.get_model("cases", "Slot")._default_manager
    return slots.filter(volunteer=actor.staff_id, cancelled_at=None, begins_at__lte=now, ends_at__gt=now)


def condition(actor: Actor, depth: Depth = Depth.OUTLINE) -> Q | None:
    """Return the condition of the cases that this person sees at least so deep; None when there are none for their roles."""
    seen = Q()
    shut = Q(erasure__why=ErasureWhy.WISH)
    for line in TABLE:
        if line.role in actor.roles and line.depth >= depth:
            seen |= line.standing(actor) if line.even_shut else line.standing(actor) & ~shut
    if not seen or actor.staff_id is None:
        return None
    return seen & ~hidden_from(actor)


def depth(actor: Actor) -> If:
    """Return the verdict for each row, as an expression: a number of Depth."""
    found = [(level, condition(actor, level)) for level in sorted(Depth, reverse=True) if level is not Depth.NOTHING]
    whens = [When(one, then=Value(int(level))) for level, one in found if one is not None]
    return If(*whens, default=Value(0), output_field=IntegerField())


def depth_of(case: "Case", actor: Actor) -> Depth:
    """Return how far this person sees into this case, by the same conditions as every list.

    One query, or none for a case that was read with `with_depth_for` this person; the answer is kept with the loaded case for
    as long as it stands as it did.
    """
    if not actor.roles & READERS:
        return Depth.NOTHING
    kept = _kept(case)
    key = _key(case, actor)
    if key not in kept:
        rows = type(case)._default_manager.filter(pk=case.pk).annotate(depth_seen=depth(actor))
        kept[key] = Depth(rows.values_list("depth_seen", flat=True).first() or 0)
    return kept[key]


def keep(cases: Iterable["Case"], actor: Actor) -> None:
    """Remember the verdicts that came with rows read by `with_depth_for(actor)`."""
    for case in cases:
        _kept(case)[_key(case, actor)] = Depth(case.depth_seen)  # type: ignore[attr-defined]  # the annotation


def forget(case: "Case") -> None:
    """Ask anew: something that the verdict rests on has changed."""
    _kept(case).clear()


def _kept(case: "Case") -> dict[tuple[object, ...], Depth]:
    found: dict[tuple[object, ...], Depth] = case.__dict__.setdefault("_depths", {})
    return found


def _key(case: "Case", actor: Actor) -> tuple[object, ...]:
    return (actor.staff_id, actor.roles, case.state, case.owner_id, case.officer_id, case.referred_on)
