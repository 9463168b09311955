"""The intake pair turns each week: the next pair is made and pinned, the old one retired, and destroyed when nothing needs it.

The private half is written first, then the public half into every place where it is pinned, then the row; only then is the old
pair retired. A public process goes on sealing to the old pair until the database says that it does not count, and finds the
new one pinned by then. An old half lives at least eight days, and as long as one box is closed to it (docs/decisions/0016).
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction

from rainbowrail.crypto import key_events, key_making, keyring
from rainbowrail.crypto.errors import KeyMissing, KeyStillNeeded
from rainbowrail.crypto.models import DestroyedKey, IntakeKey
from rainbowrail.crypto.rotation import destroying, guards, lock
from rainbowrail.crypto.rotation.places import Places
from rainbowrail.crypto.sources.files import Kind

LIFETIME_DAYS = 7


@dataclass
class Report:
    """What a turn did, or would do."""

    new: str = ""
    retired: list[str] = field(default_factory=list)
    destroyed: list[str] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)  # id, and why it is not destroyed yet


def is_due(today: date) -> bool:
    """Say whether the newest pair that counts is a week old."""
    newest = IntakeKey.objects.filter(retired_on=None).order_by("-created_on").first()
    return newest is None or newest.created_on + timedelta(days=LIFETIME_DAYS) <= today


def rotate(places: Places, *, today: date, stage: bool = False, dry_run: bool = False) -> Report:
    """Make the next pair, retire the others, destroy those that may go. With `stage` none is retired, so that the public half
    can be carried to other hosts first; the next call then finishes. Raises RotationUnderWay and RotationHeld."""
    report = Report()
    with lock.only_one():
        if dry_run:
            report.retired = [row.id for row in IntakeKey.objects.filter(retired_on=None)]
        else:
            guards.check_may_turn()
            _turn(places, report, today, stage=stage)
        _destroy_old(places, report, today, dry_run=dry_run)
    keyring.reload()
    return report


def destroy_old(places: Places, *, today: date) -> Report:
    """Destroy the pairs that were retired long enough ago and that no box needs."""
    report = Report()
    with lock.only_one():
        _destroy_old(places, report, today, dry_run=False)
    return report


def _turn(places: Places, report: Report, today: date, *, stage: bool) -> None:
    with transaction.atomic():
        rows = {row.id: row for row in IntakeKey.objects.select_for_update(no_key=True)}
        report.new = _staged(rows) or _register_next(places, rows, today)
        if not stage:
            old = [row for row in rows.values() if row.retired_on is None and row.id != report.new]
            report.retired = [row.id for row in old]
            IntakeKey.objects.filter(id__in=report.retired).update(retired_on=today)
            key_events.tell(key_events.turned, Kind.INTAKE, report.new)


def _staged(rows: dict[str, IntakeKey]) -> str:
    """Return the pair that an earlier call made without retiring the one before it; empty when there is none."""
    counting = sorted((row for row in rows.values() if row.retired_on is None), key=lambda row: (row.created_on, row.id))
    return counting[-1].id if len(counting) > 1 else ""


def _register_next(places: Places, rows: dict[str, IntakeKey], today: date) -> str:
    gone = set(DestroyedKey.objects.filter(kind=Kind.INTAKE).values_list("number", flat=True))
    held = places.all_of(Kind.INTAKE)
    if not held:
        raise KeyMissing("No private intake key is in these folders; a new pair would leave what was sent unreadable.")
    ready = [key for key in held if key.id not in rows and key.id not in gone]
    if ready:  # an earlier call was stopped before it could register the pair
        private, public = ready[0], key_making.public_half_of(ready[0])
    else:
        private, public = key_making.pair(Kind.INTAKE, today=today, demo=any(key.demo for key in held))
    for half in (private, public):
        places.put(half)
    IntakeKey.objects.create(id=public.id, public_key=public.public, fingerprint=public.fingerprint, created_on=public.made_on)
    return public.id


def _destroy_old(places: Places, report: Report, today: date, *, dry_run: bool) -> None:
    for row in IntakeKey.objects.exclude(retired_on=None).order_by("retired_on", "id"):
        try:
            destroying.destroy(Kind.INTAKE, row.id, places, today=today, dry_run=dry_run)
        except KeyStillNeeded as error:
            report.kept[row.id] = str(error)
        else:
            report.destroyed.append(row.id)
    if not dry_run:
        # Files of pairs whose row is gone: a run that was stopped between the two.
        for key_id in DestroyedKey.objects.filter(kind=Kind.INTAKE).values_list("number", flat=True):
            for kind in (Kind.INTAKE_PUBLIC, Kind.INTAKE):
                places.remove(kind, key_id)
