"""`manage.py backup --into FILE`: every table in one sealed file. Run with the log-in of `rainbowrail_backup` and the owner's
key folder; the private half that opens it is not on this machine."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from rainbowrail.crypto import backup
from rainbowrail.crypto.errors import CryptoError


class Command(BaseCommand):
    help = "Writes every table into one file, sealed to the backup key."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--into", type=Path, required=True, help="a file; or a folder, whose backups older than 35 days are then deleted"
        )

    def handle(self, *args: Any, into: Path, verbosity: int, **options: Any) -> None:
        today = timezone.now().date()
        path = backup.file_name(today, into) if into.is_dir() else into
        try:
            rows = backup.write(path, today=today, say=self.stdout.write if verbosity > 1 else lambda line: None)
        except (CryptoError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{rows} rows are sealed into {path}.")
        if into.is_dir():
            for gone in backup.expire(into, today=today):
                self.stdout.write(f"Deleted {gone.name}: older than {backup.KEPT_DAYS} days.")
