"""Until when: the deadlines of a band. Times are UTC in and out; working days are counted in the organisation's time zone."""

import calendar
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cases.urgency.bands import Band
from cases.urgency.policy import CLOCKS, load
from cases.urgency.rules import Policy, Span

SATURDAY = 5
STEPS = {"hours": timedelta(hours=1), "days": timedelta(days=1), "weeks": timedelta(weeks=1)}


def deadlines(
    band: Band,
    received_at: datetime,
    *,
    zone: ZoneInfo,
    holidays: Collection[date] = (),
    on_duty: bool = False,
    waited: timedelta = timedelta(0),
    policy: Policy | None = None,
) -> dict[str, datetime]:
    """Return when each clock of a band runs out, in UTC: first_read, contact, plan, aim.

    `received_at` is aware. `waited`: how long the clocks stood still because the person asked us to wait, the only thing that
    stops them. `on_duty`: somebody is on duty, so that the first read of an EMERGENCY is due sooner. `holidays` are local days.
    Source: policy.toml, [clocks]; UNHCR Resettlement Handbook 4.2.
    """
    clocks = (policy or load()).clocks[band]
    start = received_at + waited
    spans = {name: getattr(clocks, name) for name in CLOCKS}
    if on_duty:
        spans["first_read"] = clocks.first_read_on_duty
    return {name: after(start, span, zone=zone, holidays=holidays) for name, span in spans.items()}


def due_at(
    band: Band,
    received_at: datetime,
    done: Collection[str],
    nearest_dated_harm: date | None,
    *,
    zone: ZoneInfo,
    holidays: Collection[date] = (),
    on_duty: bool = False,
    waited: timedelta = timedelta(0),
    policy: Policy | None = None,
) -> datetime:
    """Return the earlier of the next unmet clock of the band and the nearest dated harm, in UTC: what the queue is ordered by.

    `done` names the clocks that are met; when all are, the aim still stands. A dated harm is due at the first moment of its
    day in the organisation's time zone, for by then somebody must have acted.
    """
    ends = deadlines(band, received_at, zone=zone, holidays=holidays, on_duty=on_duty, waited=waited, policy=policy)
    due = min((end for name, end in ends.items() if name not in done), default=ends["aim"])
    if nearest_dated_harm is None:
        return due
    return min(due, datetime.combine(nearest_dated_harm, time(), zone).astimezone(UTC))


def after(start: datetime, span: Span, *, zone: ZoneInfo, holidays: Collection[date] = ()) -> datetime:
    """Return the moment one span after `start`, in UTC. Only working days ever pause; 31 January and a month is 28 February."""
    if span.unit == "working_days":
        return _after_working_days(start.astimezone(zone), span.amount, holidays).astimezone(UTC)
    if span.unit == "months":
        return _after_months(start.astimezone(zone), span.amount).astimezone(UTC)
    return start.astimezone(UTC) + span.amount * STEPS[span.unit]


def is_working_day(day: date, holidays: Collection[date] = ()) -> bool:
    return day.weekday() < SATURDAY and day not in holidays


def _after_working_days(start: datetime, days: int, holidays: Collection[date]) -> datetime:
    """Count whole working days at the same hour: Friday 15:00 and one working day is Monday 15:00.

    What comes in on a free day starts with the first moment of the next working day.
    """
    day, hour = start.date(), start.time()
    if not is_working_day(day, holidays):
        hour = time()
        day = _next_working_day(day, holidays)
    for _ in range(days):
        day = _next_working_day(day, holidays)
    return datetime.combine(day, hour, start.tzinfo)


def _next_working_day(day: date, holidays: Collection[date]) -> date:
    day += timedelta(days=1)
    while not is_working_day(day, holidays):
        day += timedelta(days=1)
    return day


def _after_months(start: datetime, months: int) -> datetime:
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.combine(date(year, month + 1, min(start.day, last)), start.time(), start.tzinfo)
