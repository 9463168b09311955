import pickle
import threading
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from rainbowrail.crypto import aead, datakeys, keyring
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.datakeys import OpenKey
from rainbowrail.crypto.errors import KeyConflict, KeyMissing, KeyNotHeld, NoScope, NotForCopies, OpenFailed
from rainbowrail.crypto.models import DataKey, StoreKey
from rainbowrail.crypto.sources import files
from rainbowrail.crypto.sources.files import KeyFile, Kind
from tests.rainbowrail.crypto.folders import a_folder_of

STORY, IDENTITY = Compartment.STORY, Compartment.IDENTITY


def a_key(subject: uuid.UUID | None = None, *, version: int = 1, compartment: Compartment = STORY) -> OpenKey:
    return OpenKey(uuid.uuid4(), subject or uuid.uuid4(), compartment, version, aead.new_key())


# --- the scope ---


def test_a_scope_forgets_at_its_end_and_starts_empty_inside_another() -> None:
    person = uuid.uuid4()
    with datakeys.scope():
        key = datakeys.generate(person, STORY)
        assert datakeys.held(person, STORY) is key
        with datakeys.scope(), pytest.raises(KeyMissing):
            datakeys.held(person, STORY)
        assert datakeys.held(person, STORY) is key

    with pytest.raises(KeyMissing):
        datakeys.held(person, STORY)


def test_a_scope_forgets_also_when_the_request_fails() -> None:
    with pytest.raises(RuntimeError), datakeys.scope():
        datakeys.generate(uuid.uuid4(), STORY)
        scope = datakeys._scope.get()
        raise RuntimeError

    assert scope is not None
    assert not scope.by_id
    assert not scope.newest


def test_requests_on_other_threads_see_nothing_of_this_scope() -> None:
    person = uuid.uuid4()
    seen: list[object] = []

    def other_request() -> None:
        seen.append(datakeys._scope.get())
        with datakeys.scope():
            seen.append(datakeys._held(person, STORY))

    with datakeys.scope():
        datakeys.generate(person, STORY)
        thread = threading.Thread(target=other_request)
        thread.start()
        thread.join(10)

    assert seen == [None, None]


def test_a_worker_thread_that_serves_two_requests_keeps_nothing_between_them() -> None:
    person = uuid.uuid4()
    seen: list[object] = []

    def two_requests() -> None:
        with datakeys.scope():
            datakeys.generate(person, STORY)
        with datakeys.scope():
            seen.append(datakeys._held(person, STORY))

    thread = threading.Thread(target=two_requests)
    thread.start()
    thread.join(10)

    assert seen == [None]


def test_fresh_keys_need_a_scope() -> None:
    outside: list[BaseException] = []

    def no_request() -> None:
        for ask in (
            lambda: datakeys.generate(uuid.uuid4(), STORY),
            lambda: datakeys.hold(a_key()),
            lambda: datakeys.open_many([], STORY),
        ):
            try:
                ask()
            except NoScope as refusal:
                outside.append(refusal)

    thread = threading.Thread(target=no_request)
    thread.start()
    thread.join(10)

    assert len(outside) == 3


def test_a_subject_has_one_key_a_version_in_a_scope() -> None:
    key = a_key()
    rival = a_key(key.subject_id)
    impostor = OpenKey(key.id, key.subject_id, STORY, 1, aead.new_key())
    with datakeys.scope():
        datakeys.hold(key)
        datakeys.hold(key)
        for wrong in (rival, impostor):
            with pytest.raises(KeyConflict):
                datakeys.hold(wrong)
        with pytest.raises(KeyConflict):
            datakeys.generate(key.subject_id, STORY)

        later = a_key(key.subject_id, version=2)
        datakeys.hold(later)
        assert datakeys.held(key.subject_id, STORY) is later
        assert datakeys.open_by_id(key.id) is key


def test_an_open_key_is_not_printed_compared_or_pickled() -> None:
    key = a_key()
    twin = OpenKey(key.id, key.subject_id, key.compartment, key.version, key.material)

    assert repr(key.material)[2:-1] not in repr(key)
    assert key.material.hex() not in repr(key)
    assert key != twin
    assert key.is_same_as(twin)
    with pytest.raises(NotForCopies):
        pickle.dumps(key)


# --- the store ---


def test_a_key_of_the_store_comes_back_in_a_later_request(db: None) -> None:
    person = uuid.uuid4()
    key = datakeys.create(person, STORY)

    with datakeys.scope():
        again = datakeys.open_key(person, STORY)
        assert again.is_same_as(key)
        assert datakeys.open_key(person, STORY) is again
        assert datakeys.open_by_id(key.id) is again


def test_the_database_holds_no_key_in_the_clear(db: None) -> None:
    key = datakeys.create(uuid.uuid4(), STORY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT crypto_datakey::text FROM crypto_datakey WHERE id = %s", [key.id])
        row = cursor.fetchone()[0]

    assert key.material.hex() not in row


def test_wrapping_twice_changes_nothing(db: None) -> None:
    keys = [a_key(), a_key()]
    datakeys.wrap_for_store(keys)
    before = {row.id: bytes(row.wrapped) for row in DataKey.objects.all()}
    datakeys.wrap_for_store(keys)

    assert {row.id: bytes(row.wrapped) for row in DataKey.objects.all()} == before


def test_many_keys_are_wrapped_with_a_fixed_number_of_queries(db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(5):  # the store key; savepoint, insert, check, release
        datakeys.wrap_for_store(a_key() for _ in range(50))
    with django_assert_num_queries(0):
        datakeys.wrap_for_store([])


@pytest.mark.parametrize("wrong", ["another key for the owner", "another key under the id", "another owner under the id"])
def test_a_second_different_key_is_refused_and_none_of_its_company_stored(db: None, wrong: str) -> None:
    key, company = a_key(), a_key()
    datakeys.wrap_for_store([key])
    impostor = {
        "another key for the owner": a_key(key.subject_id),
        "another key under the id": OpenKey(key.id, key.subject_id, STORY, 1, aead.new_key()),
        "another owner under the id": OpenKey(key.id, uuid.uuid4(), STORY, 1, key.material),
    }[wrong]

    with pytest.raises(KeyConflict):
        datakeys.wrap_for_store([company, impostor])

    assert DataKey.objects.count() == 1
    with datakeys.scope():
        assert datakeys.open_key(key.subject_id, STORY).is_same_as(key)


def test_a_wrap_moved_to_another_row_does_not_open(db: None) -> None:
    key, other = a_key(), a_key()
    datakeys.wrap_for_store([key, other])
    DataKey.objects.filter(id=other.id).update(wrapped=DataKey.objects.get(id=key.id).wrapped)

    with datakeys.scope(), pytest.raises(OpenFailed):
        datakeys.open_key(other.subject_id, STORY)


def test_a_wrap_given_to_another_subject_does_not_open(db: None) -> None:
    key, thief = a_key(), uuid.uuid4()
    datakeys.wrap_for_store([key])
    DataKey.objects.update(subject_id=thief)

    with datakeys.scope(), pytest.raises(OpenFailed):
        datakeys.open_key(thief, STORY)


def test_the_newest_version_writes_and_an_older_one_still_opens(db: None) -> None:
    old = a_key()
    new = a_key(old.subject_id, version=2)
    datakeys.wrap_for_store([old, new])

    with datakeys.scope():
        assert datakeys.open_by_id(old.id).is_same_as(old)
        datakeys.open_many([old.subject_id], STORY)
        assert datakeys.open_key(old.subject_id, STORY).is_same_as(new)


def test_keys_of_many_people_are_opened_with_one_query(db: None, django_assert_num_queries: Any) -> None:
    keys = [a_key() for _ in range(20)]
    datakeys.wrap_for_store(keys)
    people = [key.subject_id for key in keys]

    with datakeys.scope():
        with django_assert_num_queries(1):
            datakeys.open_many([*people, *people, uuid.uuid4()], STORY)
        with django_assert_num_queries(0):
            datakeys.open_many(people, STORY)
            assert all(datakeys.open_key(key.subject_id, STORY).is_same_as(key) for key in keys)


def test_destroying_takes_one_compartment_or_all_and_forgets_at_once(db: None) -> None:
    person, other = uuid.uuid4(), uuid.uuid4()
    for subject, compartment in ((person, STORY), (person, IDENTITY), (other, STORY)):
        datakeys.create(subject, compartment)

    assert datakeys.destroy(person, STORY) == 1
    with pytest.raises(KeyMissing):
        datakeys.open_key(person, STORY)
    assert datakeys.open_key(person, IDENTITY)
    assert datakeys.destroy(person) == 1
    assert datakeys.destroy(person) == 0
    assert datakeys.open_key(other, STORY)


# --- store keys ---


def test_a_process_without_store_keys_is_refused_before_it_asks_the_database(
    db: None, tmp_path: Any, django_assert_num_queries: Any
) -> None:
    key = a_key()
    datakeys.wrap_for_store([key])

    with keyring.using(a_folder_of("public", tmp_path)), datakeys.scope(), django_assert_num_queries(0):
        for ask in (
            lambda: datakeys.open_key(key.subject_id, STORY),
            lambda: datakeys.open_by_id(key.id),
            lambda: datakeys.open_many([key.subject_id], STORY),
            lambda: datakeys.create(uuid.uuid4(), STORY),
        ):
            with pytest.raises(KeyNotHeld):
                ask()


def test_a_newer_store_key_closes_new_wraps_and_the_older_still_opens(db: None, tmp_path: Any) -> None:
    folder = a_folder_of("staff", tmp_path)
    StoreKey.objects.all().delete()
    with keyring.using(folder), datakeys.scope():
        _register(1, keyring.secret(Kind.STORE, 1))
        old = datakeys.create(uuid.uuid4(), STORY)
        new_store_key = aead.new_key()
        files.write(folder, KeyFile(Kind.STORE, "2", StoreKey.objects.get().created_on, False, secret=new_store_key))
        _register(2, new_store_key)
        new = datakeys.create(uuid.uuid4(), STORY)

        assert [row.store_key_id for row in DataKey.objects.order_by("store_key_id")] == [1, 2]
        with datakeys.scope():
            assert datakeys.open_by_id(old.id).is_same_as(old)
            assert datakeys.open_by_id(new.id).is_same_as(new)


def test_a_store_key_that_is_registered_but_not_here_yet_stops_nobody(db: None) -> None:
    _register(2, aead.new_key())
    key = datakeys.create(uuid.uuid4(), STORY)

    assert DataKey.objects.get(id=key.id).store_key_id == 1


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        OpenKey(uuid.uuid4(), uuid.uuid4(), STORY, 1, b"short")


def test_a_retired_store_key_closes_nothing_new(db: None) -> None:
    StoreKey.objects.update(retired_on="2026-01-01")

    with pytest.raises(KeyMissing, match="register"):
        datakeys.create(uuid.uuid4(), STORY)


def test_a_store_key_under_a_false_fingerprint_is_not_used(db: None) -> None:
    StoreKey.objects.update(fingerprint="0" * 64)

    with pytest.raises(KeyMissing, match="not the one"):
        datakeys.create(uuid.uuid4(), STORY)


def test_the_database_refuses_to_forget_a_store_key_that_a_wrap_needs(db: None) -> None:
    datakeys.create(uuid.uuid4(), STORY)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM crypto_storekey")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_refuses_a_wrap_under_a_forgotten_store_key(db: None) -> None:
    key = datakeys.create(uuid.uuid4(), STORY)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE crypto_datakey SET store_key_id = 77 WHERE id = %s", [key.id])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _register(number: int, store_key: bytes) -> None:
    StoreKey.objects.create(id=number, fingerprint=keyring.fingerprint(Kind.STORE, store_key), created_on="2026-01-01")
