import uuid
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command

from rainbowrail.crypto import boxes, keyring
from rainbowrail.crypto.errors import KeyMissing, KeyNotHeld, OpenFailed, UnknownVersion
from rainbowrail.crypto.keyring import Keyring
from rainbowrail.crypto.models import IntakeKey, StoreKey
from rainbowrail.crypto.sources.files import Kind
from tests.rainbowrail.crypto.folders import a_folder_of, all_folders
from tests.rainbowrail.crypto.vectors import cases

PAYLOAD = b'{"kind": "request", "keys": ["kanarienvogel"]}'


def a_place() -> dict[str, Any]:
    return {"delivery_id": uuid.uuid4(), "subject_id": uuid.uuid4(), "sequence": 1}


def register_anew() -> None:
    """Register this folder's keys in a database that knows no store key yet; intake keys stand beside those of others."""
    StoreKey.objects.all().delete()
    call_command("keys", "register", verbosity=0)


@pytest.mark.parametrize("case", cases("boxes"), ids=lambda case: f"sequence {case['sequence']}")
def test_boxes_of_long_ago_still_open(case: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    ring = Keyring(secrets={Kind.INTAKE: {case["intake_key_id"]: bytes.fromhex(case["private"])}}, pinned={}, prints={})
    monkeypatch.setattr(keyring, "current", lambda: ring)
    place = {"delivery_id": UUID(case["delivery_id"]), "subject_id": UUID(case["subject_id"]), "sequence": case["sequence"]}

    opened = boxes.open_box(bytes.fromhex(case["box"]), intake_key_id=case["intake_key_id"], **place)

    assert opened.hex() == case["payload"]
    assert boxes._info(case["intake_key_id"], place["delivery_id"], place["subject_id"], case["sequence"]).hex() == case["info"]


def test_what_is_sealed_is_opened_at_its_place(db: None) -> None:
    place = a_place()
    key_id, box = boxes.seal_box(PAYLOAD, **place)

    assert boxes.open_box(box, intake_key_id=key_id, **place) == PAYLOAD
    assert PAYLOAD not in box
    assert b"kanarienvogel" not in box


@pytest.mark.parametrize(
    "other", [{"delivery_id": uuid.uuid4()}, {"subject_id": uuid.uuid4()}, {"sequence": 2}], ids=lambda other: next(iter(other))
)
def test_a_box_does_not_open_at_another_place(db: None, other: dict[str, Any]) -> None:
    place = a_place()
    key_id, box = boxes.seal_box(PAYLOAD, **place)

    with pytest.raises(OpenFailed):
        boxes.open_box(box, intake_key_id=key_id, **(place | other))


@pytest.mark.parametrize("short_and_long", [(b"", b"x" * 50), (b"x" * 5000, b"x" * 5080)])
def test_the_size_of_a_box_tells_little_of_what_it_holds(db: None, short_and_long: tuple[bytes, bytes]) -> None:
    short, long = (boxes.seal_box(payload, **a_place())[1] for payload in short_and_long)

    assert len(short) == len(long)


@pytest.mark.parametrize("box", [b"", b"\x01", b"\x01" + bytes(1200)])
def test_a_broken_box_raises_by_name(db: None, box: bytes) -> None:
    key_id, _ = boxes.seal_box(b"", **a_place())

    with pytest.raises(OpenFailed):
        boxes.open_box(box, intake_key_id=key_id, **a_place())


def test_another_format_is_named_and_not_guessed(db: None) -> None:
    place = a_place()
    key_id, box = boxes.seal_box(PAYLOAD, **place)

    with pytest.raises(UnknownVersion, match="format 2"):
        boxes.open_box(b"\x02" + box[1:], intake_key_id=key_id, **place)


def test_the_public_process_seals_and_cannot_open(db: None, tmp_path: Path) -> None:
    folders = all_folders(tmp_path)
    place = a_place()
    with keyring.using(folders / "owner"):
        register_anew()
    with keyring.using(folders / "public"):
        key_id, box = boxes.seal_box(PAYLOAD, **place)
        with pytest.raises(KeyNotHeld):
            boxes.open_box(box, intake_key_id=key_id, **place)
    with keyring.using(folders / "staff"), pytest.raises(KeyNotHeld):
        boxes.open_box(box, intake_key_id=key_id, **place)

    with keyring.using(folders / "worker"):
        assert boxes.open_box(box, intake_key_id=key_id, **place) == PAYLOAD


def test_a_box_to_a_pair_that_is_gone_is_said_so(db: None) -> None:
    with pytest.raises(KeyMissing):
        boxes.open_box(b"\x01" + bytes(1300), intake_key_id="gone", **a_place())


def test_only_a_pinned_key_is_sealed_to_whatever_the_database_says(db: None, tmp_path: Path) -> None:
    """Whoever writes to the database puts in a newer pair of their own; the public process does not take it."""
    theirs = all_folders(tmp_path / "theirs")
    with keyring.using(theirs / "owner"):
        register_anew()
        IntakeKey.objects.filter(id__in=keyring.current().pinned).update(created_on="2099-01-01")

    key_id, _ = boxes.seal_box(PAYLOAD, **a_place())

    assert key_id in keyring.current().pinned


def test_a_pinned_key_that_the_database_knows_under_another_fingerprint_is_not_used(db: None) -> None:
    IntakeKey.objects.update(fingerprint="0" * 64)

    with pytest.raises(KeyMissing, match="registered"):
        boxes.seal_box(PAYLOAD, **a_place())


def test_a_retired_pair_closes_nothing_new(db: None) -> None:
    IntakeKey.objects.update(retired_on="2026-01-01")

    with pytest.raises(KeyMissing):
        boxes.seal_box(PAYLOAD, **a_place())


def test_a_process_without_pinned_keys_does_not_seal(db: None, tmp_path: Path) -> None:
    folder = a_folder_of("staff", tmp_path)
    for pinned in folder.glob("intake-*.pub"):
        pinned.unlink()
    with keyring.using(folder), pytest.raises(KeyNotHeld, match="pinned"):
        boxes.seal_box(PAYLOAD, **a_place())
