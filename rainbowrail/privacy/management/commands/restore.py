"""`manage.py restore FILE`: put a sealed backup into an empty database, and forget again what was erased since, before a door
opens (docs/decisions/0019). Run as the owner, with every other process stopped."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from rainbowrail.crypto import backup
from rainbowrail.crypto.errors import CryptoError
from rainbowrail.crypto.sealed_stream import read_header
from rainbowrail.privacy import erased


class Command(BaseCommand):
    help = "Puts a sealed backup into an empty, migrated database, and erases again what was erased since it was made."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a sealed backup")
        parser.add_argument("--key", type=Path, help="the private backup-….key, from where it is kept offline")
        parser.add_argument("--erased", type=Path, help="the folder with erased.txt; by default RAINBOWRAIL_ERASED")
        parser.add_argument("--nothing-was-erased", action="store_true", help="go on without the list of erased ids")
        parser.add_argument("--however-old", action="store_true", help="also a backup that should have been deleted")

    def handle(self, *args: Any, file: Path, key: Path | None, verbosity: int, **options: Any) -> None:
        said: list[str] = []
        try:
            self._check_age(file, however_old=options["however_old"])
            ids = self._erased_ids(options["erased"], nothing=options["nothing_was_erased"])

            def forget() -> None:
                said.extend(f"{name}: {count}" for name, count in erased.replay(ids).items())

            rows = backup.restore(
                file,
                backup.private_key(key),
                before_commit=forget,
                say=self.stdout.write if verbosity > 1 else lambda line: None,
            )
        except (CryptoError, OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{rows} rows are back. Of {len(ids)} erased ids, forgotten again: {', '.join(said)}.")
        self.stdout.write("Now `manage.py prepare`, then `manage.py keys verify`, then start the doors.")

    def _check_age(self, file: Path, *, however_old: bool) -> None:
        with file.open("rb") as opened:
            age = (timezone.now().date() - read_header(opened).day).days
        if age > backup.KEPT_DAYS and not however_old:
            raise CommandError(
                f"This backup is {age} days old and should have been deleted after {backup.KEPT_DAYS}: it brings back whom we "
                "promised to forget. Say --however-old if it must be."
            )

    def _erased_ids(self, folder: Path | None, *, nothing: bool) -> list[Any]:
        place = folder or settings.ERASED_DIR
        if nothing:
            return []
        if place is None or not (place / erased.NAME).is_file():
            raise CommandError(
                "The list of erased ids is not there, so erased people would come back. Name its folder with --erased, or say "
                "--nothing-was-erased."
            )
        return list(erased.read(place))
