import shutil
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from rainbowrail.crypto import aead, checks, hpke
from rainbowrail.crypto.errors import HybridMissing
from rainbowrail.crypto.sources import files
from rainbowrail.crypto.sources.files import KeyFile, Kind
from rainbowrail.settings.env import Process
from tests.rainbowrail.crypto.folders import MADE_ON, all_folders

SERVING = [Process.PUBLIC, Process.STAFF, Process.WORKER]
COOKIE = "c" * 60


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    return all_folders(tmp_path)


def complaints(folder: Path, process: Process, *, demo: bool = False) -> str:
    with override_settings(SECRET_KEY=COOKIE):
        return " ".join(checks.complaints(folder, process, demo=demo))


@pytest.mark.parametrize("process", [*SERVING, Process.OWNER, Process.CLOCK])
def test_freshly_made_keys_are_accepted(folders: Path, process: Process) -> None:
    assert complaints(folders / process.value, process) == ""


@pytest.mark.parametrize("process", SERVING)
def test_every_missing_key_is_named(folders: Path, process: Process) -> None:
    found = complaints(folders / "clock", process)

    assert all(f"“{kind}”" in found for kind in checks.NEEDS[process])


@pytest.mark.parametrize("kind", [Kind.INTAKE, Kind.STORE, Kind.INDEX, Kind.AUDIT, Kind.TOTP, Kind.SIGNING])
def test_the_public_process_holds_no_private_key(folders: Path, kind: Kind) -> None:
    [source] = (folders / "all").glob(f"{kind.value}-*.key")
    shutil.copy(source, folders / "public")

    assert f"must not hold a key of the kind “{kind}”" in complaints(folders / "public", Process.PUBLIC)


def test_the_staff_web_cannot_open_what_applicants_send_and_the_worker_knows_no_pepper(folders: Path) -> None:
    [private] = (folders / "worker").glob("intake-*.key")
    shutil.copy(private, folders / "staff")
    shutil.copy(folders / "staff" / "pepper-1.key", folders / "worker")

    assert "“intake”" in complaints(folders / "staff", Process.STAFF)
    assert "“pepper”" in complaints(folders / "worker", Process.WORKER)


def test_the_clock_holds_nothing(folders: Path) -> None:
    assert "clock holds no keys" in complaints(folders / "staff", Process.CLOCK)


def test_one_key_for_two_purposes_is_refused(folders: Path) -> None:
    (folders / "staff" / "index-1.key").unlink()
    store = next(key for key in files.read(folders / "staff") if key.kind is Kind.STORE)
    files.write(folders / "staff", KeyFile(Kind.INDEX, "1", MADE_ON, demo=False, secret=store.secret))

    assert "same key" in complaints(folders / "staff", Process.STAFF)


@pytest.mark.parametrize(("name", "mode"), [("store-1.key", 0o640), ("cookie.key", 0o604), ("", 0o750)])
def test_keys_that_others_can_read_are_refused(folders: Path, name: str, mode: int) -> None:
    (folders / "staff" / name).chmod(mode)

    assert "can be used by others" in complaints(folders / "staff", Process.STAFF)


def test_keys_of_the_demo_serve_the_demo_only(tmp_path: Path) -> None:
    folder = all_folders(tmp_path, demo=True) / "public"

    assert complaints(folder, Process.PUBLIC, demo=True) == ""
    assert "made for the demo" in complaints(folder, Process.PUBLIC)


def test_a_third_pepper_is_refused(folders: Path) -> None:
    for number in ("2", "3"):
        files.write(folders / "public", KeyFile(Kind.PEPPER, number, MADE_ON, demo=False, secret=aead.new_key()))

    assert "at most 2" in complaints(folders / "public", Process.PUBLIC)


def test_a_missing_or_short_cookie_key_is_refused(folders: Path) -> None:
    with override_settings(SECRET_KEY="short"):
        assert "cookie.key" in " ".join(checks.complaints(folders / "public", Process.PUBLIC, demo=False))


def test_a_damaged_key_file_is_a_complaint(folders: Path) -> None:
    (folders / "staff" / "store-1.key").write_text("{")

    assert "store-1.key cannot be read" in complaints(folders / "staff", Process.STAFF)


def test_a_process_with_wrong_keys_says_so_and_does_not_start(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (
        override_settings(KEYS_DIR=folders / "staff", PROCESS=Process.PUBLIC, SECRET_KEY=COOKIE),
        pytest.raises(ImproperlyConfigured, match="must not hold"),
    ):
        checks.refuse_to_start()
    assert "must not hold a key of the kind “store”" in capsys.readouterr().err
    with override_settings(KEYS_DIR=folders / "public", PROCESS=Process.PUBLIC, SECRET_KEY=COOKIE, DEMO=False):
        checks.refuse_to_start()


def test_a_process_without_the_hybrid_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise HybridMissing("no ML-KEM here")

    monkeypatch.setattr(hpke, "require", missing)

    assert [message.id for message in checks.check_hybrid(None)] == ["crypto.E001"]
    with pytest.raises(ImproperlyConfigured, match="ML-KEM"):
        checks.refuse_to_start()


def test_pins_are_written_by_their_owner_alone_and_hold_no_private_half(folders: Path) -> None:
    pins = folders / "pins"
    with override_settings(PINS_DIR=pins):
        assert complaints(folders / "public", Process.PUBLIC) == ""
        pins.chmod(0o755)  # whoever likes may read public halves
        assert complaints(folders / "public", Process.PUBLIC) == ""
        pins.chmod(0o775)
        assert "can be written by others" in complaints(folders / "public", Process.PUBLIC)
        pins.chmod(0o700)
        [private] = (folders / "worker").glob("intake-*.key")
        shutil.copy(private, pins)
        assert "is no public half" in complaints(folders / "public", Process.PUBLIC)
