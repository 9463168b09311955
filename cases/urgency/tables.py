"""A TOML table read piece by piece: says what is missing, wrong or never read, with the line where it stands."""

import tomllib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, cast


class PolicyError(ValueError):
    """The policy cannot be used; each line of the text names a place in the file and what is wrong there."""


@dataclass
class Table:
    """One table of the file, and where it stands. Faults are gathered in `problems`; reading goes on with a harmless value."""

    content: dict[str, Any]
    place: str
    line: int
    lines: list[str]
    problems: list[str]
    seen: set[str] = field(default_factory=set)

    def complain(self, what: str, key: str | None = None) -> None:
        line = self._line_of(key) if key else self.line
        self.problems.append(f"line {line}, {self.place}: {what}")

    def _line_of(self, key: str) -> int:
        """Return the number of the first line from this table on that begins with the key; the table's own if there is none."""
        for number, text in enumerate(self.lines[self.line - 1 :], start=self.line):
            if text.strip().startswith(f"{key} ="):
                return number
        return self.line

    def take[T](self, key: str, kind: type[T] | tuple[type, ...], expected: str, default: T) -> T:
        """Return a value of the wanted type, or complain and return `default`."""
        self.seen.add(key)
        value = self.content.get(key)
        if value is None:
            self.complain(f"{key} is missing; it must be {expected}")
        elif not isinstance(value, kind) or isinstance(value, bool):
            self.complain(f"{key} is {value!r}; it must be {expected}", key)
        else:
            return cast(T, value)
        return default

    def text(self, key: str, default: str = "") -> str:
        if not (text := self.take(key, str, "a text in quotes", default).strip()):
            self.complain(f"{key} is empty", key)
        return text

    def optional_text(self, key: str) -> str:
        return self.text(key) if key in self.content else ""

    def whole(self, key: str, lowest: int, highest: int) -> int:
        number = self.take(key, int, f"a whole number from {lowest} to {highest}", lowest)
        if not lowest <= number <= highest:
            self.complain(f"{key} is {number}; it must be from {lowest} to {highest}", key)
        return number

    def steps(self, key: str, step: str, lowest: str, highest: str) -> int:
        """Return a number as a count of steps: 1.5 in steps of 0.5 is 3. Exact, for numbers are read as decimals."""
        expected = f"a number from {lowest} to {highest} in steps of {step}"
        number = Decimal(self.take(key, (int, Decimal), expected, Decimal(lowest)))
        if not number.is_finite() or not Decimal(lowest) <= number <= Decimal(highest) or number % Decimal(step):
            self.complain(f"{key} is {number}; it must be {expected}", key)
            return 0
        return int(number / Decimal(step))

    def words(self, key: str, allowed: Collection[str]) -> frozenset[str]:
        given = self.take(key, list, "a list of words", [])
        for word in given:
            if word not in allowed:
                self.complain(f"{key} names {word!r}; it may name: {', '.join(allowed)}", key)
        return frozenset(word for word in given if isinstance(word, str))

    def condition(self, key: str = "when") -> object:
        """Return a `when` as it stands; `conditions.read_condition` says what is wrong with it."""
        self.seen.add(key)
        if key not in self.content:
            self.complain(f"{key} is missing")
        return self.content.get(key)

    def table(self, key: str) -> "Table":
        """Return the table `[key]`, or `key = { … }`. Of one that is missing only that is said, not all that it lacks."""
        problems = self.problems if key in self.content else []
        content = self.take(key, dict, f"a table [{key}]", {})
        path = self._path(key)
        headers = (f"[{path}]", f"[{path}.")
        line = next((number for number, text in enumerate(self.lines, start=1) if text.strip().startswith(headers)), 0)
        return Table(content, f"[{path}]" if line else f"{self.place} {key}", line or self._line_of(key), self.lines, problems)

    def _path(self, key: str) -> str:
        return key if self.place == TOP else f"{self.place.strip('[]')}.{key}"

    def each_table(self, key: str) -> "Iterator[Table]":
        """Yield the tables of `[[key]]`, or the lines of `key = [ {…}, {…} ]`."""
        given = self.take(key, list, "a list of tables", [])
        headers = [number for number, text in enumerate(self.lines, start=1) if text.strip().startswith(f"[[{key}]]")]
        own = self._line_of(key)
        inline = [number for number, text in enumerate(self.lines[own:], start=own + 1) if text.strip().startswith("{")]
        for number, content in enumerate(given):
            starts = headers or inline
            name = f" ({content['id']})" if isinstance(content, dict) and isinstance(content.get("id"), str) else ""
            place = f"[[{key}]] number {number + 1}{name}" if headers else f"{self.place} {key}, number {number + 1}"
            table = Table({}, place, starts[number] if number < len(starts) else own, self.lines, self.problems)
            if isinstance(content, dict):
                table.content = content
                yield table
            else:
                table.complain(f"is {content!r}; it must be a table")

    def finish(self) -> None:
        """Complain about every key that nobody read: a slip of the pen must not pass for a rule."""
        for key in self.content.keys() - self.seen:
            self.complain(f"{key} is not known here; known: {', '.join(sorted(self.seen))}", key)


TOP = "the file"


def read_toml[T](path: Path, build: Callable[[Table], T]) -> T:
    """Read a file, let `build` make something of it, and raise PolicyError with every fault found."""
    try:
        text = path.read_text(encoding="utf-8")
        content = tomllib.loads(text, parse_float=Decimal)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PolicyError(f"{path.name}: {error}") from error
    top = Table(content, TOP, 1, text.splitlines(), [])
    built = build(top)
    top.finish()
    if top.problems:
        raise PolicyError("\n".join(f"{path.name}, {problem}" for problem in sorted(set(top.problems), key=_line_number)))
    return built


def _line_number(problem: str) -> tuple[int, str]:
    return int(problem.split(",", 1)[0].removeprefix("line ")), problem
