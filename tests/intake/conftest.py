"""The public door under its own database role: what these tests do, the real public process may do too."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.db import connection

from rainbowrail.crypto.grants import PUBLIC


@contextmanager
def _as_public() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {PUBLIC}")
    try:
        yield
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")


@pytest.fixture
def as_public() -> Callable[[], AbstractContextManager[None]]:
    """`with as_public():` everything inside runs as rainbowrail_public."""
    return _as_public
