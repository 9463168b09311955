"""Whether a notice may go out: only where, when and as the person said, and not on a plan that has grown old."""

from datetime import UTC, datetime
from typing import Any

import pytest

from intake.safe_contact import decide
from intake.states import Channel
from rainbowrail.notifications.kinds import SEND_NOW, Verdict

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
PLAN: dict[str, Any] = {
    "channel": "email", "address": "ade@example.org", "shared_device": False, "confirmed_on": "2026-11-20",
}  # fmt: skip


def verdict(**changes: Any) -> Verdict:
    plan = {key: value for key, value in (PLAN | changes).items() if value is not None}
    return decide(plan, channel=Channel.EMAIL, now=NOON).verdict


def test_a_plan_that_allows_it_allows_it() -> None:
    assert decide(PLAN, channel=Channel.EMAIL, now=NOON) == SEND_NOW


@pytest.mark.parametrize(
    "changes",
    [
        {"channel": None},
        {"channel": "none"},
        {"channel": "text"},
        {"channel": "call"},
        {"address": None},
        {"shared_device": None},
        {"shared_device": True},
        {"shared_device": True, "leave_message": False},
        {"confirmed_on": None},
        {"confirmed_on": "2026-11-06"},
    ],
)
def test_anything_short_of_a_clear_yes_is_a_no(changes: dict[str, Any]) -> None:
    assert verdict(**changes) is Verdict.NEVER


def test_a_shared_device_with_a_yes_to_messages_is_a_yes() -> None:
    assert verdict(shared_device=True, leave_message=True) is Verdict.NOW
    assert verdict(shared_device=None, leave_message=True) is Verdict.NOW


@pytest.mark.parametrize(("days", "expected"), [(14, Verdict.NEVER), (60, Verdict.NOW)])
def test_how_old_a_confirmation_may_be_is_told_from_outside(days: int, expected: Verdict) -> None:
    plan = PLAN | {"confirmed_on": "2026-10-21"}
    assert decide(plan, channel=Channel.EMAIL, now=NOON, most_days=days).verdict is expected


@pytest.mark.parametrize(
    ("begin", "end", "offset", "opens"),
    [
        (10, 14, 0, None),
        (0, 12, 0, "2026-11-22T00:00:00+00:00"),
        (18, 20, 0, "2026-11-21T18:00:00+00:00"),
        (18, 20, 180, "2026-11-21T15:00:00+00:00"),
        (15, 16, 180, None),
        (22, 6, 0, "2026-11-21T22:00:00+00:00"),
        (11, 3, 0, None),
        (9, 9, 0, None),
        (17, 18, 330, None),
    ],
)
def test_hours_are_the_persons_own(begin: int, end: int, offset: int, opens: str | None) -> None:
    plan = PLAN | {"from_hour": begin, "until_hour": end, "utc_offset": offset}
    decision = decide(plan, channel=Channel.EMAIL, now=NOON)
    if opens is None:
        assert decision == SEND_NOW
    else:
        assert decision.verdict is Verdict.LATER
        assert decision.not_before == datetime.fromisoformat(opens)


def test_hours_without_a_clock_are_never_guessed() -> None:
    assert verdict(from_hour=20, until_hour=22) is Verdict.NEVER
