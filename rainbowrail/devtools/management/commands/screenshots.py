"""`manage.py screenshots`: pictures of every page, from a demo world of its own (development only)."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser

from rainbowrail.devtools.errors import CannotRun
from rainbowrail.devtools.world import ROOT, World

README_PICTURES = ROOT / "docs" / "pictures"


class Command(BaseCommand):
    help = "Bring up a demo world and take pictures of every page; --readme takes the two of the README only."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--into", type=Path, default=ROOT / ".run" / "screenshots", help="the folder they go to")
        parser.add_argument("--readme", action="store_true", help=f"only the pictures in {README_PICTURES.relative_to(ROOT)}")
        parser.add_argument("--languages", default="en,ar,sw", help="codes, or `all`; staff pages in those that they speak")
        parser.add_argument("--widths", default="320,1280", help="in pixels")
        parser.add_argument("--schemes", default="light", help="light, dark, or light,dark")
        parser.add_argument("--cases", default="240", help="how many invented cases the world holds")

    def handle(
        self,
        *args: Any,
        into: Path,
        readme: bool,
        languages: str,
        widths: str,
        schemes: str,
        cases: str,
        **options: Any,
    ) -> None:
        # Playwright and Pillow are for whoever takes pictures; the other commands do without them.
        from playwright.sync_api import sync_playwright

        from rainbowrail.devtools import browser, pictures

        folder = README_PICTURES if readme else into
        folder.mkdir(parents=True, exist_ok=True)
        looks = [
            pictures.Look(language, int(width), scheme)
            for language in ([code for code, _name in settings.LANGUAGES] if languages == "all" else languages.split(","))
            for width in widths.split(",")
            for scheme in schemes.split(",")
        ]
        world = World(
            ROOT / ".run" / "pictures", fresh=True, hasty=True, seed=["--cases", cases, "--seed", "9"], say=self.stdout.write
        )
        try:
            with world, sync_playwright() as playwright:
                chromium = playwright.chromium.launch(executable_path=browser.program(), args=browser.arguments())
                if readme:
                    taken = len(pictures.take_readme_pictures(chromium, world, folder))
                else:
                    taken = pictures.Photographer(chromium, world, folder, looks, self.stdout.write).take_everything()
        except CannotRun as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{taken} pictures are in {folder}.")
