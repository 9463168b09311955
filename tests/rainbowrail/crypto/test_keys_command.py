from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from rainbowrail.crypto import keyring
from rainbowrail.crypto.models import IntakeKey, StoreKey
from rainbowrail.crypto.sources import files
from rainbowrail.crypto.sources.files import Kind
from rainbowrail.settings.env import Process
from tests.rainbowrail.crypto.folders import all_folders


def keys(*words: str) -> str:
    out = StringIO()
    call_command("keys", *words, stdout=out)
    return out.getvalue()


def test_making_keys_needs_no_database_and_never_overwrites(tmp_path: Path) -> None:
    keys("make", "--into", str(tmp_path))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.*")}

    with pytest.raises(CommandError, match="never overwritten"):
        keys("make", "--into", str(tmp_path))
    keys("make", "--into", str(tmp_path), "--if-missing")

    assert {path: path.read_bytes() for path in tmp_path.rglob("*.*")} == before


def test_no_folder_holds_all_keys_outside_tests_and_demo(tmp_path: Path) -> None:
    with override_settings(PROCESS=Process.OWNER, DEMO=False):
        keys("make", "--into", str(tmp_path))

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "clock",
        "offline",
        "owner",
        "pins",
        "public",
        "staff",
        "worker",
    ]


def test_a_half_made_set_of_keys_is_not_completed_with_strangers(tmp_path: Path) -> None:
    all_folders(tmp_path)
    for path in (tmp_path / "worker").iterdir():
        path.unlink()

    with pytest.raises(CommandError, match="complete them from your copy"):
        keys("make", "--into", str(tmp_path), "--if-missing")


def test_demo_keys_say_so(tmp_path: Path) -> None:
    keys("make", "--into", str(tmp_path), "--demo")

    assert all(key.demo for key in files.read(tmp_path / "worker"))


def test_registering_twice_changes_nothing(db: None, tmp_path: Path) -> None:
    IntakeKey.objects.all().delete()
    StoreKey.objects.all().delete()
    with override_settings(KEYS_DIR=all_folders(tmp_path) / "owner"):
        first, second = keys("register"), keys("register")
        [intake] = keyring.current().pinned.values()

    assert first.count(": registered") == 2
    assert second.count("registered already") == 2
    row = IntakeKey.objects.get()
    assert (row.id, row.fingerprint, bytes(row.public_key)) == (intake.id, intake.fingerprint, intake.public)
    assert StoreKey.objects.get().id == 1


def test_the_owner_registers_the_store_key_without_holding_it(db: None, tmp_path: Path) -> None:
    StoreKey.objects.all().delete()
    folders = all_folders(tmp_path)
    with override_settings(KEYS_DIR=folders / "owner"):
        keys("register")
    with keyring.using(folders / "staff"):
        _, store_key = keyring.newest(Kind.STORE)

    assert StoreKey.objects.get().fingerprint == keyring.fingerprint(Kind.STORE, store_key)


def test_the_keys_of_another_installation_are_refused(db: None, tmp_path: Path) -> None:
    with override_settings(KEYS_DIR=all_folders(tmp_path) / "owner"), pytest.raises(CommandError, match="another installation"):
        keys("register")


def test_nothing_to_register_is_an_error(db: None, tmp_path: Path) -> None:
    with override_settings(KEYS_DIR=tmp_path), pytest.raises(CommandError, match="nothing to register"):
        keys("register")


def test_showing_keys_shows_no_key(tmp_path: Path) -> None:
    folder = all_folders(tmp_path) / "all"
    with override_settings(KEYS_DIR=folder):
        shown = keys("show")

    assert shown.count("\n") == 12
    for path in folder.glob("*.key"):
        assert path.read_text().strip() not in shown
    for key in files.read(folder):
        assert not key.secret or key.secret.hex() not in shown
