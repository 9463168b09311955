"""What somebody holds in cases, who could hold it instead, and how it is handed over; other apps join with their own things.

An `Estate` is one kind of thing that a leaver holds. Every estate is a `Holding` too (rainbowrail.accounts.holdings), so that
no account closes, and no role is lost, while one is not empty (docs/decisions/0057; of what is hidden 0100).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases import need_to_know
from cases.models import AccessRequest, Case, Restriction, Slot
from cases.need_to_know import ASKERS
from cases.officers import cases_held
from cases.permissions import OFFICERS
from cases.queries import CaseQuerySet
from rainbowrail.accounts import holdings
from rainbowrail.accounts.holdings import Holding
from rainbowrail.accounts.models import User
from rainbowrail.actors import Actor
from rainbowrail.roles import Role

OWNERS = frozenset({Role.CASEWORKER, Role.TRIAGE_LEAD})


@dataclass(frozen=True, slots=True)
class Estate:
    """One kind of thing, and what happens to it. `hand(leaver, heirs, by)` gives it away, in the caller's transaction, and says
    how many were given to whom, by user id; it raises NotPossible when nobody among the heirs may hold one. What is hidden from
    `by` is given away too, to somebody who fits, and raises nothing: `by` may not learn that it is there.

    `heirs`: the roles of which an heir needs one; empty where things end with the leaver and nobody takes them over.
    """

    holding: Holding
    hand: Callable[[User, Sequence[User], Actor], dict[int, int]]
    heirs: frozenset[Role] = frozenset()


_estates: dict[str, Estate] = {}


def register(estate: Estate) -> None:
    """Add a kind of thing, from the owning app's `ready`; the same name replaces its former entry."""
    _estates[estate.holding.name] = estate
    holdings.register(estate.holding)


def estates() -> list[Estate]:
    return list(_estates.values())


def open_cases(staff_id: int, known_to: Actor | None = None) -> int:
    return _known(Case.objects.waiting().filter(owner=staff_id), known_to).count()


def closed_with_something_left(known_to: Actor) -> QuerySet[User]:
    """Return whose account is closed while open cases, or times, are still theirs, of what is not hidden from `known_to`."""
    waiting = _known(Case.objects.waiting(), known_to)
    coming = Slot.objects.filter(cancelled_at=None, ends_at__gt=timezone.now())
    theirs = (
        Exists(waiting.filter(owner=OuterRef("pk")))
        | Exists(waiting.filter(officer=OuterRef("pk")))
        | Exists(coming.filter(volunteer=OuterRef("pk")))
    )
    return User.objects.filter(theirs, is_active=False).order_by("name", "pk")


def coming_slots(staff_id: int, known_to: Actor | None = None) -> int:
    return Slot.objects.filter(volunteer=staff_id, cancelled_at=None, ends_at__gt=timezone.now()).count()


def live_requests(staff_id: int, known_to: Actor | None = None) -> int:
    """Return how many cases somebody asks for or has open."""
    mine = AccessRequest.objects.filter(person=staff_id)
    if known_to is not None:
        mine = mine.exclude(case__in=need_to_know.hidden_ids(known_to))
    waiting, now_open = mine.filter(ends_at=None, refused_at=None), mine.filter(ends_at__gt=timezone.now())
    return waiting.count() + now_open.count()


def seen_by_nobody_else(staff_id: int, known_to: Actor | None = None) -> int:
    """Return how many open cases no other lead sees: all, for the last lead; else those hidden from every other lead.

    Another lead gets 0, who may not learn that there are any; the leaver and an administrator get the number.
    """
    leads = User.objects.with_role(Role.TRIAGE_LEAD)
    if not leads.filter(pk=staff_id).exists():
        return 0
    others = list(leads.exclude(pk=staff_id).values_list("pk", flat=True))
    waiting = _known(Case.objects.waiting(), known_to)
    if not others:
        return waiting.count()
    for other in others:
        hidden = Restriction.objects.filter(person=other, lifted_at=None)
        waiting = waiting.filter(pk__in=hidden.values("case"))
    return waiting.count()


def _known(cases: CaseQuerySet, to: Actor | None) -> CaseQuerySet:
    return cases if to is None else cases.exclude(need_to_know.hidden_from(to))


CASES = Holding("cases", _("Open cases"), open_cases, OWNERS)
OFFICER = Holding("officer", _("Cases in referral"), cases_held, OFFICERS)
SLOTS = Holding("slots", _("Booked times"), coming_slots, frozenset({Role.VOLUNTEER}))
ACCESS = Holding("access", _("Cases of others, asked for or open"), live_requests, ASKERS)
LAST_LEAD = Holding("last_lead", _("Open cases that no other lead sees"), seen_by_nobody_else, frozenset({Role.TRIAGE_LEAD}))


def listen() -> None:
    """Join the lists; CasesConfig.ready calls this once."""
    from cases.actions import leaving, officers

    register(Estate(CASES, leaving.hand_cases, OWNERS))
    register(Estate(OFFICER, officers.hand_officers_cases, OFFICERS))
    register(Estate(SLOTS, leaving.end_slots))
    register(Estate(ACCESS, leaving.end_requests))
    # Nobody hands this over: another lead is found, or a restriction lifted.
    holdings.register(LAST_LEAD)
