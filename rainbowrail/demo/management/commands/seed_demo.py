"""`manage.py seed_demo --cases N`: an invented world, from one case to a hundred thousand."""

import os
import sys
from argparse import ArgumentParser
from random import SystemRandom
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from intake import finding
from rainbowrail.accounts.models import User
from rainbowrail.demo.caseload import Staff
from rainbowrail.demo.cast import STAFF, Cast, make_cast
from rainbowrail.demo.happenings import happen
from rainbowrail.demo.sharing import Batch, write
from rainbowrail.roles import Role

BATCH = 250
# Below this, starting more processes costs more than it saves.
WORTH_SHARING = 2_000
BAR_WIDTH = 40


class Command(BaseCommand):
    help = "Fills the database with invented people and cases. Refuses to run outside the demo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cases", type=int, default=60, help="how many invented cases to add (default 60)")
        parser.add_argument("--seed", type=int, default=None, help="the same number gives the same people")
        parser.add_argument(
            "--workers", type=int, default=os.cpu_count() or 1, help="processes that write (default: one a core)"
        )

    def handle(self, *args: Any, cases: int, seed: int | None, workers: int, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "Invented people are for the demo only: set RAINBOWRAIL_DEMO=yes on a database that may hold them."
            )
        if cases < 0:
            raise CommandError(f"--cases is {cases}; it must be 0 or more.")
        is_first = not User.objects.exists()
        cast = make_cast() if is_first else None
        staff = Staff(cast.caseworkers, cast.lead, cast.officers) if cast else _staff_there()
        start = SystemRandom().randrange(2**31) if seed is None else seed
        batches: list[Batch] = [(min(BATCH, cases - done), start + done, staff) for done in range(0, cases, BATCH)]
        done = 0
        self._show(0, cases)
        is_shared = cases >= WORTH_SHARING and workers > 1
        if is_shared:
            connection.close()
        for written in write(batches, workers=workers if is_shared else 1):
            done += written
            self._show(done, cases)
        if is_first and cases:
            happen()
        finding.thin()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # a fresh hundred thousand rows would be planned for as if there were none
        if cast:
            self.stdout.write(_log_ins(cast))
        self.stdout.write(f"  {cases} invented cases are in the queue and behind it.")

    def _show(self, done: int, cases: int) -> None:
        if not sys.stderr.isatty() or not cases:
            return
        filled = BAR_WIDTH * done // cases
        self.stderr.write(
            f"\r  [{'#' * filled}{'.' * (BAR_WIDTH - filled)}] {done:,} of {cases:,}", ending="\n" if done == cases else ""
        )
        self.stderr.flush()


def _staff_there() -> Staff:
    def of(role: Role) -> list[int]:
        found = list(User.objects.with_role(role).order_by("pk").values_list("pk", flat=True))
        if not found:
            raise CommandError(f"Nobody has the role {role.label}; seed a fresh database first.")
        return found

    return Staff(tuple(of(Role.CASEWORKER)), of(Role.TRIAGE_LEAD)[0], tuple(of(Role.REFERRAL_OFFICER)))


def _log_ins(cast: Cast) -> str:
    people = "\n".join(
        f"    {email + '@example.org':20} {name:6} {', '.join(str(role.label) for role in roles) or 'no role'}"
        for email, name, roles in STAFF
    )
    codes = "\n".join(f"    {name:6} {code}" for name, code in cast.codes.items())
    return (
        f"  Staff, all with the password {cast.password}\n"
        f"  and, as second factor, an app that shows codes for {cast.app_secret}\n{people}\n"
        f"  Applicants and their return codes\n{codes}\n"
        f"  The official's age key, to open what is referred to them\n    {cast.official_secret}\n"
    )
