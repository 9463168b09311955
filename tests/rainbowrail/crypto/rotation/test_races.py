"""Writers and readers at work while a key turns: real threads, each with its own connection to a real PostgreSQL."""

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from psycopg import errors

from intake.models import Delivery
from rainbowrail.crypto import boxes, datakeys, keyring
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.models import DataKey, IntakeKey, StoreKey
from rainbowrail.crypto.rotation import destroying, intake, store, verify
from rainbowrail.crypto.rotation.places import Places
from rainbowrail.crypto.sources.files import Kind

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = date(2027, 2, 20)
PATIENCE = 60.0


@contextmanager
def another_process() -> Iterator[Callable[[Callable[[], Any]], "Future[Any]"]]:
    """Run things on a thread with a connection of its own, closed at the end."""

    def in_its_scope(work: Callable[[], Any]) -> Any:
        try:
            with datakeys.scope():
                return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        yield lambda work: pool.submit(in_its_scope, work)


class Gate:
    """Holds a writer at one point until it is let go, once."""

    def __init__(self) -> None:
        self.reached, self.open, self.passed = threading.Event(), threading.Event(), 0

    def wait(self) -> None:
        self.passed += 1
        if self.passed == 1:
            self.reached.set()
            assert self.open.wait(PATIENCE)


def test_a_late_writer_wraps_again_under_the_new_store_key(
    installation: Path, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, person, wrap_row = Gate(), uuid.uuid4(), datakeys.wrap_row

    def slowly(key: datakeys.OpenKey, store_key_id: int, store_key: bytes) -> DataKey:
        row = wrap_row(key, store_key_id, store_key)
        if key.subject_id == person:
            gate.wait()
        return row

    monkeypatch.setattr(datakeys, "wrap_row", slowly)
    with another_process() as run:
        writer = run(lambda: datakeys.create(person, Compartment.STORY).material)
        assert gate.reached.wait(PATIENCE)
        store.rotate(places, today=TODAY)  # the writer holds a wrap under store key 1, which is destroyed here
        gate.open.set()
        material = writer.result(PATIENCE)

    assert gate.passed == 2
    assert DataKey.objects.get(subject_id=person).store_key_id == 2
    assert datakeys.open_key(person, Compartment.STORY).material == material


def test_the_database_itself_refuses_a_wrap_under_a_destroyed_key(installation: Path, places: Places) -> None:
    datakeys.create(uuid.uuid4(), Compartment.STORY)
    late = DataKey.objects.get()
    store.rotate(places, today=TODAY)
    late.id, late.subject_id = uuid.uuid4(), uuid.uuid4()

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        late.save(force_insert=True)
        pytest.fail("the refusal must come at the statement, not at the end of the transaction")

    assert isinstance(refused.value.__cause__, errors.ForeignKeyViolation)


def test_a_wrap_that_is_not_committed_yet_keeps_the_old_key_alive(installation: Path, places: Places) -> None:
    gate, person = Gate(), uuid.uuid4()

    def begin_and_linger() -> bytes:
        with transaction.atomic():
            key = datakeys.create(person, Compartment.STORY)
            gate.wait()
        return key.material

    with another_process() as run:
        writer = run(begin_and_linger)
        assert gate.reached.wait(PATIENCE)
        turning = run(lambda: store.rotate(places, today=TODAY))
        time.sleep(1.0)
        assert not turning.done()
        gate.open.set()
        material, report = writer.result(PATIENCE), turning.result(PATIENCE)

    assert report.destroyed == ["1"]
    assert DataKey.objects.get(subject_id=person).store_key_id == 2
    assert datakeys.open_key(person, Compartment.STORY).material == material


def test_people_are_served_while_the_store_key_turns(installation: Path, places: Places) -> None:
    known = {uuid.uuid4(): b"" for _ in range(200)}
    for person in known:
        known[person] = datakeys.create(person, Compartment.STORY).material
    stop = threading.Event()

    def serve() -> dict[uuid.UUID, bytes]:
        made: dict[uuid.UUID, bytes] = {}
        people = iter(list(known) * 1000)
        while not stop.is_set():
            with datakeys.scope():
                new, old = uuid.uuid4(), next(people)
                made[new] = datakeys.create(new, Compartment.STORY).material
                assert datakeys.open_key(old, Compartment.STORY).material == known[old]
        return made

    with another_process() as run:
        serving = [run(serve) for _ in range(3)]
        time.sleep(0.5)
        report = run(lambda: store.rotate(places, today=TODAY, batch=20)).result(PATIENCE)
        time.sleep(0.3)
        stop.set()
        for each in serving:
            known |= each.result(PATIENCE)

    assert report.wrapped >= 200
    assert not list(installation.rglob("store-1.key"))
    assert DataKey.objects.exclude(store_key=2).count() == 0
    assert len(known) > 200
    assert {person: datakeys.open_key(person, Compartment.STORY).material for person in known} == known
    assert verify.verify().complaints == []


def test_rows_that_somebody_has_locked_are_passed_over_and_taken_later(installation: Path, places: Places) -> None:
    people = [uuid.uuid4() for _ in range(5)]
    for person in people:
        datakeys.create(person, Compartment.STORY)
    gate = Gate()

    def lock_one() -> None:
        with transaction.atomic():
            list(DataKey.objects.select_for_update().filter(subject_id=people[2]))
            gate.wait()

    with another_process() as run:
        holder = run(lock_one)
        assert gate.reached.wait(PATIENCE)
        turning = run(lambda: store.rotate(places, today=TODAY))
        ends = time.monotonic() + PATIENCE
        while DataKey.objects.filter(store_key=2).count() < 4:
            assert time.monotonic() < ends
            time.sleep(0.05)
        assert DataKey.objects.get(subject_id=people[2]).store_key_id == 1
        gate.open.set()
        holder.result(PATIENCE)
        assert turning.result(PATIENCE).destroyed == ["1"]


def test_a_reader_whose_row_was_wrapped_anew_meanwhile_reads_it_again(
    installation: Path, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = uuid.uuid4()
    material = datakeys.create(person, Compartment.STORY).material
    gate, open_again = Gate(), datakeys._unwrap_or_read_again

    def slowly(row: DataKey) -> datakeys.OpenKey | None:
        gate.wait()
        return open_again(row)

    monkeypatch.setattr(datakeys, "_unwrap_or_read_again", slowly)
    with another_process() as run:
        reader = run(lambda: datakeys.open_key(person, Compartment.STORY).material)
        assert gate.reached.wait(PATIENCE)
        store.rotate(places, today=TODAY)
        gate.open.set()

        assert reader.result(PATIENCE) == material


def test_a_late_sender_seals_again_to_the_new_pair(installation: Path, places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    gate, seal_box = Gate(), boxes.seal_box
    delivery_id, person, before = uuid.uuid4(), uuid.uuid4(), []

    def slowly(*args: Any, **place: Any) -> tuple[str, bytes]:
        sealed = seal_box(*args, **place)
        gate.wait()
        return sealed

    def write(key_id: str, box: bytes) -> None:
        before.append(key_id)
        Delivery(id=delivery_id, subject_id=person, sequence=1, intake_key_id=key_id, box=box).save(force_insert=True)

    def send() -> None:
        with keyring.using(installation / "public"), transaction.atomic():
            boxes.write_box(b"help", write, delivery_id=delivery_id, subject_id=person, sequence=1)

    monkeypatch.setattr(boxes, "seal_box", slowly)
    old = IntakeKey.objects.get().id
    with another_process() as run:
        sender = run(send)
        assert gate.reached.wait(PATIENCE)
        new = intake.rotate(places, today=TODAY).new
        destroying.destroy(Kind.INTAKE, old, places, today=TODAY + timedelta(days=8))
        gate.open.set()
        sender.result(PATIENCE)

    assert before == [old, new]
    delivery = Delivery.objects.get()
    assert delivery.intake_key_id == new
    opened = boxes.open_box(bytes(delivery.box), intake_key_id=new, delivery_id=delivery_id, subject_id=person, sequence=1)
    assert opened == b"help"


def test_a_key_whose_row_is_held_by_a_writer_is_waited_for_but_not_for_ever(installation: Path, places: Places) -> None:
    """The proof gives up after five seconds, so that nobody stands in line behind it, and is tried again."""
    gate = Gate()
    StoreKey.objects.filter(id=1).update(retired_on=TODAY)

    def hold() -> None:
        with transaction.atomic():
            list(StoreKey.objects.select_for_update().filter(id=1))
            gate.wait()

    with another_process() as run:
        holder = run(hold)
        assert gate.reached.wait(PATIENCE)
        with pytest.raises(destroying.KeyStillNeeded, match="refuses to forget"):
            destroying.destroy(Kind.STORE, "1", places, today=TODAY)
        gate.open.set()
        holder.result(PATIENCE)
    assert StoreKey.objects.filter(id=1).exists()
