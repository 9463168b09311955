"""`manage.py keys make|register|show|rotate|shred|verify|copy|recover`: the keys of an installation, from their making to their
end.

`make` and `recover` need no database. The others but `show` are run by the operator, with the owner's log-in and mostly
the folder of the whole installation (`--folders`); docs/operations.md says when. Each can be stopped with Ctrl-C or SIGTERM
and goes on where it was when it is run again.
"""

import sys
from argparse import ArgumentParser, _SubParsersAction
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from rainbowrail.crypto import key_events, key_making, keyring, recovery, recovery_copies, shares
from rainbowrail.crypto.errors import CryptoError, RotationHeld
from rainbowrail.crypto.models import DestroyedKey, IntakeKey, StoreKey
from rainbowrail.crypto.rotation import guards, store
from rainbowrail.crypto.rotation.operator import KEEPER, Operator
from rainbowrail.crypto.rotation.stopping import Stopped
from rainbowrail.crypto.sources import files
from rainbowrail.crypto.sources.files import KeyFile, Kind
from rainbowrail.settings.env import Process

STOPPED = 130  # what a shell calls a command that was ended by Ctrl-C
SHARES, NEEDED = 5, 3


class Command(BaseCommand):
    help = "Makes, registers, shows, turns, destroys, checks and recovers the keys of an installation."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        make = verbs.add_parser("make", help="make a folder of keys for each process; needs no database")
        make.add_argument(
            "--into", type=Path, required=True, help="the folder that gets public/, staff/, worker/, owner/, pins/ and offline/"
        )
        make.add_argument("--if-missing", action="store_true", help="do nothing when the keys are there already")
        make.add_argument("--demo", action="store_true", help="mark the keys as the demo's: production refuses them")
        make.add_argument("--shares", type=int, default=SHARES, help="how many people get a recovery share (5)")
        make.add_argument("--needed", type=int, default=NEEDED, help="how many of them open the recovery copy together (3)")
        verbs.add_parser("register", help="tell the database which keys exist; run as the owner, safe to run twice")
        verbs.add_parser("show", help="list the keys in this process's folder: kinds, ids and fingerprints, never a key")
        self._add_rotation(verbs)
        copy = verbs.add_parser("copy", help="seal a new recovery copy of all keys; after each rotation of the store key")
        _takes_folders(copy)
        copy.add_argument("--into", type=Path, help="the file; by default one of the day in offline/")
        recover = verbs.add_parser("recover", help="open a recovery copy with the shares, typed in one after another")
        recover.add_argument("copy", type=Path, help="the recovery-….sealed file")
        recover.add_argument(
            "--share", type=Path, action="append", default=[], help="a file with one share, in place of typing"
        )
        recover.add_argument("--try", action="store_true", dest="only_try", help="open and compare, write nothing but the note")
        recover.add_argument("--into", type=Path, help="an empty folder that gets the keys")

    def _add_rotation(self, verbs: "_SubParsersAction[Any]") -> None:
        rotate = verbs.add_parser("rotate", help="make the next key, bring everything under it, destroy the old one")
        rotate.add_argument("which", choices=["intake", "store", "index"])
        rotate.add_argument("--stage", action="store_true", help="only make and register; run again to finish")
        rotate.add_argument("--batch", type=int, default=store.BATCH, help="rows in one transaction (500)")
        shred = verbs.add_parser("shred", help="destroy a retired key that nothing needs any more")
        shred.add_argument("which", choices=["intake", "store"])
        shred.add_argument("key_id", help="as `keys show` lists it")
        check = verbs.add_parser("verify", help="compare every key with its row and open every wrap; writes nothing")
        for parser in (rotate, shred, check):
            _takes_folders(parser)
        for parser in (rotate, shred):
            parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        try:
            match verb:
                case "make":
                    self._make(options)
                case "register":
                    self._register(int(options["verbosity"]))
                case "show":
                    self._show()
                case "copy":
                    self._copy(options["folders"], into=options["into"])
                case "recover":
                    self._recover(options["copy"], options["share"], into=options["into"], only_try=options["only_try"])
                case _:
                    Operator(self.stdout, options, today=_today()).run(verb)
        except Stopped:
            raise CommandError("Stopped. What was done is kept; run the same again to go on.", returncode=STOPPED) from None
        except (CryptoError, FileExistsError) as error:
            raise CommandError(str(error)) from error

    # --- making ---

    def _make(self, options: dict[str, Any]) -> None:
        into, demo = options["into"], options["demo"] or settings.DEMO
        if key_making.already_made(into):
            if options["if_missing"]:
                return
            raise CommandError(f"{into} holds keys already; they are never overwritten. Use --if-missing, or another folder.")
        if not 2 <= options["needed"] <= options["shares"] <= shares.MOST:
            raise CommandError("Of the shares at least 2, and at most all, are needed: --shares 5 --needed 3.")
        made = key_making.make(today=_today(), demo=demo)
        made.write(into, together=demo or settings.PROCESS is Process.TEST)
        copy = recovery_copies.make(into, today=_today())
        cut = shares.of(
            made.recovery_secret,
            needed=options["needed"],
            shares=options["shares"],
            name=recovery.set_name(made.by_kind[Kind.RECOVERY_PUBLIC].fingerprint),
        )
        offline = into / key_making.OFFLINE
        self.stdout.write(
            f"Keys are in {into}. Copy each folder to its process only.\n\n"
            f"Carry {offline} away from this machine now: the backup key opens every backup, and {copy.name} holds\n"
            f"all keys, closed to {options['needed']} of these {options['shares']} shares. Each share goes to another person, "
            "on paper;\nthey are shown this once.\n"
        )
        for share in cut:
            self.stdout.write(f"  share {share.number} of {len(cut)}, {share.needed} needed:\n    {share}")
        self.stdout.write("\nThen try it: `manage.py keys recover --try` with the copy; `manage.py doctor` waits for that.")

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
            mark = "  demo" if key.demo else f"  closed by {key.service}" if key.wrapped else ""
            self.stdout.write(f"{key.kind:14} {key.id:14} {key.made_on}  {_fingerprint(key)}{mark}")

    def _copy(self, root: Path, *, into: Path | None) -> None:
        """Put on record that every key is read for a copy, and seal it: what cannot be written down is not done."""
        closed_to = recovery_copies.public_half(root / "owner").id
        with keyring.using(root / KEEPER):
            key_events.tell(key_events.copied, Kind.RECOVERY_PUBLIC, closed_to)
        path = recovery_copies.make(root, today=_today(), into=into)
        self.stdout.write(f"Sealed into {path}.")

    def _recover(self, path: Path, share_files: list[Path], *, into: Path | None, only_try: bool) -> None:
        if only_try == (into is not None):
            raise CommandError("Say --try, or --into an empty folder.")
        try:
            copy = path.read_bytes()
            given = [shares.read(file.read_text()) for file in share_files] or self._ask_for_shares()
        except (OSError, ValueError) as error:
            raise CommandError(f"A file cannot be read: {type(error).__name__}.") from None
        if into is None:
            trial = recovery_copies.try_out(copy, given, keyring.folder(), today=_today())
            self.stdout.write(f"The copy opens and brings back {len(trial.covers)} keys. This is noted for `doctor`.")
            return
        if into.exists() and any(into.iterdir()):
            raise CommandError(f"{into} is not empty; keys are never overwritten.")
        found = recovery_copies.open_with(copy, given)
        recovery.write_files(into, found.files)
        self.stdout.write(f"{len(found.files)} files are in {into}. Give each process its folder; `keys verify` checks them.")

    def _ask_for_shares(self) -> list[shares.Share]:
        given: list[shares.Share] = []
        while not given or len({share.number for share in given}) < given[0].needed:
            wanted = f" of {given[0].needed}" if given else ""
            self.stderr.write(f"Share {len(given) + 1}{wanted}: ", ending="")
            line = sys.stdin.readline()
            if not line:
                break
            try:
                given.append(shares.read(line))
            except CryptoError as error:
                self.stderr.write(str(error))
        return given


def _takes_folders(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--folders", type=Path, required=True, help="the folder that `keys make --into` filled, with all processes' folders"
    )


def _register_one(key: KeyFile) -> str:
    fingerprint = _fingerprint(key)
    if DestroyedKey.objects.filter(fingerprint=fingerprint).exists():
        return f"{key.name}: destroyed, and not registered again"
    registered: type[IntakeKey] | type[StoreKey] = IntakeKey if key.kind is Kind.INTAKE_PUBLIC else StoreKey
    if registered.objects.exists() and not registered.objects.filter(pk=key.id).exists():
        try:  # a further key that counts is the first step of a turn; the doors start without it
            guards.check_may_turn()
        except RotationHeld as held:
            return f"{key.name}: not registered yet. {held}"
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
