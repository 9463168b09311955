"""`manage.py prepare`: bring the database up to the code, in the one right order (owner's log-in)."""

from typing import Any

from django.core.management import BaseCommand, call_command


class Command(BaseCommand):
    help = "Migrate, apply what each role may do, and register the public facts of the keys. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=options["verbosity"], interactive=False)
        call_command("grants", "apply")
        call_command("keys", "register")
