"""`manage.py keys rotate|shred|verify` as an operator meets it."""

import uuid
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from rainbowrail.crypto import blind_index, datakeys
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.models import DataKey, IntakeKey, StoreKey
from rainbowrail.crypto.rotation import index


def keys(root: Path, *words: str) -> str:
    out = StringIO()
    call_command("keys", *words, "--folders", str(root), stdout=out)
    return out.getvalue()


def test_a_rotation_tells_how_far_it_is_and_what_to_do_next(installation: Path) -> None:
    for _ in range(10):
        datakeys.create(uuid.uuid4(), Compartment.STORY)

    said = keys(installation, "rotate", "store", "--batch", "1")

    assert "1 of 10" in said
    assert "10 of 10" in said
    assert "10 data keys are wrapped anew under store key 2" in said
    assert "keys copy" in said


@pytest.mark.parametrize("which", ["store", "intake", "index"])
def test_a_dry_run_says_what_would_be_done_and_does_nothing(installation: Path, which: str) -> None:
    datakeys.create(uuid.uuid4(), Compartment.STORY)
    before = {path: path.stat().st_mtime_ns for path in installation.rglob("*")}

    said = keys(installation, "rotate", which, "--dry-run")

    assert "ould" in said
    assert {path: path.stat().st_mtime_ns for path in installation.rglob("*")} == before
    assert (StoreKey.objects.count(), IntakeKey.objects.count()) == (1, 1)
    assert StoreKey.objects.get().retired_on is IntakeKey.objects.get().retired_on is None


def test_a_staged_key_waits_for_its_files_to_be_carried(installation: Path) -> None:
    assert "then run this again without --stage" in keys(installation, "rotate", "store", "--stage")
    assert "destroyed" in keys(installation, "rotate", "store")


def test_intake_pairs_turn_and_the_old_one_is_kept(installation: Path) -> None:
    said = keys(installation, "rotate", "intake")

    assert "counts from now on" in said
    assert "kept for 8 days" in said
    assert IntakeKey.objects.filter(retired_on=None).count() == 1


def test_an_index_turns(installation: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "_wait", lambda seconds, asked: None)
    monkeypatch.setattr(blind_index, "rebuilders", {"people": lambda batch: iter([3, 2])})

    said = keys(installation, "rotate", "index")

    assert "Index key 2. Rebuilt: people: 10" in said


def test_a_key_in_use_is_not_shredded(installation: Path) -> None:
    for words in (
        ["shred", "store", "1"],
        ["shred", "store", "1", "--dry-run"],
        ["shred", "intake", IntakeKey.objects.get().id],
    ):
        with pytest.raises(CommandError, match="rotate first"):
            keys(installation, *words)
    with pytest.raises(CommandError, match="There is no store key 9"):
        keys(installation, "shred", "store", "9")


def test_a_retired_key_that_nothing_needs_is_shredded(installation: Path) -> None:
    keys(installation, "rotate", "store", "--stage")
    StoreKey.objects.filter(id=1).update(retired_on="2026-01-01")

    assert "could be destroyed now" in keys(installation, "shred", "store", "1", "--dry-run")
    assert StoreKey.objects.filter(id=1).exists()
    assert "no row, and 5 files deleted" in keys(installation, "shred", "store", "1")
    assert not list(installation.rglob("store-1.*"))


def test_a_destroyed_key_is_not_registered_again(installation: Path) -> None:
    kept = (installation / "owner" / "store-1.print").read_bytes()
    keys(installation, "rotate", "store")
    path = installation / "all" / "store-1.print"
    path.write_bytes(kept)
    path.chmod(0o600)
    out = StringIO()

    call_command("keys", "register", stdout=out)

    assert "store-1.print: destroyed, and not registered again" in out.getvalue()
    assert list(StoreKey.objects.values_list("id", flat=True)) == [2]


def test_verifying_names_what_does_not_open(installation: Path) -> None:
    for _ in range(3):
        datakeys.create(uuid.uuid4(), Compartment.STORY)
    assert "All 3 wraps open" in keys(installation, "verify")
    row = DataKey.objects.order_by("id")[1]
    DataKey.objects.filter(id=row.id).update(wrapped=bytes(61))

    with pytest.raises(CommandError, match=str(row.id)):
        keys(installation, "verify")


def test_a_folder_that_is_not_an_installation_is_refused(installation: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="lacks the folders public, staff, worker, owner"):
        keys(tmp_path / "nothing", "rotate", "store")
