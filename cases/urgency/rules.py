"""The shapes of a policy: rules, factors, questions, clocks. `policy.py` makes them from the file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cases.urgency.bands import Band
from cases.urgency.conditions import Condition
from cases.urgency.reading import Definitions


@dataclass(frozen=True, slots=True)
class Rule:
    """A gate or a floor: while it holds, the case is never below `band`."""

    id: str
    band: Band
    condition: Condition
    says: str
    source: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a factor. Points are counted in halves (1.5 points = 3), so that sums are exact."""

    halves: int
    condition: Condition
    says: str
    if_at_least: int = 0


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor of the score: its lines from most points to least, what is added afterwards, its weight in hundredths."""

    id: str
    name: str
    weight: int
    leading: tuple[str, ...]
    leading_unless: Condition | None
    each_other: int
    highest: tuple[Line, ...]
    then: tuple[Line, ...]
    source: str

    @property
    def reads(self) -> frozenset[str]:
        """The answers that this factor depends on."""
        lines = (line.condition.reads for line in (*self.highest, *self.then))
        unless = self.leading_unless.reads if self.leading_unless else frozenset()
        return frozenset(self.leading).union(unless, *lines)


@dataclass(frozen=True, slots=True)
class Question:
    """Something that raises a question, perhaps with a reason, and changes no number."""

    condition: Condition
    says: str
    asks: str


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """How a caseworker names one answer, and asks for it."""

    name: str
    asks: str


@dataclass(frozen=True, slots=True)
class Span:
    amount: int
    unit: str


@dataclass(frozen=True, slots=True)
class Clocks:
    """How soon each thing is due in one band, counted from the hour a request is received."""

    first_read: Span
    first_read_on_duty: Span
    contact: Span
    plan: Span
    aim: Span
    aim_says: str
    unhcr_priority: str
    source: str


@dataclass(frozen=True)
class Policy:
    version: str
    sources: Mapping[str, str]
    defined: Definitions
    law_classes: tuple[tuple[int, Condition], ...]
    gates: tuple[Rule, ...]
    floors: tuple[Rule, ...]
    unknown: int  # halves of a point
    raises: tuple[tuple[int, Band], ...]  # tenths of the score, highest first
    factors: tuple[Factor, ...]
    questions: tuple[Question, ...]
    answers: Mapping[str, AnswerWords]
    clocks: Mapping[Band, Clocks]

    @property
    def words(self) -> frozenset[str]:
        """Every word that some condition over the facts uses."""
        lines = (line.condition for factor in self.factors for line in (*factor.highest, *factor.then))
        unless = (factor.leading_unless for factor in self.factors if factor.leading_unless)
        rules = (rule.condition for rule in (*self.gates, *self.floors))
        questions = (question.condition for question in self.questions)
        return frozenset().union(*(condition.words for condition in (*lines, *unless, *rules, *questions)))

    def sentences(self) -> Iterator[str]:
        """Yield every text a caseworker may read, for whoever gathers what is to be translated."""
        for rule in (*self.gates, *self.floors):
            yield rule.says
        for factor in self.factors:
            yield factor.name
            yield from (line.says for line in (*factor.highest, *factor.then))
        for question in self.questions:
            yield from (text for text in (question.says, question.asks) if text)
        for words in self.answers.values():
            yield from (words.name, words.asks)
        for clocks in self.clocks.values():
            yield from (clocks.aim_says, clocks.unhcr_priority)
