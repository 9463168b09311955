"""`manage.py pepper show|new|retire`: turn the pepper of the return codes (docs/operations.md, "The pepper").

Codes cannot be closed anew without being typed. So two peppers are live for a long time: whoever comes back moves to the newer
one, and the older is retired when few are left, or when it may be known to somebody.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count
from django.utils import timezone

from intake.models import Draft, ReturnCode
from rainbowrail.crypto import key_events, key_making, keyring
from rainbowrail.crypto.errors import CryptoError
from rainbowrail.crypto.return_code import LIVE_PEPPERS
from rainbowrail.crypto.rotation import guards
from rainbowrail.crypto.rotation.places import Places
from rainbowrail.crypto.sources.files import Kind

KEEPER = "worker"  # the process whose folder has the audit key: what is done to a pepper is on record


class Command(BaseCommand):
    help = "Shows how many return codes need which pepper, makes a newer pepper, or retires the older one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("show", help="count the codes and drafts that need each pepper")
        new = verbs.add_parser("new", help="make the next pepper; the one of today stays live")
        retire = verbs.add_parser("retire", help="destroy the older pepper")
        for verb in (new, retire):
            verb.add_argument("--folders", type=Path, required=True, help="the folder that `keys make --into` filled")
        retire.add_argument("--lose-codes", action="store_true", help="also when people can then not come back with their code")

    def handle(self, *, verb: str, **options: Any) -> None:
        try:
            if verb == "show":
                self._show()
                return
            guards.check_may_turn()
            places = Places.of_installation(options["folders"])
            with keyring.using(options["folders"] / KEEPER):
                if verb == "new":
                    self._new(places)
                else:
                    self._retire(places, lose_codes=options["lose_codes"])
        except CryptoError as error:
            raise CommandError(str(error)) from None

    def _show(self) -> None:
        codes, drafts = _counts(ReturnCode), _counts(Draft)
        for version in sorted(codes | drafts):
            # Two rows a person and conversation; which of the two is used, nobody knows.
            self.stdout.write(f"pepper {version}: {codes.get(version, 0) // 2} codes, {drafts.get(version, 0)} drafts")

    def _new(self, places: Places) -> None:
        live = [int(key.id) for key in places.all_of(Kind.PEPPER)]
        if len(live) >= LIVE_PEPPERS:
            raise CommandError(f"Two peppers are live already ({live[0]} and {live[1]}). Retire the older one first.")
        demo = any(key.demo for key in places.all_of(Kind.PEPPER))
        key = key_making.symmetric(Kind.PEPPER, str(max(live, default=0) + 1), today=timezone.localdate(), demo=demo)
        # On record first: what cannot be written down is not done.
        key_events.tell(key_events.turned, Kind.PEPPER, key.id)
        places.put(key)
        self.stdout.write(f"Pepper {key.id} is live. New codes take it; older ones move to it when they are typed.")

    def _retire(self, places: Places, *, lose_codes: bool) -> None:
        live = [int(key.id) for key in places.all_of(Kind.PEPPER)]
        if len(live) < LIVE_PEPPERS:
            raise CommandError("Only one pepper is live; without it no code opens. Make a new one first.")
        older = live[0]
        codes, drafts = _counts(ReturnCode).get(older, 0) // 2, _counts(Draft).get(older, 0)
        if (codes or drafts) and not lose_codes:
            raise CommandError(
                f"{codes} codes and {drafts} drafts still need pepper {older}. Those people could not come back; staff would "
                "have to recognise each and give them a new code. With --lose-codes it is retired all the same."
            )
        key_events.tell(key_events.destroyed, Kind.PEPPER, str(older))
        places.remove(Kind.PEPPER, str(older))
        self.stdout.write(f"Pepper {older} is destroyed: {codes} codes and {drafts} drafts went with it.")


def _counts(model: type[ReturnCode] | type[Draft]) -> dict[int, int]:
    rows = model._default_manager.filter(pepper_version__isnull=False)
    return dict(rows.values_list("pepper_version").annotate(rows=Count("id")).order_by("pepper_version"))
