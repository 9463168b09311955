"""The few facts scoring may look at, in the keys of the questionnaire; anything else is refused with what is allowed."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, Protocol, Self

from rainbowrail.countries.codes import is_code

UNKNOWN: Final = "unknown"  # absent, null and this word are one thing; unknown is never "no"
MOST_DAYS: Final = 36_525  # a century
MISSING: Final = object()
MOST_SHOWN: Final = 60  # characters of a refused value that an error repeats


class Problem(NamedTuple):
    """One bad key or value: where it stands, what was given, what is allowed."""

    key: str
    value: str
    allowed: str

    def __str__(self) -> str:
        return f"{self.key}: {self.value} is not allowed; allowed: {self.allowed}"


class BadFacts(ValueError):
    """The facts cannot be read; `problems` lists every one. Its text repeats what was given: never log it."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


class Event(NamedTuple):
    """Something with a date. `in_days` counts from the day of scoring: negative has gone by, None has no known date."""

    type: str
    in_days: int | None


def shown(value: object) -> str:
    """Return a value as an error repeats it: as JSON would write it, and never very long."""
    text = "nothing" if value is MISSING else json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


class Kind(Protocol):
    """What a key may hold. `read` returns the value as scoring keeps it, or None for unknown."""

    @property
    def allowed(self) -> str: ...

    def read(self, value: Any, refuse: Callable[[str, object, str], None], key: str) -> Any: ...


@dataclass(frozen=True, slots=True)
class OneOf:
    values: tuple[str, ...]

    @property
    def allowed(self) -> str:
        return " | ".join((*self.values, UNKNOWN))

    def read(self, value: Any, refuse: Callable[[str, object, str], None], key: str) -> str | None:
        if isinstance(value, str) and value in self.values:
            return value
        refuse(key, value, self.allowed)
        return None


@dataclass(frozen=True, slots=True)
class SomeOf:
    """Several words. An empty list says nothing, so it is unknown."""

    values: tuple[str, ...]

    @property
    def allowed(self) -> str:
        return f"a list of {' | '.join(self.values)}"

    def read(self, value: Any, refuse: Callable[[str, object, str], None], key: str) -> tuple[str, ...] | None:
        if not isinstance(value, list):
            refuse(key, value, self.allowed)
            return None
        for number, word in enumerate(value, start=1):
            if not (isinstance(word, str) and word in self.values):
                refuse(f"{key}[{number}]", word, " | ".join(self.values))
        return tuple(value) or None


@dataclass(frozen=True, slots=True)
class YesNo:
    allowed: str = f"true | false | {UNKNOWN}"

    def read(self, value: Any, refuse: Callable[[str, object, str], None], key: str) -> bool | None:
        if isinstance(value, bool):
            return value
        refuse(key, value, self.allowed)
        return None


@dataclass(frozen=True, slots=True)
class WholeNumber:
    lowest: int
    highest: int

    @property
    def allowed(self) -> str:
        return f"a whole number from {self.lowest} to {self.highest}, without quotes | {UNKNOWN}"

    def read(self, value: Any, refuse: Callable[[str, object, str], None], key: str) -> int | None:
        if isinstance(value, int) and not isinstance(value, bool) and self.lowest <= value <= self.highest:
            return value
        refuse(key, value, self.allowed)
        return None


@dataclass(frozen=True, slots=True)
class Country:
    allowed: str = f"an ISO 3166 alpha-3 code in capitals, such as UGA | {UNKNOWN}"

    def read(self, value: Any, refuse: Callable[[str, object, str], None], key: str) -> str | None:
        if is_code(value):
            return str(value)
        hint = f"; did you mean {value.upper()}?" if isinstance(value, str) and is_code(value.upper()) else ""
        refuse(key, value, self.allowed + hint)
        return None


@dataclass(frozen=True, slots=True)
class Events:
    """An object {type, in_days}, a list of them, or {type: none}. An empty tuple is "none"; an empty list says nothing."""

    types: tuple[str, ...]
    days: WholeNumber = field(default_factory=lambda: WholeNumber(-MOST_DAYS, MOST_DAYS))

    @property
    def allowed(self) -> str:
        return f'{{"type": …, "in_days": …}}, a list of them, {{"type": "none"}} or {UNKNOWN}; types: {" | ".join(self.types)}'

    def read(self, value: Any, refuse: Callable[[str, object, str], None], key: str) -> tuple[Event, ...] | None:
        if isinstance(value, dict):
            return self._several([(key, value)], refuse)
        if isinstance(value, list):
            return self._several([(f"{key}[{number}]", one) for number, one in enumerate(value, start=1)], refuse)
        refuse(key, value, self.allowed)
        return None

    def _several(self, given: list[tuple[str, Any]], refuse: Callable[[str, object, str], None]) -> tuple[Event, ...] | None:
        types = [one.get("type") for _, one in given if isinstance(one, dict)]
        if "none" in types and len(given) > 1:
            refuse(given[types.index("none")][0], "none", "none stands alone, not beside other events")
        events = [event for where, one in given if (event := self._one(where, one, refuse))]
        if types == ["none"]:
            return ()
        return tuple(events) or None

    def _one(self, where: str, one: Any, refuse: Callable[[str, object, str], None]) -> Event | None:
        """Read one event; None when it says nothing, is "none", or was refused."""
        if not isinstance(one, dict):
            refuse(where, one, self.allowed)
            return None
        for name in one.keys() - {"type", "in_days"}:
            refuse(f"{where}.{name}", one[name], "only the keys type and in_days")
        kind, days = one.get("type"), one.get("in_days")
        has_date = days is not None and days != UNKNOWN
        if kind is None or kind in (UNKNOWN, "none"):
            if has_date:
                refuse(f"{where}.in_days", days, "days only with the type of an event")
            return None
        if not (isinstance(kind, str) and kind in self.types):
            refuse(f"{where}.type", kind, " | ".join(self.types))
            return None
        if "in_days" not in one:
            refuse(
                f"{where}.in_days", MISSING, f"{self.days.allowed} (0 is today, negative has gone by, null when nobody knows)"
            )
            return None
        return Event(kind, self.days.read(days, refuse, f"{where}.in_days") if has_date else None)


DAYS = WholeNumber(0, MOST_DAYS)
EVENT_TYPES = (
    "none", "deportation", "trial", "police_summons", "forced_marriage", "forced_examination", "eviction", "treatment_ends",
    "turns_18", "permit_ends", "one_year_window_ends",
)  # fmt: skip

# The key table, in its own order: the order in which ties between questions are broken.
KEYS: Final[Mapping[str, Kind]] = {
    "submitter": OneOf(("self", "partner", "friend")),
    "age_band": OneOf(("under_15", "15_17", "18_24", "25_59", "60_plus")),
    "minor_accompanied": YesNo(),
    "dependants": WholeNumber(0, 99),
    "nationality": Country(),
    "current_country": Country(),
    "legal_status_current": OneOf((
        "citizen", "permanent_resident", "resident", "temporary", "undocumented", "asylum_seeker",
        "refugee_recognised", "stateless",
    )),
    "location_type": OneOf(("home", "hiding_private", "shelter", "safe_house", "street", "detention", "family_confinement")),
    "shelter_nights_left": DAYS,
    "last_harm": OneOf((
        "none", "verbal", "outing", "doxxing", "extortion", "beating", "sexual_violence", "torture", "detention",
    )),
    "last_harm_days_ago": DAYS,
    "threat_now": OneOf(("none", "general", "serious_harm", "death")),
    "threat_source": OneOf(("family", "community", "state", "armed_group")),
    "perpetrator_knows_location": OneOf(("yes", "no")),
    "custody": OneOf((
        "none", "police", "prison", "armed_group", "immigration_detention", "family_confinement", "reporting_duty",
    )),
    "dated_event": Events(EVENT_TYPES),
    "outed": OneOf(("none", "some", "public")),
    "publicly_named": YesNo(),
    "self_rated_danger": WholeNumber(0, 4),
    "medical": OneOf(("none", "chronic_untreated", "injury_needs_care", "treatment_interrupted", "life_threatening")),
    "suicidality": OneOf(("none", "thoughts", "plan")),
    "survivor_torture_or_sv": YesNo(),
    "disability": YesNo(),
    "pregnant": YesNo(),
    "unhcr_registered": YesNo(),
    "trusted_person_nearby": YesNo(),
    "money_days": DAYS,
    "evidence": OneOf(("none", "some", "strong", "contradictory")),
    "help_asked": SomeOf((
        "relocation", "shelter", "cash", "medicine", "health", "legal", "stop_removal", "information", "advice",
        "digital_security", "resettlement", "family_reunion", "school", "housing", "escape", "leave",
    )),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class UrgencyFacts:
    """What was stated, and nothing else: a key that is not in `stated` is unknown. Days count from the day of scoring."""

    stated: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_answers(cls, answers: Mapping[str, Any]) -> Self:
        """Read answers in the keys of the table. Absent, null and "unknown" are one thing.

        Days are whole numbers counted from the day of scoring; `dated_event.in_days` may be negative (gone by) or null (no
        known date).
        Raises BadFacts that lists every bad key and value with what is allowed.
        """
        problems: list[Problem] = []

        def refuse(key: str, value: object, allowed: str) -> None:
            problems.append(Problem(key, shown(value), allowed))

        if not isinstance(answers, Mapping):
            refuse("facts", answers, "a JSON object")
            raise BadFacts(problems)
        stated = {}
        for key, value in answers.items():
            kind = KEYS.get(key)
            if kind is None:
                refuse(shown(key), value, f"only the keys {', '.join(KEYS)}")
            elif value is not None and value != UNKNOWN and (read := kind.read(value, refuse, key)) is not None:
                stated[key] = read
        if problems:
            raise BadFacts(problems)
        return cls(stated)

    def without(self, key: str) -> "UrgencyFacts":
        """Return the same facts with one key unknown."""
        return UrgencyFacts({name: value for name, value in self.stated.items() if name != key})
