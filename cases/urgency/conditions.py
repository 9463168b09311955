"""A `when` table of the policy as a test: every line of it must hold; a list of tables holds when one of them does.

    { threat_now = "death" }                      the word has this value
    { outed = ["some", "public"] }                one of these
    { nights = { at_most = 7 } }                  a known number, within bounds: at_most, at_least, above
    { current_country = "unknown" }               nobody said

A word that is unknown meets no line but "unknown": only stated facts count.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cases.urgency.facts import UNKNOWN

type Reading = Mapping[str, Any]
type Test = Callable[[Reading], bool]
type Complain = Callable[[str], None]
type Vocabulary = Mapping[str, Word]


@dataclass(frozen=True, slots=True)
class Word:
    """One word a condition may use: what it can be, and which answers it is read from."""

    kind: Literal["truth", "number", "choice"]
    reads: frozenset[str]
    values: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """A test over a reading, the words it uses, the answers it depends on, and the numbers it names."""

    holds: Test
    words: frozenset[str]
    reads: frozenset[str]
    limits: tuple[int, ...]


BOUNDS: Mapping[str, Callable[[str, int], Test]] = {
    "at_most": lambda word, limit: lambda reading: (number := reading[word]) is not None and number <= limit,
    "at_least": lambda word, limit: lambda reading: (number := reading[word]) is not None and number >= limit,
    "above": lambda word, limit: lambda reading: (number := reading[word]) is not None and number > limit,
}


def read_condition(given: object, words: Vocabulary, complain: Complain) -> Condition:
    """Read a `when` table or a list of them; every fault goes to `complain`, and the condition then never holds."""
    tables: list[Any] = given if isinstance(given, list) else [given]
    if not tables or not all(isinstance(table, dict) and table for table in tables):
        complain("`when` must be a table of words, or a list of such tables, and not empty")
        return Condition(lambda reading: False, frozenset(), frozenset(), ())
    tests = [_all_of([_term(word, value, words, complain) for word, value in table.items()]) for table in tables]
    used = frozenset(word for table in tables for word in table)
    limits = [number for table in tables for value in table.values() if isinstance(value, dict) for number in value.values()]
    return Condition(
        _any_of(tests),
        used,
        frozenset().union(*(words[word].reads for word in used if word in words)),
        tuple(number for number in limits if isinstance(number, int)),
    )


def _term(name: str, value: object, words: Vocabulary, complain: Complain) -> Test:
    word = words.get(name)
    if word is None:
        complain(f"there is no word {name!r}; the words are: {', '.join(sorted(words))}")
    elif value == UNKNOWN:
        return lambda reading: reading[name] is None
    elif word.kind == "truth" and isinstance(value, bool):
        return lambda reading: reading[name] is value
    elif word.kind == "number" and isinstance(value, int) and not isinstance(value, bool):
        return lambda reading: reading[name] == value
    elif word.kind == "number" and isinstance(value, dict) and value and _are_bounds(value):
        return _all_of([BOUNDS[bound](name, limit) for bound, limit in value.items()])
    elif word.kind == "choice" and (chosen := value if isinstance(value, list) else [value]):
        if strangers := [one for one in chosen if one not in word.values]:
            complain(f"{name} is never {strangers[0]!r}; it is one of: {', '.join(sorted(word.values))}")
        allowed = frozenset(one for one in chosen if isinstance(one, str))
        return lambda reading: reading[name] in allowed
    else:
        expected = {"truth": "true or false", "number": "a whole number, or { at_most = 7 }, { at_least = 1 }, { above = 3 }"}
        complain(f"{name} cannot be {value!r}; it must be {expected.get(word.kind, 'one of: ' + ', '.join(word.values))}")
    return lambda reading: False


def _are_bounds(value: Mapping[str, object]) -> bool:
    return all(name in BOUNDS and isinstance(limit, int) and not isinstance(limit, bool) for name, limit in value.items())


def _all_of(tests: Iterable[Test]) -> Test:
    several = tuple(tests)
    if len(several) == 1:
        return several[0]
    if len(several) == 2:
        first, second = several  # by far the commonest, and twice as fast as a loop
        return lambda reading: first(reading) and second(reading)
    return lambda reading: all(test(reading) for test in several)


def _any_of(tests: Iterable[Test]) -> Test:
    several = tuple(tests)
    return several[0] if len(several) == 1 else lambda reading: any(test(reading) for test in several)
