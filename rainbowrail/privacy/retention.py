"""How long things are kept: the policy of `retention.toml`, and due dates as pure functions of it.

    due_on(Kept.INFORMATION, since=case.closed_at.date())

What is due is found and shredded by each app (`rainbowrail.privacy.keeping` has the list of them); this module knows no table.
"""

import calendar
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

POLICY: Final = Path(__file__).with_name("retention.toml")
# The longest span of each unit that is not plainly a slip of the pen.
LONGEST: Final = {"days": 3650, "months": 240, "years": 20}


class RetentionError(ValueError):
    """The policy cannot be used; each line of the text names a line of the file and what is wrong there."""


class Kept(StrEnum):
    """The lines of the policy."""

    DRAFT = "draft"
    INFORMATION = "information"
    DECLINED = "declined"
    CASE = "case"
    PACKET_COPY = "packet_copy"
    SAFE_HOUSE = "safe_house"
    WISH = "wish"
    POSTPONEMENT = "postponement"
    TRAIL = "trail"


@dataclass(frozen=True, slots=True)
class Span:
    """A number of calendar days, months or years. A month later than 31 January is the last of February."""

    number: int
    unit: str

    def after(self, day: date) -> date:
        """Return the day on which the span that begins on `day` is over."""
        if self.unit == "days":
            return day + timedelta(days=self.number)
        months = day.month - 1 + self.number * (12 if self.unit == "years" else 1)
        year, month = day.year + months // 12, months % 12 + 1
        return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))

    def __str__(self) -> str:
        return f"{self.number} {self.unit if self.number != 1 else self.unit.removesuffix('s')}"


@dataclass(frozen=True, slots=True)
class Policy:
    version: str
    spans: Mapping[Kept, Span]
    says: Mapping[Kept, str]


@cache
def load(path: Path = POLICY) -> Policy:
    """Return the policy, read once a process. Raises RetentionError that names the line of every mistake."""
    try:
        text = path.read_text(encoding="utf-8")
        content = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RetentionError(f"{path.name}: {error}") from error
    problems = sorted(_problems(content, text.splitlines()))
    if problems:
        raise RetentionError("\n".join(f"{path.name}, line {line}: {what}" for line, what in problems))
    lines = {kept: content[kept] for kept in Kept}
    return Policy(
        version=content["version"],
        spans={kept: Span(*next((line[unit], unit) for unit in LONGEST if unit in line)) for kept, line in lines.items()},
        says={kept: line["says"] for kept, line in lines.items()},
    )


def due_on(kept: Kept, since: date, *, policy: Policy | None = None) -> date:
    """Return the first day on which what has been kept since `since` is shredded."""
    return (policy or load()).spans[kept].after(since)


def is_due(kept: Kept, since: date, *, today: date, policy: Policy | None = None) -> bool:
    return due_on(kept, since, policy=policy) <= today


def _problems(content: Mapping[str, Any], lines: list[str]) -> Iterator[tuple[int, str]]:
    if not isinstance(content.get("version"), str) or not content["version"].strip():
        yield _line_of("version =", lines), 'version is missing or empty; write version = "2026-11-1"'
    for name in content.keys() - {"version", *Kept}:
        yield _line_of(f"[{name}]", lines), f"[{name}] is not known; known: {', '.join(Kept)}"
    for kept in Kept:
        if not isinstance(content.get(kept), dict):
            yield 1, f"[{kept}] is missing"
        else:
            yield from ((_line_of(f"[{kept}]", lines), f"[{kept}] {what}") for what in _problems_of(content[kept]))


def _problems_of(line: Mapping[str, Any]) -> Iterator[str]:
    units = [unit for unit in LONGEST if unit in line]
    if len(units) != 1:
        yield f"needs exactly one of: {', '.join(LONGEST)}"
    for unit in units:
        if type(line[unit]) is not int or not 1 <= line[unit] <= LONGEST[unit]:
            yield f"{unit} is {line[unit]!r}; it must be a whole number from 1 to {LONGEST[unit]}"
    if not isinstance(line.get("says"), str) or not line["says"].strip():
        yield "says is missing or empty: tell in words what is kept so long"
    for key in sorted(line.keys() - {"says", *LONGEST}):
        yield f"{key} is not known here"


def _line_of(beginning: str, lines: list[str]) -> int:
    return next((number for number, text in enumerate(lines, start=1) if text.strip().startswith(beginning)), 1)


# How long copies live that we no longer hold in our hands: backups are kept so long, and store keys turn so often.
BACKUP_DAYS: Final = 35
STORE_KEY_DAYS: Final = 90


@dataclass(frozen=True, slots=True)
class Gone:
    """When what is erased on a day is gone everywhere else: from our backups, and at latest from copies stolen earlier."""

    from_backups: date
    from_stolen_copies: date

    @classmethod
    def of(cls, day: date) -> "Gone":
        return cls(day + timedelta(days=BACKUP_DAYS), day + timedelta(days=STORE_KEY_DAYS))
