"""The store key turns: a new one, every wrap made anew under it, then the old one destroyed.

Batches of some hundred rows, each its own short transaction that locks only those rows and passes over rows that others have
locked. Rows are walked in the order of ids, round after round, until none names an old key. Whoever wraps under the old key
meanwhile is caught by the next round; whoever does so after its row is gone is refused by the database and wraps again.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import connection, transaction

from rainbowrail.crypto import datakeys, key_events, key_making, keyring
from rainbowrail.crypto.errors import CryptoError, KeyMissing, KeyStillNeeded
from rainbowrail.crypto.models import DataKey, DestroyedKey, StoreKey
from rainbowrail.crypto.rotation import destroying, guards, lock
from rainbowrail.crypto.rotation.places import Places
from rainbowrail.crypto.rotation.stopping import Asked, Stopped, never
from rainbowrail.crypto.sources.files import Kind

BATCH = 500
LIFETIME_DAYS = 90
PAUSE = 0.2  # seconds before rows that others have locked are tried again
PATIENCE = 150  # rounds without any progress: half a minute of locks
ZERO = UUID(int=0)

type Progress = Callable[[int, int], None]


@dataclass
class Report:
    """What a rotation did, or would do."""

    new: str = ""
    old: list[str] = field(default_factory=list)
    wrapped: int = 0
    left: int = 0
    destroyed: list[str] = field(default_factory=list)
    files: int = 0
    unreadable: list[UUID] = field(default_factory=list)


def plan() -> Report:
    """Say what `rotate` would do now; nothing is written."""
    counting = list(StoreKey.objects.filter(retired_on=None).order_by("id"))
    unfinished = [*StoreKey.objects.exclude(retired_on=None).order_by("id"), *counting[:-1]]
    old = unfinished or counting
    new = str(counting[-1].id) if unfinished and counting else "a new one"
    return Report(new=new, old=[str(row.id) for row in old], left=DataKey.objects.filter(store_key__in=old).count())


def rotate(
    places: Places,
    *,
    today: date,
    stage: bool = False,
    batch: int = BATCH,
    asked: Asked = never,
    progress: Progress = lambda done, total: None,
) -> Report:
    """Turn the store key, or finish a turn that was stopped.

    This process must hold all store keys (`keyring.using`). With `stage` the new key is made and registered and everything else
    left for the next call, so that its file can be carried to other hosts. Raises Stopped when asked, with everything kept;
    KeyStillNeeded when rows stay locked or do not open: the old key is then kept; RotationHeld, with everything kept, also when
    the reason comes up in between.
    """
    with lock.only_one():
        guards.check_may_turn()
        target, olds = _new_key(places, today, stage=stage)
        report = Report(new=str(target), old=[str(old) for old in olds])
        if stage:
            report.left = DataKey.objects.filter(store_key__in=olds).count()
            return report
        for _ in range(PATIENCE):
            _wrap_all(target, olds, report, batch=batch, asked=asked, progress=progress)
            try:
                for old in [old for old in olds if str(old) not in report.destroyed]:
                    report.files += destroying.destroy(Kind.STORE, str(old), places, today=today)
                    report.destroyed.append(str(old))
            except KeyStillNeeded:
                time.sleep(PAUSE)  # somebody wrapped under it between our last round and the proof
                continue
            _remove_leftovers(places)
            keyring.reload()
            key_events.tell(key_events.turned, Kind.STORE, report.new)
            return report
        raise KeyStillNeeded("Others keep wrapping under the old store key: a process without the new one? See `keys show`.")


def _new_key(places: Places, today: date, *, stage: bool) -> tuple[int, list[int]]:
    """Return the number of the key that is to close everything, and the numbers of those that are to go.

    A turn that was stopped is finished: a file without a row is registered, a second row that counts is the new key.
    """
    with transaction.atomic():
        rows = {row.id: row for row in StoreKey.objects.select_for_update(no_key=True).order_by("id")}
        counting = [number for number, row in rows.items() if row.retired_on is None]
        under_way = len(counting) > 1 or len(rows) > len(counting)
        if not counting:
            raise KeyMissing("No store key is registered that counts; run `manage.py keys register`.")
        target = counting[-1] if under_way else _register_next(places, today, max(rows))
        olds = [number for number in rows if number != target]
        if not stage:
            StoreKey.objects.filter(id__in=olds, retired_on=None).update(retired_on=today)
    keyring.reload()
    datakeys.registered_store_key(target)  # before anything depends on it: do we hold it, and is it the one that is registered?
    return target, olds


def _register_next(places: Places, today: date, newest_row: int) -> int:
    destroyed = [int(number) for number in DestroyedKey.objects.filter(kind=Kind.STORE).values_list("number", flat=True)]
    known = max([newest_row, *destroyed])
    held = places.all_of(Kind.STORE)
    ready = [key for key in held if int(key.id) > known]
    demo = any(key.demo for key in held)
    key = ready[-1] if ready else key_making.symmetric(Kind.STORE, str(known + 1), today=today, demo=demo)
    key, mark = key_making.with_print(key)
    # Files before the row: whoever learns of the key from the database finds it in its folder.
    for each in (key, mark):
        places.put(each)
    StoreKey.objects.create(id=int(key.id), fingerprint=mark.fingerprint, created_on=key.made_on)
    return int(key.id)


def _wrap_all(target: int, olds: Sequence[int], report: Report, *, batch: int, asked: Asked, progress: Progress) -> None:
    material = datakeys.registered_store_key(target)
    total = report.wrapped + DataKey.objects.filter(store_key__in=olds).count()
    after, idle, before_round = ZERO, 0, report.wrapped
    while True:
        if asked():
            raise Stopped
        guards.check_may_turn()
        last, done, unreadable = wrap_batch(target, material, olds, after=after, batch=batch)
        report.wrapped += done
        report.unreadable += unreadable
        progress(report.wrapped, total)
        if last is not None:
            after = last
            continue
        # A whole round is over. What is left was locked, is new, or does not open.
        left = DataKey.objects.filter(store_key__in=olds).count()
        if not left:
            return
        if report.unreadable and left <= len(set(report.unreadable)):
            raise KeyStillNeeded(
                f"{left} wraps do not open under the old store key, which is therefore kept; the first is that of the data key "
                f"{report.unreadable[0]}. `manage.py keys verify` lists them."
            )
        idle = 0 if report.wrapped > before_round else idle + 1
        if idle > PATIENCE:
            raise KeyStillNeeded(f"{left} wraps stay locked by others; run this again to go on.")
        after, before_round = ZERO, report.wrapped
        report.unreadable.clear()
        time.sleep(PAUSE)


def wrap_batch(
    target: int, material: bytes, olds: Sequence[int], *, after: UUID, batch: int
) -> tuple[UUID | None, int, list[UUID]]:
    """Wrap the next rows anew in one short transaction; returns the last id looked at (None at the end), how many were done,
    and those that do not open."""
    unreadable: list[UUID] = []
    with transaction.atomic():
        rows = list(
            DataKey.objects.filter(store_key__in=olds, id__gt=after)
            .order_by("id")[:batch]
            .select_for_update(skip_locked=True, no_key=True)
        )
        anew: list[DataKey] = []
        for row in rows:
            try:
                anew.append(datakeys.wrap_row(datakeys.open_row(row), target, material))
            except CryptoError:
                unreadable.append(row.id)
        if anew:
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE crypto_datakey AS kept SET store_key_id = %s, wrapped = made.wrapped "
                    "FROM unnest(%s::uuid[], %s::bytea[]) AS made (id, wrapped) WHERE kept.id = made.id",
                    [target, [row.id for row in anew], [row.wrapped for row in anew]],
                )
    return (rows[-1].id if rows else None), len(anew), unreadable


def _remove_leftovers(places: Places) -> None:
    """Delete files of keys whose row is gone: a run that was stopped between row and files."""
    for number in DestroyedKey.objects.filter(kind=Kind.STORE).values_list("number", flat=True):
        for kind in (Kind.STORE_PRINT, Kind.STORE):
            places.remove(kind, number)
