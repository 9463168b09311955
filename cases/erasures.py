"""When a closed case is shredded: the policy's spans by the reason of closing. Plans rows, shreds nothing."""

from collections.abc import Mapping
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Case, ErasurePlan
from cases.states import CloseReason, ErasureWhy
from rainbowrail.errors import NotPossible
from rainbowrail.privacy.retention import Kept, Policy, due_on, load

# Which span of the policy counts. A case that we worked on to its end is kept longest.
SPANS: Mapping[CloseReason, Kept] = {
    CloseReason.HELPED: Kept.CASE,
    CloseReason.RESETTLED: Kept.CASE,
    CloseReason.INFORMED: Kept.INFORMATION,
    CloseReason.OUT_OF_SCOPE: Kept.DECLINED,
    CloseReason.UNREACHABLE: Kept.DECLINED,
    CloseReason.WITHDRAWN: Kept.DECLINED,
    CloseReason.DUPLICATE: Kept.DECLINED,
    CloseReason.DELETION: Kept.WISH,
}


def due_day(close_reason: CloseReason, closed_on: date, *, policy: Policy | None = None) -> date:
    """Return the day on which a case that was closed for this reason on that day is shredded."""
    return due_on(SPANS[close_reason], closed_on, policy=policy)


def wish_day(today: date) -> date:
    return due_on(Kept.WISH, today)


def plan_closed(case: Case) -> ErasurePlan | None:
    """Write the plan of a case that has just been closed. One that is there already (a wish, a postponement) stays."""
    if case.closed_at is None:
        return None
    plan, _made = ErasurePlan.objects.get_or_create(case=case, defaults=_defaults(case))
    return plan


def plan_row(case: Case, *, due: date, why: ErasureWhy) -> ErasurePlan:
    """Return an unsaved plan by the policy in force."""
    return ErasurePlan(case=case, due_on=due, why=why, policy=load().version)


def forget_plan(case: Case) -> None:
    """Take the plan away: the case is to be open again. Raises NotPossible for what was erased, or the person wants erased."""
    plan = ErasurePlan.objects.select_for_update().filter(case=case).first()
    if plan is None:
        return
    if plan.is_done:
        raise NotPossible(_("This person was erased. Only what can be counted is left."))
    if plan.why == ErasureWhy.WISH:
        raise NotPossible(_("The person asked us to delete everything. If that endangers their life, put the erasure off."))
    plan.delete()


def day_of(case: Case) -> date:
    """Return the day on which a closed case is shredded by the policy. Raises ValueError for an open one."""
    if case.closed_at is None:
        raise ValueError("Only a closed case has a day of erasure.")
    return due_day(CloseReason(case.close_reason), timezone.localdate(case.closed_at))


def _defaults(case: Case) -> dict[str, object]:
    return {"due_on": day_of(case), "why": ErasureWhy.RETENTION, "policy": load().version}
