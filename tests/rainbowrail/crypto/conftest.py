"""The diary's table, and people who have keys."""

import uuid
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings

from rainbowrail.crypto import datakeys, keyring
from rainbowrail.crypto.compartments import Compartment
from tests.rainbowrail.crypto.diary import Entry


@pytest.fixture
def diary(db: None) -> Iterator[type[Entry]]:
    """The table, inside the test's transaction."""
    with connection.schema_editor() as editor:
        editor.create_model(Entry)
    yield Entry


@pytest.fixture
def new_person(db: None) -> Callable[[], uuid.UUID]:
    """Somebody with a stored key of STORY and of IDENTITY."""

    def make() -> uuid.UUID:
        person = uuid.uuid4()
        for compartment in (Compartment.STORY, Compartment.IDENTITY):
            datakeys.create(person, compartment)
        return person

    return make


@pytest.fixture
def ade(new_person: Callable[[], uuid.UUID]) -> uuid.UUID:
    return new_person()


@pytest.fixture
def bo(new_person: Callable[[], uuid.UUID]) -> uuid.UUID:
    return new_person()


@pytest.fixture(autouse=True)
def _keys_are_read_anew() -> Iterator[None]:
    yield
    keyring.reload()


# A slow machine is not a wrong answer; nor does a busy one make the suite fail by chance.
settings.register_profile("sealing", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sealing")
