"""Writes the picture of the lifecycle into README.md, between its two markers."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cases.states import CaseState
from cases.workflow import MOVES
from rainbowrail.lifecycle.diagram import mermaid

BEGIN = "<!-- lifecycle:begin -->"
END = "<!-- lifecycle:end -->"


class Command(BaseCommand):
    help = "Draw the lifecycle of a case into README.md from cases/workflow.py."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail when the picture is out of date")
        parser.add_argument("--file", type=Path, default=settings.BASE_DIR / "README.md", help="the page with the markers")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        text = path.read_text(encoding="utf-8")
        drawn = with_picture(text)
        if drawn == text:
            return
        if options["check"]:
            raise CommandError(f"The lifecycle in {path.name} is out of date; run `manage.py lifecycle_diagram`.")
        path.write_text(drawn, encoding="utf-8")
        self.stdout.write(f"Drew the lifecycle into {path.name}.")


def with_picture(text: str) -> str:
    """Return the page with the picture between its markers. Raises CommandError unless they are there once, in order."""
    before, begin, rest = text.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not (begin and end) or BEGIN in after or END in after:
        raise CommandError(f"The page needs the lines {BEGIN} and {END}, once each and in this order.")
    picture = mermaid(MOVES, start=CaseState.RECEIVED)
    return f"{before}{BEGIN}\n```mermaid\n{picture}```\n{END}{after}"
