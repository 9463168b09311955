"""One rotation at a time in the whole installation: two would each make a new key."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from rainbowrail.crypto.errors import RotationUnderWay

# An arbitrary number of our own for PostgreSQL's advisory locks.
NUMBER = 0x7261_696E_6B65_7973


@contextmanager
def only_one() -> Iterator[None]:
    """Hold the lock; it ends with the connection at the latest. Raises RotationUnderWay."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [NUMBER])
        if not cursor.fetchone()[0]:
            raise RotationUnderWay("Another rotation runs at this moment; let it end, or stop it, and run this again.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [NUMBER])
