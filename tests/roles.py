"""The database roles of the real processes: what a test does under one, the process may do too."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.db import connection
from psycopg import sql

from rainbowrail.crypto.grants import PUBLIC, STAFF

type AsRole = Callable[[], AbstractContextManager[None]]


@contextmanager
def as_role(role: str) -> Iterator[None]:
    """Run what is inside as this role. A broken transaction resets the role by itself when it is rolled back."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
    try:
        yield
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")


@pytest.fixture
def as_public() -> AsRole:
    """`with as_public():` everything inside runs as the public door."""
    return lambda: as_role(PUBLIC)


@pytest.fixture
def as_staff_role() -> AsRole:
    """`with as_staff_role():` everything inside runs as the staff door and the worker."""
    return lambda: as_role(STAFF)
