"""`manage.py keys make|register|show`: the keys of an installation, from their making to their entry in the database."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from rainbowrail.crypto import key_making, keyring
from rainbowrail.crypto.errors import CryptoError
from rainbowrail.crypto.models import IntakeKey, StoreKey
from rainbowrail.crypto.sources import files
from rainbowrail.crypto.sources.files import KeyFile, Kind
from rainbowrail.settings.env import Process


class Command(BaseCommand):
    help = "Makes the key files of an installation, registers them in the database, shows which exist."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        make = verbs.add_parser("make", help="make a folder of keys for each process; needs no database")
        make.add_argument(
            "--into", type=Path, required=True, help="the folder that gets public/, staff/, worker/, owner/ and clock/"
        )
        make.add_argument("--if-missing", action="store_true", help="do nothing when the keys are there already")
        make.add_argument("--demo", action="store_true", help="mark the keys as the demo's: production refuses them")
        verbs.add_parser("register", help="tell the database which keys exist; run as the owner, safe to run twice")
        verbs.add_parser("show", help="list the keys in this process's folder: kinds, ids and fingerprints, never a key")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        try:
            match verb:
                case "make":
                    self._make(options["into"], if_missing=options["if_missing"], demo=options["demo"] or settings.DEMO)
                case "register":
                    self._register(int(options["verbosity"]))
                case "show":
                    self._show()
        except (CryptoError, FileExistsError) as error:
            raise CommandError(str(error)) from error

    def _make(self, into: Path, *, if_missing: bool, demo: bool) -> None:
        if key_making.already_made(into):
            if if_missing:
                return
            raise CommandError(f"{into} holds keys already; they are never overwritten. Use --if-missing, or another folder.")
        key_making.make(today=_today(), demo=demo).write(into, together=demo or settings.PROCESS is Process.TEST)
        self.stdout.write(
            f"Keys are in {into}. Copy each folder to its process only, and keep a sealed copy away from this machine."
        )

    def _register(self, verbosity: int) -> None:
        with transaction.atomic():
            keys = list(files.read(keyring.folder()))
            done = [_register_one(key) for key in keys if key.kind in {Kind.INTAKE_PUBLIC, Kind.STORE_PRINT, Kind.STORE}]
        if not done:
            raise CommandError(f"No intake-*.pub and no store-*.print in {keyring.folder()}: nothing to register.")
        if verbosity:
            self.stdout.write("\n".join(done))

    def _show(self) -> None:
        for key in files.read(keyring.folder()):
            mark = "  demo" if key.demo else ""
            self.stdout.write(f"{key.kind:14} {key.id:14} {key.made_on}  {_fingerprint(key)}{mark}")


def _register_one(key: KeyFile) -> str:
    fingerprint = _fingerprint(key)
    if key.kind is Kind.INTAKE_PUBLIC:
        defaults = {"public_key": key.public, "fingerprint": fingerprint, "created_on": key.made_on}
        intake_row, new = IntakeKey.objects.get_or_create(id=key.id, defaults=defaults)
        known = intake_row.fingerprint
        name = str(intake_row)
    else:
        store_row, new = StoreKey.objects.get_or_create(
            id=int(key.id), defaults={"fingerprint": fingerprint, "created_on": key.made_on}
        )
        known = store_row.fingerprint
        name = str(store_row)
    if known != fingerprint:
        raise CommandError(f"The database knows another key as {name}; this folder belongs to another installation.")
    return f"{name}: {'registered' if new else 'was registered already'}"


def _fingerprint(key: KeyFile) -> str:
    return key.fingerprint or keyring.fingerprint(key.kind, key.secret)


def _today() -> date:
    return timezone.now().date()
