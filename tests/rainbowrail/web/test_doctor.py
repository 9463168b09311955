"""`manage.py doctor` says what is wrong, and is silent about the rest."""

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings
from django.utils import timezone

from rainbowrail.crypto import keyring, recovery, recovery_copies, shares
from rainbowrail.crypto.models import DataKey, IntakeKey, StoreKey
from rainbowrail.crypto.rotation import store
from rainbowrail.crypto.rotation.places import Places
from rainbowrail.crypto.sources import files
from rainbowrail.web import doctor
from tests.rainbowrail.crypto.folders import all_folders

type Told = Callable[[], dict[str, str]]


@pytest.fixture
def root(db: None, tmp_path: Path) -> Iterator[Path]:
    """A healthy installation: keys of today, registered; the recovery copy tried; the clock heard."""
    found = all_folders(tmp_path / "keys")
    for rows in (DataKey, IntakeKey, StoreKey):
        rows.objects.all().delete()
    erased = tmp_path / "erased"
    with override_settings(KEYS_DIR=found / "all", ERASED_DIR=erased):
        call_command("keys", "register", verbosity=0)
        today = timezone.now().date()
        IntakeKey.objects.update(created_on=today)
        StoreKey.objects.update(created_on=today)
        recovery.Trial.of(b"a copy", files.read(found / "all"), today=today).write(found / "all")
        doctor.note_heartbeat()
        yield found
    keyring.reload()


def told() -> dict[str, str]:
    return {finding.name: " ".join(finding.complaints) for finding in doctor.findings() if finding.complaints}


def test_a_healthy_installation_is_told_so(root: Path) -> None:
    out = StringIO()

    call_command("doctor", stdout=out)

    assert "wrong" not in out.getvalue()
    assert out.getvalue().count("good") >= 9


def test_what_is_wrong_is_said_and_ends_the_command(root: Path) -> None:
    (root / "all" / recovery.TRIAL).unlink()
    out = StringIO()

    with pytest.raises(CommandError, match="1 things are not as they must be"):
        call_command("doctor", stdout=out)

    assert "No recovery copy was tried" in out.getvalue()


def test_a_recovery_copy_that_lacks_the_newest_store_key_does_not_count(root: Path) -> None:
    store.rotate(Places.of_installation(root), today=timezone.now().date())

    assert "lacks store 2" in told()["recovery"]


def test_keys_that_are_too_old_are_named(root: Path) -> None:
    today = timezone.now().date()
    IntakeKey.objects.update(created_on=today - timedelta(days=9))
    StoreKey.objects.update(created_on=today - timedelta(days=92))

    assert "rotate intake" in told()["age of keys"]
    assert "rotate store" in told()["age of keys"]


def test_an_unfinished_rotation_is_named(root: Path) -> None:
    store.rotate(Places.of_installation(root), today=timezone.now().date(), stage=True)

    assert "not finished" in told()["age of keys"]


def test_a_key_folder_that_others_can_read_is_named(root: Path) -> None:
    (root / "all" / "store-1.key").chmod(0o644)

    assert "can be used by others" in told()["key folder"]


def test_an_intake_key_that_somebody_wrote_is_named(root: Path) -> None:
    IntakeKey.objects.create(id="slipped", public_key=b"x", fingerprint="0" * 64, created_on=date(2026, 1, 1))

    found = told()["keys and their rows"]
    assert "somebody wrote it" in found
    assert "pinned nowhere" in found


def test_grants_that_were_changed_by_hand_are_named(root: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("GRANT DELETE ON audit_auditevent TO rainbowrail_staff")
        cursor.execute("ALTER TABLE intake_delivery DISABLE ROW LEVEL SECURITY")

    found = told()["grants"]
    assert "rainbowrail_staff may do something else on audit_auditevent" in found
    assert "Row-level security on intake_delivery" in found


def test_migrations_that_wait_are_named(root: Path) -> None:
    MigrationRecorder(connection).record_unapplied("intake", "0002_deliveries_are_numbered_in_order_of_arrival")

    assert "the first is intake.0002" in told()["migrations"]


@pytest.mark.parametrize(("seen", "words"), [(None, "never heard"), (3600.0, "60 minutes ago")])
def test_a_silent_clock_is_named(root: Path, seen: float | None, words: str) -> None:
    cache.delete(doctor.HEARTBEAT)
    if seen is not None:
        cache.set(doctor.HEARTBEAT, time.time() - seen)

    assert words in told()["clock and worker"]


def test_a_missing_or_damaged_list_of_erased_ids_is_named(root: Path, tmp_path: Path) -> None:
    (tmp_path / "erased").mkdir()
    (tmp_path / "erased" / "erased.txt").write_text("nonsense\n")
    assert "Line 1" in told()["list of erased ids"]

    with override_settings(ERASED_DIR=None):
        assert "RAINBOWRAIL_ERASED" in told()["list of erased ids"]


def test_a_part_that_breaks_does_not_hide_the_others(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> list[str]:
        raise RuntimeError("private words")

    monkeypatch.setattr(doctor, "_examinations", {"broken": broken, "after": lambda: ["seen"]})

    assert told() == {"broken": "could not be looked at (RuntimeError).", "after": "seen"}


def test_a_tried_copy_satisfies_the_doctor(root: Path, tmp_path: Path) -> None:
    secret = recovery.new_secret()
    _, public = recovery.pair_of(secret)
    copy = recovery.seal(recovery_copies._gather(root), public, today=date(2026, 11, 21))
    (root / "all" / recovery.TRIAL).unlink()
    given = shares.of(secret, needed=2, shares=2, name=b"ab")

    recovery_copies.try_out(copy, given, root / "all", today=date(2026, 11, 21))

    assert "recovery" not in told()
