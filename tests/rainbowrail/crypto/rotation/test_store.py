"""Turning the store key: nothing is lost, nothing is left behind, and it may be stopped anywhere."""

import uuid
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from rainbowrail.crypto import datakeys, keyring
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.errors import KeyMissing, KeyStillNeeded, RotationUnderWay
from rainbowrail.crypto.models import DataKey, DestroyedKey, StoreKey
from rainbowrail.crypto.rotation import destroying, lock, store, verify
from rainbowrail.crypto.rotation.places import Places
from rainbowrail.crypto.rotation.stopping import Stopped
from rainbowrail.crypto.sources import files
from rainbowrail.crypto.sources.files import Kind

TODAY = date(2027, 2, 20)


def people(count: int) -> dict[uuid.UUID, bytes]:
    made = (datakeys.create(uuid.uuid4(), Compartment.STORY) for _ in range(count))
    return {key.subject_id: key.material for key in made}


def opened(subjects: dict[uuid.UUID, bytes]) -> dict[uuid.UUID, bytes]:
    with datakeys.scope():
        return {subject: datakeys.open_key(subject, Compartment.STORY).material for subject in subjects}


def test_every_data_key_opens_as_before_and_the_old_store_key_is_gone(installation: Path, places: Places) -> None:
    subjects = people(7)
    old = keyring.secret(Kind.STORE, 1)

    report = store.rotate(places, today=TODAY, batch=3)

    assert opened(subjects) == subjects
    assert (report.new, report.wrapped, report.destroyed) == ("2", 7, ["1"])
    assert list(StoreKey.objects.values_list("id", "retired_on")) == [(2, None)]
    assert set(DataKey.objects.values_list("store_key_id", flat=True)) == {2}
    assert not list(installation.rglob("store-1.*"))
    assert {path.parent.name for path in installation.rglob("store-2.key")} == {"staff", "worker", "all"}
    assert {path.parent.name for path in installation.rglob("store-2.print")} == {"owner", "all"}
    assert keyring.secret(Kind.STORE, 2) != old
    assert verify.verify().complaints == []


def test_what_was_copied_before_opens_no_more_after_the_turn(installation: Path, places: Places) -> None:
    [subject] = people(1)
    stolen = DataKey.objects.get(subject_id=subject)
    store.rotate(places, today=TODAY)

    with pytest.raises(KeyMissing):
        datakeys.open_row(stolen)


@pytest.mark.parametrize("batches", [0, 1, 2])
def test_a_turn_that_is_stopped_goes_on_with_the_same_new_key(installation: Path, places: Places, batches: int) -> None:
    subjects = people(5)
    seen: list[int] = []

    with pytest.raises(Stopped):
        store.rotate(places, today=TODAY, batch=2, asked=lambda: len(seen) >= batches, progress=lambda *told: seen.append(1))
    assert opened(subjects) == subjects
    assert DataKey.objects.filter(store_key=2).count() == min(2 * batches, 5)
    assert destroying_is_refused(places)

    report = store.rotate(places, today=TODAY, batch=2)

    assert (report.new, report.destroyed) == ("2", ["1"])
    assert opened(subjects) == subjects


def destroying_is_refused(places: Places) -> bool:
    with pytest.raises(KeyStillNeeded, match="still needed by"):
        destroying.destroy(Kind.STORE, "1", places, today=TODAY)
    return True


def test_a_key_file_that_a_stopped_run_left_is_taken_and_completed(installation: Path, places: Places) -> None:
    people(1)
    store.rotate(places, today=TODAY, stage=True)
    StoreKey.objects.filter(id=2).delete()  # as if it had been stopped between file and row
    StoreKey.objects.filter(id=1).update(retired_on=None)
    (installation / "staff" / "store-2.key").unlink()
    kept = keyring.secret(Kind.STORE, 2)

    report = store.rotate(places, today=TODAY)

    assert report.new == "2"
    assert keyring.secret(Kind.STORE, 2) == kept
    assert (installation / "staff" / "store-2.key").exists()


def test_files_that_a_stopped_run_left_behind_are_deleted_by_the_next(installation: Path, places: Places) -> None:
    kept = (installation / "worker" / "store-1.key").read_text()
    store.rotate(places, today=TODAY)
    files.write_text(installation / "worker", "store-1.key", kept)

    report = store.rotate(places, today=TODAY)

    assert report.new == "3"
    assert not list(installation.rglob("store-1.*"))


def test_a_staged_key_counts_beside_the_old_one_until_the_next_run(installation: Path, places: Places) -> None:
    subjects = people(3)

    staged = store.rotate(places, today=TODAY, stage=True)

    assert (staged.new, staged.left) == ("2", 3)
    assert list(StoreKey.objects.order_by("id").values_list("id", "retired_on")) == [(1, None), (2, None)]
    assert datakeys.current_store_key()[0] == 2
    assert store.rotate(places, today=TODAY).destroyed == ["1"]
    assert opened(subjects) == subjects


def test_a_process_without_the_new_file_goes_on_with_a_staged_key(installation: Path, places: Places, tmp_path: Path) -> None:
    behind = tmp_path / "behind"
    for key in files.read(installation / "staff"):
        files.write(behind, key)
    store.rotate(places, today=TODAY, stage=True)

    with keyring.using(behind):
        assert datakeys.current_store_key()[0] == 1


def test_a_key_is_not_destroyed_while_one_wrap_does_not_open(installation: Path, places: Places) -> None:
    subjects = people(3)
    broken = DataKey.objects.order_by("id")[1]
    DataKey.objects.filter(id=broken.id).update(wrapped=bytes(61))

    with pytest.raises(KeyStillNeeded, match=str(broken.id)):
        store.rotate(places, today=TODAY)

    assert (installation / "worker" / "store-1.key").exists()
    assert StoreKey.objects.filter(id=1).exists()
    assert any(str(broken.id) in complaint for complaint in verify.verify().complaints)
    del subjects[broken.subject_id]
    assert opened(subjects) == subjects


def test_a_destroyed_key_is_remembered_and_never_used_again(installation: Path, places: Places) -> None:
    mark = StoreKey.objects.get().fingerprint
    store.rotate(places, today=TODAY)

    [gone] = DestroyedKey.objects.all()
    assert (gone.fingerprint, gone.kind, gone.number, gone.destroyed_on) == (mark, "store", "1", TODAY)
    assert store.rotate(places, today=TODAY).new == "3"


def test_a_plan_writes_nothing(installation: Path, places: Places) -> None:
    people(4)
    before = sorted(installation.rglob("*"))

    plan = store.plan()

    assert (plan.new, plan.old, plan.left) == ("a new one", ["1"], 4)
    assert sorted(installation.rglob("*")) == before
    assert StoreKey.objects.count() == 1


def test_the_key_that_counts_is_not_destroyed(installation: Path, places: Places) -> None:
    with pytest.raises(KeyStillNeeded, match="closes new things"):
        destroying.destroy(Kind.STORE, "1", places, today=TODAY)


def test_demo_keys_are_followed_by_demo_keys(db: None, tmp_path: Path) -> None:
    from tests.rainbowrail.crypto.folders import all_folders

    root = all_folders(tmp_path, demo=True)
    places = Places.of_installation(root)
    DataKey.objects.all().delete()
    StoreKey.objects.all().delete()
    with keyring.using(root / "all"):
        StoreKey.objects.create(
            id=1, fingerprint=keyring.fingerprint(Kind.STORE, keyring.secret(Kind.STORE, 1)), created_on=TODAY
        )
        store.rotate(places, today=TODAY)
        assert keyring.current().demo
        assert all(key.demo for key in places.all_of(Kind.STORE))


@pytest.mark.django_db(transaction=True)
def test_two_rotations_at_once_are_refused(django_db_blocker: object) -> None:
    from django.db import connections

    with lock.only_one():
        other = connections.create_connection("default")
        try:
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock.NUMBER])
                assert cursor.fetchone() == (False,)
        finally:
            other.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s), pg_advisory_unlock(%s)", [lock.NUMBER, lock.NUMBER])
        assert cursor.fetchone() == (True, True)


def test_a_rotation_that_meets_another_says_so(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")

    class Refusing:
        def __enter__(self) -> "Refusing":
            return self

        def __exit__(self, *_: object) -> None: ...

        def execute(self, *_: object) -> None: ...

        def fetchone(self) -> tuple[bool]:
            return (False,)

    monkeypatch.setattr(connection, "cursor", Refusing)
    with pytest.raises(RotationUnderWay), lock.only_one():
        pass
