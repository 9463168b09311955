"""manage.py scrub: make a restored copy of production fit for a laptop. Run as the owner of the copy."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from rainbowrail.privacy import scrub
from rainbowrail.settings.env import Process


class Command(BaseCommand):
    help = "Take every person out of a copy of the database, and keep its counts. Refuses a database not marked as a copy."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--mark", metavar="DATABASE", help="first: say that the connected database, of this name, is a copy"
        )

    def handle(self, *args: Any, mark: str | None, **options: Any) -> None:
        if settings.PROCESS not in {Process.OWNER, Process.TEST}:
            raise CommandError("Only the owner of a database scrubs it: set RAINBOWRAIL_PROCESS=owner.")
        try:
            if mark is not None:
                scrub.mark(mark)
                self.stdout.write(f"{mark} is marked as a copy. `manage.py scrub` now takes everybody out of it, for good.")
                return
            left = scrub.scrub()
        except scrub.ScrubRefused as refused:
            raise CommandError(str(refused)) from refused
        scrub.compact()
        for table, count in left.items():
            self.stdout.write(f"{table:<34} {count:>9}")
        self.stdout.write(
            "Scrubbed. Drop the copy's server log and write-ahead log before it leaves; then `manage.py keys register`."
        )
