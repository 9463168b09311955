"""Due dates follow from a policy that people may edit, and a slip of the pen is refused with its line."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rainbowrail.privacy.retention import POLICY, Kept, RetentionError, Span, due_on, is_due, load

START = date(2026, 1, 31)


@pytest.mark.parametrize(
    ("kept", "due"),
    [
        (Kept.DRAFT, date(2026, 2, 7)),
        (Kept.INFORMATION, date(2026, 5, 1)),
        (Kept.DECLINED, date(2027, 1, 31)),
        (Kept.CASE, date(2028, 1, 31)),
        (Kept.PACKET_COPY, date(2026, 3, 2)),
        (Kept.SAFE_HOUSE, date(2026, 3, 2)),
        (Kept.WISH, date(2026, 2, 7)),
        (Kept.TRAIL, date(2032, 1, 31)),
    ],
)
def test_each_kind_is_due_when_the_policy_says(kept: Kept, due: date) -> None:
    assert due_on(kept, START) == due
    assert is_due(kept, START, today=due)
    assert not is_due(kept, START, today=date.fromordinal(due.toordinal() - 1))


def test_a_month_after_the_last_of_january_is_the_last_of_february() -> None:
    assert Span(1, "months").after(date(2026, 1, 31)) == date(2026, 2, 28)
    assert Span(1, "years").after(date(2028, 2, 29)) == date(2029, 2, 28)


@given(st.dates(date(2020, 1, 1), date(2060, 1, 1)), st.integers(1, 240), st.sampled_from(["days", "months"]))
def test_a_span_always_ends_later_and_a_longer_one_never_sooner(day: date, number: int, unit: str) -> None:
    assert day < Span(number, unit).after(day) <= Span(number + 1, unit).after(day)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("days = 90", "days = 0", r"line 12: \[information\] days is 0; it must be a whole number from 1"),
        ("days = 90", 'days = "90"', "must be a whole number"),
        ("days = 90", "days = true", "must be a whole number"),
        ("days = 90", "days = 90\nmonths = 3", "exactly one of"),
        ("days = 90", "weeks = 12", "exactly one of"),
        ("[information]", "[informations]", r"\[informations\] is not known"),
        ("[information]", "[informations]", r"\[information\] is missing"),
        ('version = "2026-11-1"', "", "version is missing"),
        ('says = "a line of the audit trail, which holds no content"', 'says = " "', "says is missing or empty"),
        ("days = 90", "days = ", "at line 13"),
    ],
)
def test_a_slip_of_the_pen_is_refused_with_its_line(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    text = POLICY.read_text()
    assert text.count(old) >= 1
    path = tmp_path / "retention.toml"
    path.write_text(text.replace(old, new))
    with pytest.raises(RetentionError, match=complaint):
        load(path)


def test_an_edited_policy_gives_other_days(tmp_path: Path) -> None:
    path = tmp_path / "retention.toml"
    path.write_text(POLICY.read_text().replace("days = 90", "months = 4"))
    assert due_on(Kept.INFORMATION, START, policy=load(path)) == date(2026, 5, 31)
