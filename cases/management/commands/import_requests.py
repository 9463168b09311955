"""Brings in the file of a partner from standard input, as the page does; rows to mend go to standard output."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cases import actions
from cases.importing import mending
from cases.importing.columns import check_rows
from cases.importing.reading import MOST_BYTES, UnreadableFile, rows_of
from cases.models import PartnerOrganisation
from rainbowrail.accounts.models import User
from rainbowrail.errors import NotAllowed


class Command(BaseCommand):
    help = "Check, or import, requests that a partner collected: CSV or JSON on standard input (docs/partner-import.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--partner", required=True, help="name of the organisation")
        parser.add_argument("--as", required=True, dest="email", help="e-mail of the triage lead who imports; it is on record")
        parser.add_argument("--dry-run", action="store_true", help="check only")

    def handle(self, *args: Any, **options: Any) -> None:
        partner = PartnerOrganisation.objects.filter(name=options["partner"], is_active=True).first()
        user = User.objects.filter(email=options["email"], is_active=True).first()
        if partner is None or user is None:
            raise CommandError("There is no such active organisation, or no such active member of staff.")
        try:
            rows = check_rows(rows_of(sys.stdin.buffer.read(MOST_BYTES + 1)), today=timezone.localdate())
            if options["dry_run"]:
                actions.note_check(partner, rows, by=user.actor)
            else:
                told = actions.import_rows(partner, rows, by=user.actor, seconds=float("inf"))
                self.stderr.write(f"{told.made} came in, {told.before} came in before.")
            bad = sum(not row.is_good for row in rows)
            if bad:
                actions.note_mending(partner, rows, by=user.actor)
        except (UnreadableFile, NotAllowed) as problem:
            raise CommandError(str(problem)) from None
        self.stderr.write(f"{len(rows) - bad} rows are good, {bad} are to be mended.")
        if bad:
            self.stdout.write(mending.to_mend(rows), ending="")
