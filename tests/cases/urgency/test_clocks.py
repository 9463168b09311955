"""Deadlines, working days, daylight saving, and the day of a dated harm."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cases.urgency.bands import Band
from cases.urgency.clocks import after, deadlines, due_at, is_working_day
from cases.urgency.rules import Span

TORONTO = ZoneInfo("America/Toronto")
# Thursday 19 November 2026, 10:00 in Toronto.
THURSDAY = datetime(2026, 11, 19, 15, tzinfo=UTC)


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=TORONTO).astimezone(UTC)


@pytest.mark.parametrize(
    ("band", "first_read", "contact", "plan", "aim"),
    [
        (Band.EMERGENCY, timedelta(hours=4), timedelta(hours=4), timedelta(hours=24), timedelta(days=7)),
        (Band.URGENT, timedelta(hours=24), timedelta(hours=48), timedelta(days=7), timedelta(weeks=6)),
    ],
)
def test_the_clocks_of_emergency_and_urgent_always_run(
    band: Band, first_read: timedelta, contact: timedelta, plan: timedelta, aim: timedelta
) -> None:
    saturday = local(2026, 11, 21, 23)
    assert deadlines(band, saturday, zone=TORONTO) == {
        "first_read": saturday + first_read,
        "contact": saturday + contact,
        "plan": saturday + plan,
        "aim": saturday + aim,
    }


@pytest.mark.parametrize(
    ("band", "first_read", "contact", "plan", "aim"),
    [
        (
            Band.ELEVATED,
            local(2026, 11, 24, 10),
            THURSDAY + timedelta(days=7),
            THURSDAY + timedelta(days=30),
            local(2027, 5, 19, 10),
        ),
        (
            Band.NORMAL,
            local(2026, 11, 26, 10),
            THURSDAY + timedelta(days=10),
            THURSDAY + timedelta(days=30),
            local(2027, 11, 19, 10),
        ),
    ],
)
def test_the_first_read_of_the_lower_bands_counts_working_days(
    band: Band, first_read: datetime, contact: datetime, plan: datetime, aim: datetime
) -> None:
    assert deadlines(band, THURSDAY, zone=TORONTO) == {"first_read": first_read, "contact": contact, "plan": plan, "aim": aim}


def test_while_somebody_is_on_duty_an_emergency_is_read_within_an_hour() -> None:
    on_duty = deadlines(Band.EMERGENCY, THURSDAY, zone=TORONTO, on_duty=True)
    assert on_duty["first_read"] == THURSDAY + timedelta(hours=1)
    assert deadlines(Band.URGENT, THURSDAY, zone=TORONTO, on_duty=True) == deadlines(Band.URGENT, THURSDAY, zone=TORONTO)


def test_clocks_stand_still_only_while_the_person_asked_us_to_wait() -> None:
    waited = deadlines(Band.URGENT, THURSDAY, zone=TORONTO, waited=timedelta(days=2))
    assert waited["first_read"] == THURSDAY + timedelta(days=2, hours=24)


def test_a_holiday_is_no_working_day() -> None:
    friday = date(2026, 11, 20)
    assert after(THURSDAY, Span(1, "working_days"), zone=TORONTO, holidays={friday}) == local(2026, 11, 23, 10)
    assert is_working_day(friday)
    assert not is_working_day(friday, {friday})


def test_what_comes_in_on_a_free_day_starts_with_the_next_working_day() -> None:
    # Saturday evening: Monday, Tuesday and Wednesday are the three days, so it is due as Thursday begins.
    assert after(local(2026, 11, 21, 20), Span(3, "working_days"), zone=TORONTO) == local(2026, 11, 26)


def test_working_days_are_those_of_the_organisation_not_of_utc() -> None:
    # Saturday 02:00 UTC is still Friday evening in Toronto.
    assert after(datetime(2026, 11, 21, 2, tzinfo=UTC), Span(1, "working_days"), zone=TORONTO) == local(2026, 11, 23, 21)


def test_a_working_day_keeps_its_local_hour_when_the_clocks_change() -> None:
    # Daylight saving ends in Toronto on Sunday 1 November 2026.
    friday = local(2026, 10, 30, 9)
    monday = after(friday, Span(1, "working_days"), zone=TORONTO)
    assert monday.astimezone(TORONTO).hour == 9
    assert monday - friday == timedelta(days=3, hours=1)


def test_a_month_after_the_last_of_january_is_the_last_of_february() -> None:
    assert after(local(2027, 1, 31, 9), Span(1, "months"), zone=TORONTO) == local(2027, 2, 28, 9)
    assert after(local(2026, 12, 15, 9), Span(12, "months"), zone=TORONTO) == local(2027, 12, 15, 9)


def test_due_is_the_next_clock_that_is_not_met() -> None:
    ends = deadlines(Band.URGENT, THURSDAY, zone=TORONTO)
    assert due_at(Band.URGENT, THURSDAY, set(), None, zone=TORONTO) == ends["first_read"]
    assert due_at(Band.URGENT, THURSDAY, {"first_read"}, None, zone=TORONTO) == ends["contact"]
    assert due_at(Band.URGENT, THURSDAY, {"first_read", "plan"}, None, zone=TORONTO) == ends["contact"]
    assert due_at(Band.URGENT, THURSDAY, {"first_read", "contact", "plan"}, None, zone=TORONTO) == ends["aim"]
    assert due_at(Band.URGENT, THURSDAY, {"first_read", "contact", "plan", "aim"}, None, zone=TORONTO) == ends["aim"]


def test_due_is_the_dated_harm_when_that_is_earlier() -> None:
    tomorrow = date(2026, 11, 20)
    assert due_at(Band.NORMAL, THURSDAY, set(), tomorrow, zone=TORONTO) == local(2026, 11, 20)
    assert due_at(Band.NORMAL, THURSDAY, set(), date(2027, 6, 1), zone=TORONTO) == local(2026, 11, 26, 10)
