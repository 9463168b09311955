"""`manage.py doctor`: is everything as it must be? Run as the owner's process; ends with 1 when anything is wrong."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rainbowrail.web import doctor


class Command(BaseCommand):
    help = "Looks at keys, recovery, grants, migrations, clock and deliveries, and says what to do about what is wrong."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = 0
        for finding in doctor.findings():
            self.stdout.write(f"{'wrong' if finding.complaints else 'good':6} {finding.name}")
            for complaint in finding.complaints:
                self.stdout.write(f"       - {complaint}")
            wrong += bool(finding.complaints)
        if wrong:
            raise CommandError(f"{wrong} things are not as they must be.")
