"""The worker's watch over the intake keys, under its own database role."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone

from intake import deliveries, key_watch
from intake.models import Delivery
from intake.states import DeliveryKind, DeliveryState
from rainbowrail.celery import app
from rainbowrail.crypto import keyring
from rainbowrail.crypto.grants import STAFF
from rainbowrail.crypto.models import DataKey, DestroyedKey, IntakeKey, StoreKey
from rainbowrail.crypto.rotation import lock
from rainbowrail.web import logs
from tests.rainbowrail.crypto.folders import all_folders
from tests.roles import as_role


@pytest.fixture
def root(db: None, tmp_path: Path) -> Iterator[Path]:
    found = all_folders(tmp_path / "keys")
    for rows in (Delivery, DataKey, IntakeKey, StoreKey):
        rows.objects.all().delete()
    with override_settings(KEYS_DIR=found / "owner"):
        call_command("keys", "register", verbosity=0)
    with override_settings(KEYS_DIR=found / "worker", PINS_DIR=found / "pins"):
        yield found
    keyring.reload()


@pytest.fixture
def alarms(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    heard: list[dict[str, Any]] = []
    monkeypatch.setattr(logs, "failure", lambda name, error, **facts: heard.append({"name": name, **facts}))
    return heard


def made_days_ago(days: int) -> IntakeKey:
    pair = IntakeKey.objects.get()
    IntakeKey.objects.filter(id=pair.id).update(created_on=timezone.now().date() - timedelta(days=days))
    return pair


def test_a_pair_of_a_week_is_turned_by_the_worker_and_found_by_the_public_door(root: Path) -> None:
    old = made_days_ago(7)

    with as_role(STAFF):
        key_watch.turn_pair()
        key_watch.turn_pair()

    new = IntakeKey.objects.get(retired_on=None)
    assert IntakeKey.objects.count() == 2
    assert new.id != old.id
    with override_settings(KEYS_DIR=root / "public"):
        deliveries.deliver(DeliveryKind.ANSWER, {}, subject_id=uuid4(), sequence=1)
    assert Delivery.objects.get().intake_key_id == new.id


def test_a_younger_pair_is_left_alone(root: Path) -> None:
    made_days_ago(6)

    key_watch.turn_pair()

    assert IntakeKey.objects.count() == 1


def test_an_old_half_is_destroyed_eight_days_after_it_was_retired(root: Path) -> None:
    old = made_days_ago(7)
    key_watch.turn_pair()
    today = timezone.now().date()
    for days, left in ((7, 2), (8, 1)):
        IntakeKey.objects.filter(id=old.id).update(retired_on=today - timedelta(days=days))
        with as_role(STAFF):
            key_watch.turn_pair()
        assert IntakeKey.objects.count() == left

    assert DestroyedKey.objects.get().number == old.id
    assert not list((root / "worker").glob(f"intake-{old.id}.*"))


def test_without_pins_the_operator_turns_the_pair(root: Path) -> None:
    made_days_ago(30)

    with override_settings(PINS_DIR=None):
        key_watch.turn_pair()

    assert IntakeKey.objects.count() == 1


def test_while_the_operator_turns_it_the_clock_stands_back(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made_days_ago(7)

    @contextmanager
    def held() -> Iterator[None]:
        raise lock.RotationUnderWay
        yield

    monkeypatch.setattr(lock, "only_one", held)
    key_watch.turn_pair()

    assert IntakeKey.objects.count() == 1


def test_healthy_keys_raise_no_alarm(root: Path, alarms: list[dict[str, Any]]) -> None:
    with as_role(STAFF):
        assert key_watch.raise_alarms() == 0
    assert alarms == []


def test_a_pair_that_somebody_slipped_in_raises_an_alarm(root: Path, alarms: list[dict[str, Any]]) -> None:
    IntakeKey.objects.create(id="slipped", public_key=b"x", fingerprint="0" * 64, created_on="2030-01-01")
    Delivery.objects.create(subject_id=uuid4(), sequence=1, intake_key_id="slipped", box=b"x")

    key_watch.raise_alarms()

    assert {alarm["reason_code"] for alarm in alarms} == {"row_altered", "not_pinned", "unknown_key"}
    assert {(alarm["name"], alarm["intake_key_id"]) for alarm in alarms} == {("key_alarm", "slipped")}


def test_a_fingerprint_that_is_not_the_pinned_one_raises_an_alarm(root: Path, alarms: list[dict[str, Any]]) -> None:
    IntakeKey.objects.update(fingerprint="0" * 64)

    key_watch.raise_alarms()

    assert "fingerprint_differs" in {alarm["reason_code"] for alarm in alarms}


def test_the_clock_asks_within_a_minute() -> None:
    timetable = {entry["task"]: entry["schedule"] for entry in app.conf.beat_schedule.values()}

    assert timetable["intake.watch_keys"] < 60
    assert timetable["web.heartbeat"] <= 60
    assert timetable["intake.turn_pair"] <= 86_400


def test_the_doctor_hears_of_quarantined_and_forgotten_deliveries(root: Path) -> None:
    assert list(key_watch.complaints()) == []
    pair = IntakeKey.objects.get()
    for state in (DeliveryState.QUARANTINED, DeliveryState.WAITING):
        Delivery.objects.create(
            subject_id=uuid4(), sequence=1, intake_key=pair, box=b"x", state=state,
            received_hour=timezone.now() - timedelta(hours=5),
        )  # fmt: skip

    found = list(key_watch.complaints())

    assert "1 deliveries did not open" in found[0]
    assert "waits for 5 hours" in found[1]
