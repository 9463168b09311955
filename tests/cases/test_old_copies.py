"""What a thief copied before: an erased person opens from it while the store key of its time lives, and not after its turn."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from cases import actions
from cases.models import Case, Note
from cases.states import CaseState
from rainbowrail.accounts.models import User
from rainbowrail.crypto import datakeys
from rainbowrail.crypto.errors import KeyMissing
from rainbowrail.crypto.models import DataKey
from rainbowrail.crypto.rotation import store
from rainbowrail.crypto.rotation.places import Places
from tests.factories.cases import make_case_in
from tests.rainbowrail.crypto.rotation.conftest import installation as installation
from tests.rainbowrail.crypto.rotation.conftest import places as places
from tests.rainbowrail.crypto.rotation.conftest import root as root

pytestmark = pytest.mark.django_db
WORDS = "Spoke to them on the roof."


def dump(case: Case) -> tuple[Any, ...]:
    """Copy, as the database holds it, what an old dump tells of one note: its row and the wrap of its key."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT k.* FROM crypto_datakey k WHERE subject_id = %s AND compartment = 'casework'", [case.pk])
        return tuple(cursor.fetchone())


def put_back(row: tuple[Any, ...]) -> None:
    """Load the stolen row into a database that the thief runs with our program, and whatever keys the thief has."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # the thief's own server checks no foreign keys
        cursor.execute(f"INSERT INTO crypto_datakey VALUES ({', '.join(['%s'] * len(row))})", row)  # noqa: S608 - placeholders
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


@pytest.fixture
def erased(
    installation: Path, cleo: User, dana: User, tmp_path: Path, settings: Any
) -> Callable[[], tuple[Note, tuple[Any, ...]]]:
    """A person with a note, copied by a thief, then erased."""
    settings.ERASED_DIR = tmp_path / "erased"
    case = make_case_in(CaseState.CLOSED, owner=cleo, lead=dana)
    note = actions.write_note(case, text=WORDS, by=dana.actor)
    stolen = dump(case)
    actions.confirm_erasure(actions.ask_erasure(case, reason="They asked.", by=dana.actor), by=dana.actor)
    return lambda: (Note.objects.get(pk=note.pk), stolen)


def test_without_the_old_copy_nothing_opens_the_moment_the_person_is_erased(erased: Callable[[], Any]) -> None:
    note, _stolen = erased()
    with datakeys.scope(), pytest.raises(KeyMissing):
        _ = note.text


def test_with_the_old_copy_and_the_store_key_of_its_time_it_opens_as_the_page_says(erased: Callable[[], Any]) -> None:
    note, stolen = erased()
    put_back(stolen)
    with datakeys.scope():
        assert note.text == WORDS


def test_after_the_turn_of_the_store_key_the_old_copy_opens_nothing(erased: Callable[[], Any], places: Places) -> None:
    note, stolen = erased()
    assert store.rotate(places, today=date(2027, 2, 20)).destroyed == ["1"]
    put_back(stolen)
    assert DataKey.objects.filter(subject_id=note.case_id, store_key_id=1).exists()
    with datakeys.scope(), pytest.raises(KeyMissing):
        _ = note.text
