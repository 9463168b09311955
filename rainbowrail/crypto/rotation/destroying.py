"""How a key ends: its row first, which the database refuses while anything names it; then its files (docs/decisions/0016)."""

from datetime import date, timedelta

from django.db import IntegrityError, OperationalError, connection, transaction
from psycopg import errors

from rainbowrail.crypto import key_events
from rainbowrail.crypto.errors import KeyMissing, KeyStillNeeded
from rainbowrail.crypto.models import DestroyedKey, IntakeKey, StoreKey
from rainbowrail.crypto.rotation import uses
from rainbowrail.crypto.rotation.places import Places
from rainbowrail.crypto.sources.files import Kind

# A page that was loaded before the pair turned, a public host that was away: eight days, as docs/decisions/0016 says.
INTAKE_DAYS = 8
MODELS: dict[Kind, type[IntakeKey] | type[StoreKey]] = {Kind.INTAKE: IntakeKey, Kind.STORE: StoreKey}
HALVES = {Kind.INTAKE: Kind.INTAKE_PUBLIC, Kind.STORE: Kind.STORE_PRINT}


def destroy(kind: Kind, key_id: str, places: Places, *, today: date, dry_run: bool = False) -> int:
    """Destroy a retired store key or intake pair; returns how many files went. Safe to run again after a stop in between.

    Raises KeyStillNeeded while it counts for new things, is too young, or anything is closed to it; KeyMissing for a key that
    was never there.
    """
    row = MODELS[kind].objects.filter(pk=key_id).first()
    if row is None:
        if not DestroyedKey.objects.filter(kind=kind.value, number=key_id).exists():
            raise KeyMissing(f"There is no {kind.value} key {key_id} in the database.")
    else:
        _check(row, today)
        if not dry_run:
            _forget_row(kind, row, today)
    if dry_run:
        return 0
    # The half that opens goes last: until then a stop leaves what `destroy` finds again.
    halves = places.remove(HALVES[kind], key_id) if HALVES[kind] in places.folders else 0
    return halves + places.remove(kind, key_id)


def _check(row: uses.KeyRow, today: date) -> None:
    if row.retired_on is None:
        raise KeyStillNeeded(f"The {row} closes new things; rotate first.")
    if isinstance(row, IntakeKey) and today < row.retired_on + timedelta(days=INTAKE_DAYS):
        raise KeyStillNeeded(f"The {row} was retired on {row.retired_on}; it is kept for {INTAKE_DAYS} days.")
    left = uses.count(row)
    if left:
        raise KeyStillNeeded(f"The {row} is still needed by {left} rows.")


def _forget_row(kind: Kind, row: uses.KeyRow, today: date) -> None:
    """Delete the row with nothing but DELETE, so that it is the database that refuses."""
    table = connection.ops.quote_name(row._meta.db_table)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # A writer who is in the middle of using the key is waited for, but not for long: others wait behind us.
            cursor.execute("SET LOCAL lock_timeout = '5s'")
            cursor.execute(f"DELETE FROM {table} WHERE id = %s", [row.pk])  # noqa: S608 - the table is ours
            # Foreign keys that are checked at the end of a transaction are checked here.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            DestroyedKey.objects.get_or_create(
                fingerprint=row.fingerprint, defaults={"kind": kind.value, "number": str(row.pk), "destroyed_on": today}
            )
            key_events.tell(key_events.destroyed, kind, str(row.pk))
    except (IntegrityError, OperationalError) as error:
        if isinstance(error.__cause__, errors.ForeignKeyViolation | errors.LockNotAvailable):
            refused = KeyStillNeeded(f"The database refuses to forget the {row}: something was closed to it just now.")
            raise refused from None
        raise
