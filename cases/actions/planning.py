"""What comes next and by when: the same answer for every action."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from cases.actions.scoring import policy_says
from cases.filed_for import lacks_own_consent
from cases.models import Case
from cases.states import CaseState, NextStep
from cases.urgency import clocks
from cases.urgency.bands import Band
from cases.urgency.score import Urgency
from cases.workflow import NEXT_STEP

# A proposal that a person may change at any time: how many days a step may rest before somebody asks about it, by band.
STEP_DAYS = {Band.EMERGENCY: 1, Band.URGENT: 2, Band.ELEVATED: 7, Band.NORMAL: 14}


def step_day(band: int, due: datetime, *, today: date) -> date:
    """Return the day of the next step: the usual rest of the band, but never after a clock that still runs."""
    usual = today + timedelta(days=STEP_DAYS[Band(band)])
    return max(today, min(usual, due.date()))


# Where nothing goes on without the person themself, when somebody else filed: before the account is checked, and before
# anything about them is told to an office.
NEED_THE_PERSON = frozenset({CaseState.IN_REVIEW, CaseState.READY})


def next_step_in(state: CaseState, case: Case, *, today: date) -> dict[str, object]:
    """Return the two columns that say what follows the entry into `state`. May open STORY, for who filed."""
    if state is CaseState.CLOSED:
        return {"next_step": "", "next_step_on": None}
    step = NextStep.OWN_CONSENT if state in NEED_THE_PERSON and lacks_own_consent(case) else NEXT_STEP[state]
    return {"next_step": step, "next_step_on": step_day(case.band, case.due_at, today=today)}


def next_step(step: NextStep, case: Case, *, today: date | None = None) -> dict[str, object]:
    """Return the two columns for a step that no move brought about."""
    return {"next_step": step, "next_step_on": step_day(case.band, case.due_at, today=today or timezone.localdate())}


def due_at_from(urgency: Urgency, case: Case, *, met: Collection[str]) -> datetime:
    """Return when the case is due (UTC) in its band: the next unmet clock, or the nearest dated harm if that is earlier."""
    zone = ZoneInfo(settings.ORGANISATION_TIME_ZONE)
    return clocks.due_at(Band(case.band), case.received_at, met, urgency.nearest_dated_harm, zone=zone)


def due_with(case: Case, *, met: Collection[str]) -> datetime:
    """Return the same for a case whose band or met clocks have just changed. Opens STORY, for the date of the nearest harm."""
    return due_at_from(policy_says(case.help_request, today=timezone.localdate()), case, met=met)


def lock(case: Case) -> Case:
    """Return the case freshly read, its row locked until the transaction ends."""
    return Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
