"""Who closes something to a key that is destroyed at that moment is refused by the database, loads the keys again and closes
it again (docs/decisions/0016).

The foreign key to the row of the key is what refuses. Django checks foreign keys at the end of a transaction, which is too
late to do anything about it; `refuse_at_once` is for the migration of a table whose rows name a key.
"""

from collections.abc import Callable

from django.db import IntegrityError, transaction
from psycopg import errors

from rainbowrail.crypto import keyring
from rainbowrail.crypto.errors import KeyMissing

# A rotation destroys one key; a writer who meets two of them within a moment meets something else.
MOST_TRIES = 3

_SQL = """
DO $$
DECLARE name text;
BEGIN
    SELECT conname INTO STRICT name FROM pg_constraint
        WHERE contype = 'f' AND conrelid = '{table}'::regclass AND confrelid = '{keys}'::regclass;
    EXECUTE format('ALTER TABLE {table} ALTER CONSTRAINT %I DEFERRABLE INITIALLY {when}', name);
END $$
"""


def refuse_at_once(table: str, keys: str) -> str:
    """Return the SQL that has the foreign key from `table` to `keys` checked with each statement. For migrations."""
    return _SQL.format(table=table, keys=keys, when="IMMEDIATE")


def refuse_at_the_end(table: str, keys: str) -> str:
    """Return the SQL that undoes `refuse_at_once`."""
    return _SQL.format(table=table, keys=keys, when="DEFERRED")


def close_and_write[Written](attempt: Callable[[], Written]) -> Written:
    """Run `attempt`, which takes the key that counts now, closes something to it and writes the row; again when the key was
    destroyed in between.

    Each attempt is a savepoint of its own, so that what the caller wrote before stays. Raises KeyMissing when every attempt was
    refused.
    """
    for _ in range(MOST_TRIES):
        try:
            with transaction.atomic():
                return attempt()
        except IntegrityError as error:
            if not isinstance(error.__cause__, errors.ForeignKeyViolation):
                raise
        keyring.reload()
    raise KeyMissing(f"The key was destroyed {MOST_TRIES} times while something was being closed to it.")
