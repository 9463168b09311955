"""`manage.py quality`: every check, fastest first, each with how to mend what it finds (development only)."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from rainbowrail.devtools import checks


class Command(BaseCommand):
    help = "Check everything that can be judged without running the system; --fix mends what a machine can mend."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fix", action="store_true", help="mend first what can be mended, and check nothing else")
        parser.add_argument("--only", default="", help="only the checks whose name holds these words")

    def handle(self, *args: Any, fix: bool, only: str, **options: Any) -> None:
        failed: list[checks.Result] = []
        for check in checks.all_checks():
            if only not in check.name or (fix and check.fix is None):
                continue
            if self.stdout.isatty():
                self.stdout.write(f" …  {check.name}", ending="\r")
                self.stdout.flush()
            result = checks.run(check, fix=fix)
            self.stdout.write(f"{'ok ' if result.passed else 'BAD'} {check.name}  ({result.seconds:.1f} s)")
            if not result.passed:
                failed.append(result)
                self.stdout.write(f"{result.output}\n    to mend it: {check.advice}\n")
        if failed:
            raise CommandError(f"{len(failed)} found something: {', '.join(result.check.name for result in failed)}.")
