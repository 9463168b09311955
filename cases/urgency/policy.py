"""The policy as scoring uses it, loaded from `policy.toml` and validated, with errors that say which line."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from cases.urgency.bands import Band
from cases.urgency.conditions import Condition, Word, read_condition
from cases.urgency.facts import KEYS, Events, OneOf
from cases.urgency.reading import WORDS, Definitions
from cases.urgency.rules import AnswerWords, Clocks, Factor, Line, Policy, Question, Rule, Span
from cases.urgency.tables import Table, read_toml

POLICY: Final = Path(__file__).with_name("policy.toml")
LONGEST_VERSION: Final = 40
UNITS: Final = ("hours", "days", "working_days", "weeks", "months")
CLOCKS: Final = ("first_read", "contact", "plan", "aim")

# What the class of a country's law may look at.
COUNTRY_WORDS: Final[Mapping[str, Word]] = {
    "criminalised": Word("choice", frozenset(), ("yes", "no", "de_facto", "unclear")),
    "death_penalty": Word("choice", frozenset(), ("none", "possible", "prescribed")),
    "max_penalty_years": Word("number", frozenset()),
    "life_sentence": Word("truth", frozenset()),
    "hostile": Word("truth", frozenset()),
    "alert": Word("truth", frozenset()),
}


@cache
def load(path: Path = POLICY) -> Policy:
    """Return the policy, read once a process. Raises PolicyError that names the line of every mistake."""
    return read_toml(path, _policy)


def _policy(top: Table) -> Policy:
    version = top.text("version")
    if len(version) > LONGEST_VERSION:
        top.complain(f"version is longer than {LONGEST_VERSION} characters", "version")
    sources_table = top.table("sources")
    sources = {name: sources_table.text(name) for name in sources_table.content}
    score = top.table("score")
    policy = Policy(
        version=version,
        sources=sources,
        defined=_definitions(top.table("reading")),
        law_classes=tuple(
            sorted((_law_class(table, sources) for table in top.each_table("law_class")), key=lambda pair: -pair[0])
        ),
        gates=tuple(_rule(table, sources, Band.EMERGENCY) for table in top.each_table("gates")),
        floors=tuple(_rule(table, sources) for table in top.each_table("floors")),
        unknown=score.steps("unknown", "0.5", "0", "4"),
        raises=_raises(score.table("raises")),
        factors=_factors(top.table("factors"), sources),
        questions=tuple(_question(table) for table in top.each_table("questions")),
        answers=_answers(top.table("answers")),
        clocks=_clocks(top.table("clocks"), sources),
    )
    score.finish()
    floors = [rule.id for rule in policy.floors]
    for twice in sorted({name for name in floors if floors.count(name) > 1}):
        top.complain(f"the floor {twice} stands there twice; give each its own id", "version")
    return policy


def _values(key: str) -> tuple[str, ...]:
    match KEYS[key]:
        case OneOf(values):
            return values
        case Events(types):
            return types
    raise LookupError(key)


def _definitions(table: Table) -> Definitions:
    from_key = {
        "violence": "last_harm",
        "direct_threat": "threat_now",
        "reach_at_places": "location_type",
        "child": "age_band",
        "no_shelter_places": "location_type",
        "confined_custody": "custody",
        "confined_places": "location_type",
        "torture_or_sexual_violence": "last_harm",
        "dated_harm": "dated_event",
        "question_only_when_gone": "dated_event",
        "secure_status": "legal_status_current",
        "stateless_status": "legal_status_current",
    }
    words = {name: table.words(name, _values(key)) for name, key in from_key.items()}
    words["criminalising"] = table.words("criminalising", COUNTRY_WORDS["criminalised"].values)
    days = table.whole("violence_without_date_days", 0, 3650)
    table.finish()
    return Definitions(violence_without_date_days=days, **words)


def _source(table: Table, sources: Mapping[str, str]) -> str:
    name = table.text("source")
    if name and name not in sources:
        table.complain(f"source {name!r} is not in [sources]", "source")
    return name


def _law_class(table: Table, sources: Mapping[str, str]) -> tuple[int, Condition]:
    condition = read_condition(table.condition(), COUNTRY_WORDS, table.complain)
    number = table.whole("class", 1, 4)
    _source(table, sources)
    table.finish()
    return number, condition


def _says(table: Table, condition: Condition) -> str:
    """Read the sentence and see that it names the numbers of its condition, so that neither is changed alone."""
    says = table.text("says")
    for limit in condition.limits:
        if limit > 1 and str(limit) not in says:
            table.complain(f"the sentence does not name the number {limit} of its `when`: {says!r}", "says")
    return says


def _rule(table: Table, sources: Mapping[str, str], band: Band | None = None) -> Rule:
    condition = read_condition(table.condition(), WORDS, table.complain)
    if band is None:
        floors = (Band.URGENT.name, Band.ELEVATED.name)
        named = table.text("band")
        if named not in floors:
            table.complain(f"band is {named!r}; a floor is one of: {', '.join(floors)}", "band")
        band = Band[named] if named in floors else Band.NORMAL
    rule = Rule(table.text("id"), band, condition, _says(table, condition), _source(table, sources))
    table.finish()
    return rule


def _raises(table: Table) -> tuple[tuple[int, Band], ...]:
    bands = [Band.URGENT, Band.ELEVATED]
    tenths = [table.steps(band.name, "0.1", "0", "100") for band in bands]
    if tenths != sorted(tenths, reverse=True):
        table.complain("URGENT needs a higher score than ELEVATED")
    table.finish()
    return tuple(zip(tenths, bands, strict=True))


def _factors(table: Table, sources: Mapping[str, str]) -> tuple[Factor, ...]:
    factors = tuple(_factor(name, table.table(name), sources) for name in table.content)
    if not factors:
        table.complain("there is no factor")
    return factors


def _factor(name: str, table: Table, sources: Mapping[str, str]) -> Factor:
    leading = table.take("leading", list, "a list of keys", [])
    for key in leading:
        if key not in KEYS:
            table.complain(f"leading names {key!r}; it may name: {', '.join(KEYS)}", "leading")
    unless = (
        read_condition(table.condition("leading_unless"), WORDS, table.complain) if "leading_unless" in table.content else None
    )
    highest = sorted((_line(line) for line in table.each_table("highest")), key=lambda line: -line.halves)
    then = [_then(line) for line in table.each_table("then")] if "then" in table.content else []
    factor = Factor(
        id=name,
        name=table.text("name"),
        weight=table.steps("weight", "0.01", "0.01", "1"),
        leading=tuple(leading),
        leading_unless=unless,
        each_other=table.steps("each_other", "0.5", "0", "4") if "each_other" in table.content else 0,
        highest=tuple(highest),
        then=tuple(then),
        source=_source(table, sources),
    )
    table.finish()
    return factor


def _line(table: Table) -> Line:
    condition = read_condition(table.condition(), WORDS, table.complain)
    line = Line(table.steps("points", "0.5", "0", "4"), condition, _says(table, condition))
    table.finish()
    return line


def _then(table: Table) -> Line:
    condition = read_condition(table.condition(), WORDS, table.complain)
    least = table.steps("if_at_least", "0.5", "0", "4") if "if_at_least" in table.content else 0
    line = Line(table.steps("add", "0.5", "-4", "4"), condition, _says(table, condition), least)
    table.finish()
    return line


def _question(table: Table) -> Question:
    condition = read_condition(table.condition(), WORDS, table.complain)
    question = Question(condition, table.optional_text("says"), table.text("asks"))
    table.finish()
    return question


def _answers(table: Table) -> dict[str, AnswerWords]:
    answers = {}
    for key in KEYS:
        words = table.table(key)
        answers[key] = AnswerWords(words.text("name"), words.text("asks"))
        words.finish()
    table.finish()
    return answers


def _clocks(table: Table, sources: Mapping[str, str]) -> dict[Band, Clocks]:
    clocks = {}
    for band in Band:
        own = table.table(band.name)
        spans = {name: _span(own.table(name)) for name in CLOCKS}
        on_duty = _span(own.table("first_read_on_duty")) if "first_read_on_duty" in own.content else spans["first_read"]
        clocks[band] = Clocks(
            **spans,
            first_read_on_duty=on_duty,
            aim_says=own.text("aim_says"),
            unhcr_priority=own.text("unhcr_priority"),
            source=_source(own, sources),
        )
        own.finish()
    table.finish()
    return clocks


def _span(table: Table) -> Span:
    if len(table.content) != 1 or not table.content.keys() <= set(UNITS):
        table.complain(f"a span is one unit and a number, such as {{ days = 7 }}; the units are: {', '.join(UNITS)}")
        return Span(0, "hours")
    (unit,) = table.content
    return Span(table.whole(unit, 1, 3650), unit)
