"""Score facts from a file or standard input and print the result as JSON. Needs no database, no keys and no environment."""

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, datetime
from pathlib import Path
from typing import Any, Never
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cases.urgency.facts import BadFacts, UrgencyFacts, shown
from cases.urgency.score import default_scorer
from cases.urgency.tables import PolicyError

BAD_INPUT = 2  # the exit status when the input, not the program, is at fault


class BadJson(ValueError):
    """Valid facts are plain JSON; str(error) says what is not."""


class Command(BaseCommand):
    help = (
        "Print the urgency of facts in the keys of the questionnaire, as JSON. An object gives one result, a list a list. "
        "Absent keys are unknown. Bad keys or values are listed with what is allowed, and the exit status is 2."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--facts", required=True, metavar="FILE|-", help="a JSON file, or - for standard input")
        parser.add_argument(
            "--today", type=day, metavar="DATE", help="the day from which days count, such as 2026-11-21 (default: today)"
        )

    def handle(self, *args: object, **options: Any) -> None:
        today = options["today"] or datetime.now(ZoneInfo(settings.ORGANISATION_TIME_ZONE)).date()
        given = read_json(options["facts"])
        facts = read_facts(given if isinstance(given, list) else [given], is_list=isinstance(given, list))
        try:
            scorer = default_scorer()
        except PolicyError as error:
            raise CommandError(f"The policy cannot be used.\n{error}") from error
        results = [scorer.score(one, today=today).as_json() for one in facts]
        self.stdout.write(json.dumps(results if isinstance(given, list) else results[0], ensure_ascii=False, indent=2))


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no date; write it like 2026-11-21") from error


def read_facts(given: list[Any], *, is_list: bool) -> list[UrgencyFacts]:
    """Read every set of facts. Raises CommandError that lists every bad key and value, with its place in the list."""
    facts, complaints = [], []
    for number, answers in enumerate(given, start=1):
        try:
            facts.append(UrgencyFacts.from_answers(answers))
        except BadFacts as error:
            complaints += [f"number {number}, {problem}" if is_list else str(problem) for problem in error.problems]
    if complaints:
        fail("\n".join(complaints))
    return facts


def read_json(source: str) -> Any:
    """Read strict JSON: no NaN, no key twice. Raises CommandError that says what is wrong."""
    try:
        text = (sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()).decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=once, parse_constant=no_number)
    except OSError as error:
        fail(f"--facts {source}: {error.strerror or error}.")
    except UnicodeDecodeError as error:
        fail(f"--facts {source}: not UTF-8 text (byte {error.start}).")
    except RecursionError:
        fail(f"--facts {source}: nested too deeply; facts are one object, or a list of objects.")
    except ValueError as error:  # also json.JSONDecodeError, BadJson and numbers of thousands of digits
        fail(f"--facts {source}: not valid JSON: {error}.")


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        values = ", ".join(shown(value) for key, value in pairs if key == twice[0])
        raise BadJson(f"the key {shown(twice[0])} stands there more than once ({values}); say it once")
    return dict(pairs)


def no_number(name: str) -> Never:
    raise BadJson(f'{name} is no number; allowed: a whole number, null or "unknown"')


def fail(message: str) -> Never:
    raise CommandError(message, returncode=BAD_INPUT)
