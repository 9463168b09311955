"""`manage.py pages`: the page-by-page table of the public door, from a world of its own (development only)."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser

from rainbowrail.devtools.errors import CannotRun
from rainbowrail.devtools.world import ROOT, World

PAGE = ROOT / "docs" / "pages.md"
BEGIN, END = "<!-- table:begin -->\n", "<!-- table:end -->"


class Command(BaseCommand):
    help = "Weigh every page of the public door in every language, in a real browser; --write keeps the table in docs/pages.md."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--languages", default=",".join(code for code, _name in settings.LANGUAGES))
        parser.add_argument("--only", default="", help="only pages whose name has this in it")
        parser.add_argument("--write", action="store_true", help=f"keep the table in {PAGE.relative_to(ROOT)}")
        parser.add_argument("--into", type=Path, default=ROOT / ".run" / "pages", help="the folder of the world")
        parser.add_argument("--port", type=int, help="the port of its public door; any free one when left out")

    def handle(self, *args: Any, languages: str, only: str, write: bool, into: Path, port: int | None, **options: Any) -> None:
        # Playwright and axe are for whoever works on pages; the other commands do without them.
        from playwright.sync_api import sync_playwright

        from rainbowrail.devtools import browser, weights
        from rainbowrail.devtools.reach import stops

        pages = [stop for stop in stops() if only in stop.name]
        weighed: list[weights.Weight] = []
        world = World(into, port=port, fresh=True, hasty=True, seed=["--cases", "0"], say=self.stderr.write)
        try:
            with world, sync_playwright() as playwright:
                chromium = playwright.chromium.launch(executable_path=browser.program(), args=browser.arguments())
                weighed += weights.weigh(chromium, world, languages.split(","), pages=pages)
        except CannotRun as error:
            raise CommandError(str(error)) from error
        table = weights.table(weighed)
        self.stdout.write(table)
        if write:
            keep(table)
        if broken := [line for one in weighed for line in one.broken_limits()]:
            raise CommandError("\n".join(broken))


def keep(table: str) -> None:
    """Put the table into its place in docs/pages.md."""
    text = PAGE.read_text()
    before, rest = text.split(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}{table}\n{END}{rest.split(END)[1]}")
