"""`manage.py bench`: how long sealing takes on this machine, beside bare AES-GCM. Needs no database."""

from typing import Any

from django.core.management.base import BaseCommand

from rainbowrail.crypto import benchmarks


class Command(BaseCommand):
    help = "Measures sealing and opening on this machine: each field, key, box and code."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        for measurement in benchmarks.sealing():
            self.stdout.write(str(measurement))
