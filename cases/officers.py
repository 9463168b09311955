"""The officer of the case: who may be one, and who hears of it when the officer cannot (docs/decisions/0066)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from cases import need_to_know
from cases.models import Case, Restriction
from cases.states import CaseState
from rainbowrail.accounts.models import User
from rainbowrail.actors import Actor
from rainbowrail.roles import Role

if TYPE_CHECKING:
    from django.db.models import QuerySet

# Who may not become the officer of a case beside those from whom it is hidden, as user ids: `referrals` adds whoever approved
# what they would then answer for.
unfit: list[Callable[[Case], Collection[int]]] = []


def able(case: Case) -> QuerySet[User]:
    """The referral officers who are here and from whom this case is not hidden."""
    return _seeing(case, Role.REFERRAL_OFFICER)


def fit_for(case: Case) -> QuerySet[User]:
    """Of these, who may become the officer of this case. One query for each app that has something to say."""
    return able(case).exclude(pk__in=[staff_id for look in unfit for staff_id in look(case)])


def is_unfit(staff_id: int, case: Case) -> bool:
    """Whether an app above says that they may not become the officer of this case."""
    return any(staff_id in look(case) for look in unfit)


def can_be_officer(somebody: User, case: Case) -> bool:
    return fit_for(case).filter(pk=somebody.pk).exists()


def least_busy(people: QuerySet[User]) -> User | None:
    """Return who has fewest open cases as their officer; None when there is nobody."""
    open_cases = ~Q(state=CaseState.CLOSED)
    mine = Case.objects.filter(open_cases, officer__in=people).order_by().values_list("officer").annotate(number=Count("pk"))
    numbers = dict(mine)
    return min(people, key=lambda one: (numbers.get(one.pk, 0), one.pk), default=None)


def who_hears(case: Case) -> list[int]:
    """Return the user ids of those who are told of what happens in a referral of this case: its officer; while it has none who
    can act, every officer who may know of it; and where there is none of these, the leads who may."""
    officers = list(able(case).order_by("pk").values_list("pk", flat=True))
    if case.officer_id in officers:
        return [case.officer_id]
    return officers or list(_seeing(case, Role.TRIAGE_LEAD).order_by("pk").values_list("pk", flat=True))


def cases_held(staff_id: int, known_to: Actor | None = None) -> int:
    """Return how many open cases this person is the officer of, without those that are hidden from `known_to`."""
    mine = Case.objects.waiting().filter(officer=staff_id)
    return (mine if known_to is None else mine.exclude(need_to_know.hidden_from(known_to))).count()


def _seeing(case: Case, role: Role) -> QuerySet[User]:
    hidden = Restriction.objects.filter(case=case, lifted_at=None)
    return User.objects.with_role(role).exclude(pk__in=hidden.values("person"))
