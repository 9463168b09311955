"""`manage.py grants apply|show`: what each database role may do, applied after `migrate`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rainbowrail.crypto import grants
from rainbowrail.crypto.errors import CryptoError


class Command(BaseCommand):
    help = "Applies what the models state about database roles, or shows it as a table."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=["apply", "show"])

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        if verb == "apply":
            self._apply(int(options["verbosity"]))
        else:
            self._show()

    def _apply(self, verbosity: int) -> None:
        try:
            unstated = grants.apply()
        except CryptoError as error:
            raise CommandError(str(error)) from error
        if unstated:
            raise CommandError(
                f"Nothing is said about {', '.join(unstated)}, so nobody may use them. State `class Access` in each model."
            )
        if verbosity:
            self.stdout.write(f"{len(grants.statements())} tables have the grants they state.")

    def _show(self) -> None:
        for table, statement in grants.statements().items():
            said = "  ".join(f"{role}: {' '.join(sorted(statement.grants.of(role))) or '–'}" for role in grants.SERVING_ROLES)
            rows = f"  rows: {', '.join(policy.name for policy in statement.policies)}" if statement.policies else ""
            self.stdout.write(f"{table:32} {said}{rows}")
