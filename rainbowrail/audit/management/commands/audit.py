"""`manage.py audit verify|checkpoint|link`: is the trail what it was, and where does it end?"""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rainbowrail.audit import chain
from rainbowrail.audit.chain import Checkpoint
from rainbowrail.audit.models import AuditLink


class Command(BaseCommand):
    help = (
        "Checks the audit trail and says which line was tampered with; writes checkpoints. Needs the keys of worker or staff."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verify = verbs.add_parser(
            "verify", help="walk the whole chain; exit status 1 and one sentence for each thing that is wrong"
        )
        verify.add_argument("--checkpoint", type=Path, help="a file that `audit checkpoint` wrote earlier, kept elsewhere")
        checkpoint = verbs.add_parser("checkpoint", help="say where the chain ends; keep it where this machine cannot reach")
        checkpoint.add_argument("--into", type=Path, help="the file to write instead of the terminal")
        verbs.add_parser("link", help="link what is not linked yet, the whole trail")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        match verb:
            case "verify":
                self._verify(options["checkpoint"])
            case "checkpoint":
                self._checkpoint(options["into"])
            case "link":
                count = 0
                while linked := chain.link_new(everything=True):
                    count += linked
                self.stdout.write(f"{count} lines linked.")

    def _verify(self, path: Path | None) -> None:
        wrong = 0
        for finding in chain.verify(against=_read(path) if path else None):
            wrong += 1
            self.stdout.write(str(finding))
        if wrong:
            raise CommandError(f"{wrong} things are wrong with the trail; the lines above name them.", returncode=1)
        self.stdout.write(f"The trail is whole: {AuditLink.objects.count()} links.")

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
