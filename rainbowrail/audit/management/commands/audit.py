"""`manage.py audit verify|checkpoint|link|expire`: is the trail what it was, where does it end, and what is past its years?"""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from rainbowrail.actors import SYSTEM
from rainbowrail.audit import chain, expiry, walk
from rainbowrail.audit.chain import Checkpoint
from rainbowrail.audit.models import AuditAnchor, AuditLink
from rainbowrail.audit.record import record
from rainbowrail.audit.verbs import KernelVerb
from rainbowrail.crypto import keyring
from rainbowrail.crypto.errors import CryptoError

KEEPER = "worker"  # the process whose folder has the audit key


class Command(BaseCommand):
    help = (
        "Checks the audit trail and says which line was tampered with; writes checkpoints. Needs the keys of worker or staff."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verify = verbs.add_parser(
            "verify", help="walk the whole chain; exit status 1 and one sentence for each thing that is wrong"
        )
        verify.add_argument(
            "--checkpoint",
            type=Path,
            help="a file that `audit checkpoint` wrote earlier, kept elsewhere; without it only the anchors are asked",
        )
        checkpoint = verbs.add_parser("checkpoint", help="say where the chain ends; keep it where this machine cannot reach")
        checkpoint.add_argument("--into", type=Path, help="the file to write instead of the terminal")
        link = verbs.add_parser("link", help="link what is not linked yet, the whole trail")
        link.add_argument(
            "--late",
            action="store_true",
            help="also lines that have waited for more than a day, which the worker leaves alone; find out first why they do",
        )
        expire = verbs.add_parser("expire", help="remove lines that are past their years; as the owner, with all keys at hand")
        expire.add_argument("--folders", type=Path, required=True, help="the folder of the whole installation's keys")
        expire.add_argument("--dry-run", action="store_true", help="say what would be removed, and do nothing")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        match verb:
            case "verify":
                self._verify(options["checkpoint"])
            case "checkpoint":
                self._checkpoint(options["into"])
            case "link":
                self._link(late=options["late"])
            case "expire":
                self._expire(options["folders"], dry_run=options["dry_run"])

    def _link(self, *, late: bool) -> None:
        waited = chain.late_lines(now=timezone.now()).count() if late else 0
        if waited:
            record(KernelVerb.LINKED_LATE, by=SYSTEM, detail={"count": waited})
        count = 0
        while linked := chain.link_new(everything=True, late=late):
            count += linked
        self.stdout.write(f"{count} lines linked.")
        if not late and (left := chain.late_lines(now=timezone.now()).count()):
            self.stdout.write(f"{left} lines have waited for more than a day and stay as they are; see `audit verify`.")

    def _expire(self, folders: Path, *, dry_run: bool) -> None:
        today = timezone.localdate()
        try:
            with keyring.using(folders / KEEPER):
                found = expiry.plan(today) if dry_run else expiry.expire(today)
        except CryptoError as error:
            raise CommandError(str(error)) from error
        if found is None:
            self.stdout.write("Nothing in the trail is past its years.")
            return
        done = "would be removed; nothing was done" if dry_run else "are removed; a sealed note of them stays"
        self.stdout.write(f"{found.lines} lines from before {found.before_on}, up to link {found.last.number}, {done}.")

    def _verify(self, path: Path | None) -> None:
        wrong = 0
        for finding in walk.verify(against=_read(path) if path else None):
            wrong += 1
            self.stdout.write(str(finding))
        if wrong:
            raise CommandError(f"{wrong} things are wrong with the trail; the lines above name them.", returncode=1)
        self.stdout.write(f"The trail is whole: {AuditLink.objects.count()} links, {AuditAnchor.objects.count()} anchors.")
        if path is None:
            self.stdout.write("To find an end that was removed with all anchors, compare a checkpoint that was kept elsewhere.")

    def _checkpoint(self, path: Path | None) -> None:
        end = chain.checkpoint()
        if end is None:
            raise CommandError("Nothing is linked yet; the worker does it each second, or run `manage.py audit link`.")
        text = json.dumps(asdict(end))
        if path is None:
            self.stdout.write(text)
        else:
            path.write_text(text + "\n")


def _read(path: Path) -> Checkpoint:
    try:
        stated = json.loads(path.read_text())
        return Checkpoint(number=int(stated["number"]), seal=str(stated["seal"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{path} is no checkpoint that `manage.py audit checkpoint` wrote.") from error
