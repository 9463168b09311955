"""Turning the intake pair: no request is refused, no box is left without its key, an old half lives eight days."""

import uuid
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import override_settings

from intake.models import Delivery
from rainbowrail.crypto import boxes, keyring
from rainbowrail.crypto.errors import KeyMissing, KeyStillNeeded
from rainbowrail.crypto.models import DestroyedKey, IntakeKey
from rainbowrail.crypto.rotation import destroying, intake
from rainbowrail.crypto.rotation.places import Places
from rainbowrail.crypto.sources.files import Kind
from tests.rainbowrail.crypto.folders import MADE_ON

TODAY = MADE_ON + timedelta(days=7)
IN_TIME = TODAY + timedelta(days=8)


def send(payload: bytes = b"help") -> Delivery:
    place = {"delivery_id": uuid.uuid4(), "subject_id": uuid.uuid4(), "sequence": 1}

    def write(key_id: str, box: bytes) -> Delivery:
        row = Delivery(
            id=place["delivery_id"], subject_id=place["subject_id"], sequence=place["sequence"], intake_key_id=key_id, box=box
        )
        row.save(force_insert=True)
        return row

    return boxes.write_box(payload, write, **place)


def opens(delivery: Delivery) -> bytes:
    assert delivery.intake_key_id
    return boxes.open_box(
        bytes(delivery.box),
        intake_key_id=delivery.intake_key_id,
        delivery_id=delivery.id,
        subject_id=delivery.subject_id,
        sequence=delivery.sequence,
    )


def first() -> str:
    return IntakeKey.objects.earliest("created_on").id


def test_new_boxes_go_to_the_new_pair_and_old_ones_still_open(installation: Path, places: Places) -> None:
    old = send()
    report = intake.rotate(places, today=TODAY)

    new = send()

    assert (old.intake_key_id, new.intake_key_id) == (report.retired[0], report.new)
    assert opens(old) == opens(new) == b"help"
    assert report.destroyed == []


def test_the_public_process_finds_the_new_pair_in_its_own_folder_and_no_private_half(
    installation: Path, places: Places
) -> None:
    with keyring.using(installation / "public"):
        assert send().intake_key_id == first()
    new = intake.rotate(places, today=TODAY).new

    with keyring.using(installation / "public"):
        assert send().intake_key_id == new
    # The staff door closes deliveries too.
    assert {path.parent.name for path in installation.rglob(f"intake-{new}.pub")} == {
        "public",
        "staff",
        "worker",
        "owner",
        "pins",
        "all",
    }
    assert {path.parent.name for path in installation.rglob(f"intake-{new}.key")} == {"worker", "all"}


def test_an_old_half_lives_eight_days(installation: Path, places: Places) -> None:
    old = first()
    intake.rotate(places, today=TODAY)

    assert intake.destroy_old(places, today=IN_TIME - timedelta(days=1)).destroyed == []
    with pytest.raises(KeyStillNeeded, match="kept for 8 days"):
        destroying.destroy(Kind.INTAKE, old, places, today=IN_TIME - timedelta(days=1))
    assert list(installation.rglob(f"intake-{old}.key"))

    assert intake.destroy_old(places, today=IN_TIME).destroyed == [old]
    assert not list(installation.rglob(f"intake-{old}.*"))
    assert DestroyedKey.objects.get().number == old


def test_a_half_is_kept_as_long_as_one_box_needs_it(installation: Path, places: Places) -> None:
    waiting = send()
    old = first()
    intake.rotate(places, today=TODAY)

    report = intake.destroy_old(places, today=IN_TIME)

    assert report.destroyed == []
    assert "1 rows" in report.kept[old]
    assert opens(waiting) == b"help"


def test_a_pair_is_due_after_a_week(installation: Path, places: Places) -> None:
    assert not intake.is_due(MADE_ON + timedelta(days=6))
    assert intake.is_due(TODAY)
    intake.rotate(places, today=TODAY)
    assert not intake.is_due(TODAY)


def test_a_pair_that_a_stopped_run_left_unregistered_is_used(installation: Path, places: Places) -> None:
    made = intake.rotate(places, today=TODAY, stage=True).new
    IntakeKey.objects.filter(id=made).delete()
    for path in installation.rglob(f"intake-{made}.pub"):
        path.unlink()

    assert intake.rotate(places, today=TODAY).new == made
    assert (installation / "public" / f"intake-{made}.pub").exists()


def test_a_staged_pair_is_finished_by_the_next_run(installation: Path, places: Places) -> None:
    old = first()
    staged = intake.rotate(places, today=TODAY, stage=True)
    assert staged.retired == []

    done = intake.rotate(places, today=TODAY)

    assert (done.new, done.retired) == (staged.new, [old])


def test_a_dry_run_writes_nothing(installation: Path, places: Places) -> None:
    before = sorted(installation.rglob("*"))

    report = intake.rotate(places, today=TODAY, dry_run=True)

    assert report.retired == [first()]
    assert sorted(installation.rglob("*")) == before
    assert IntakeKey.objects.get().retired_on is None


def test_the_worker_pins_the_new_pair_where_the_public_door_reads(installation: Path) -> None:
    pins = installation / "pins"
    with override_settings(KEYS_DIR=installation / "worker", PINS_DIR=pins):
        new = intake.rotate(Places.of_worker(), today=TODAY).new
    assert not (installation / "public" / f"intake-{new}.pub").exists()

    with override_settings(KEYS_DIR=installation / "public", PINS_DIR=pins):
        sent = send()
    with override_settings(KEYS_DIR=installation / "worker", PINS_DIR=pins):
        assert (sent.intake_key_id, opens(sent)) == (new, b"help")


def test_a_pair_that_somebody_wrote_into_the_database_is_not_used(installation: Path) -> None:
    from rainbowrail.crypto import hpke

    _, public = hpke.generate()
    mark = hpke.fingerprint(public)
    IntakeKey.objects.create(id=mark[:12], public_key=public, fingerprint=mark, created_on=date(2030, 1, 1))

    assert send().intake_key_id == first() != mark[:12]


def test_folders_without_private_halves_get_no_new_pair(installation: Path, places: Places) -> None:
    for path in installation.rglob("intake-*.key"):
        path.unlink()

    with pytest.raises(KeyMissing, match="No private intake key"):
        intake.rotate(places, today=TODAY)
