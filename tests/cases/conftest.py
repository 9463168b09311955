"""The staff door and the worker under their own database role: what these tests do, the real processes may do too."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.db import connection

from rainbowrail.crypto.grants import STAFF


@contextmanager
def _as_staff_role() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {STAFF}")
    try:
        yield
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")


@pytest.fixture
def as_staff_role() -> Callable[[], AbstractContextManager[None]]:
    """`with as_staff_role():` everything inside runs as rainbowrail_staff."""
    return _as_staff_role
