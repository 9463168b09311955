"""`manage.py translations`: compile the catalogues, or with --check say which are out of date."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from rainbowrail.devtools.catalogues import catalogues, compiled, problems


class Command(BaseCommand):
    help = "Compile every .po file into its .mo file, without gettext."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when a catalogue is out of date")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if not check:
            for catalogue in catalogues():
                catalogue.with_suffix(".mo").write_bytes(compiled(catalogue))
        found = [problem for catalogue in catalogues() for problem in problems(catalogue)]
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write(f"{len(catalogues())} catalogues are up to date.")
