import json
import os
import pickle
from pathlib import Path

import pytest

from rainbowrail.crypto import aead, keyring
from rainbowrail.crypto.errors import CryptoError, KeyFileUnreadable, KeyMissing, KeyNotHeld, NotForCopies
from rainbowrail.crypto.sources import files
from rainbowrail.crypto.sources.files import KeyFile, Kind
from tests.rainbowrail.crypto.folders import MADE_ON, all_folders


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    return all_folders(tmp_path)


def test_each_process_gets_its_own_keys_and_no_others(folders: Path) -> None:
    def held(process: str) -> set[str]:
        return {path.name.split("-")[0].split(".")[0] + path.suffix for path in (folders / process).iterdir()}

    assert held("public") == {"intake.pub", "pepper.key", "cookie.key"}
    # The staff door brings in what partners collected: it seals deliveries as the public door does, and opens none (0094).
    assert held("staff") == {"intake.pub", "store.key", "index.key", "pepper.key", "audit.key", "totp.key", "cookie.key"}
    assert held("worker") == {"intake.key", "intake.pub", "store.key", "index.key", "audit.key", "signing.key", "cookie.key"}
    assert held("owner") == {"intake.pub", "store.print", "backup.pub", "recovery.pub", "cookie.key"}
    assert held("offline") == {"backup.key"}
    assert held("clock") == set()


def test_folders_and_files_are_for_this_user_alone(folders: Path) -> None:
    for path in folders.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0


def test_no_two_processes_share_a_cookie_key(folders: Path) -> None:
    cookies = [path.read_text() for path in folders.glob("*/cookie.key")]

    assert len(set(cookies)) == len(cookies) == 5


def test_all_secrets_of_an_installation_differ(folders: Path) -> None:
    secrets = [key.secret for key in files.read(folders / "all") if key.secret]

    assert len(set(secrets)) == len(secrets) == 8


def test_a_key_is_found_by_kind_and_number(folders: Path) -> None:
    with keyring.using(folders / "worker"):
        number, newest = keyring.newest(Kind.STORE)

        assert (number, len(newest)) == ("1", 32)
        assert keyring.secret(Kind.STORE, 1) == newest
        with pytest.raises(KeyNotHeld, match="pepper"):
            keyring.secret(Kind.PEPPER, 1)
        with pytest.raises(KeyMissing, match="store key 2"):
            keyring.secret(Kind.STORE, 2)


def test_a_key_that_was_added_while_the_process_runs_is_found(folders: Path) -> None:
    with keyring.using(folders / "staff"):
        keyring.current()
        files.write(folders / "staff", KeyFile(Kind.STORE, "10", MADE_ON, demo=False, secret=aead.new_key()))
        files.write(folders / "staff", KeyFile(Kind.STORE, "9", MADE_ON, demo=False, secret=aead.new_key()))

        assert keyring.secret(Kind.STORE, 10)
        assert keyring.newest(Kind.STORE)[0] == "10"


def test_a_folder_that_does_not_exist_holds_nothing(tmp_path: Path) -> None:
    with keyring.using(tmp_path / "nowhere"), pytest.raises(KeyNotHeld):
        keyring.newest(Kind.STORE)


def test_a_keyring_is_not_printed_and_not_pickled(folders: Path) -> None:
    with keyring.using(folders / "all"):
        ring = keyring.current()
        shown = repr(ring) + repr(list(files.read(folders / "all")))

        for secret in (secret for kind in ring.secrets.values() for secret in kind.values()):
            assert secret.hex() not in shown
            assert repr(secret)[2:-1] not in shown
        with pytest.raises(NotForCopies):
            pickle.dumps(ring)


def test_a_key_file_is_never_overwritten(folders: Path) -> None:
    with pytest.raises(FileExistsError):
        files.write(folders / "staff", KeyFile(Kind.STORE, "1", MADE_ON, demo=False, secret=aead.new_key()))


@pytest.mark.parametrize(
    "damage",
    [
        {"format": 2},
        {"kind": "index"},
        {"kind": "unheard of"},
        {"id": "2"},
        {"key": "not base64!"},
        {"key": "c2hvcnQ="},
        {"key": ""},
        {"made_on": "yesterday"},
        {"demo": None, "key": None},
    ],
    ids=str,
)
def test_a_damaged_key_file_is_refused_by_name_without_its_content(folders: Path, damage: dict[str, object]) -> None:
    path = folders / "staff" / "store-1.key"
    content = json.loads(path.read_text())
    path.write_text(json.dumps(content | damage))

    with (
        pytest.raises(KeyFileUnreadable, match=r"store-1\.key|index-1\.key|store-2\.key") as refusal,
        keyring.using(folders / "staff"),
    ):
        keyring.reload()

    assert content["key"] not in str(refusal.value)
    assert refusal.value.__context__ is None


@pytest.mark.parametrize("text", ["", "[]", '"text"', "{", "\udcff"])
def test_a_file_that_is_no_key_file_is_refused_by_name(folders: Path, text: str) -> None:
    path = folders / "staff" / "store-1.key"
    path.write_bytes(os.fsencode(text))

    with pytest.raises(KeyFileUnreadable, match=r"store-1\.key"), keyring.using(folders / "staff"):
        keyring.reload()


def test_a_public_half_under_a_false_fingerprint_is_refused(folders: Path) -> None:
    [path] = (folders / "public").glob("intake-*.pub")
    path.write_text(json.dumps(json.loads(path.read_text()) | {"fingerprint": "0" * 64}))

    with pytest.raises(CryptoError, match="fingerprint"), keyring.using(folders / "public"):
        keyring.reload()


def test_fingerprints_tell_keys_and_purposes_apart() -> None:
    key, other = aead.new_key(), aead.new_key()
    prints = {
        keyring.fingerprint(Kind.STORE, key),
        keyring.fingerprint(Kind.STORE, other),
        keyring.fingerprint(Kind.INDEX, key),
    }

    assert len(prints) == 3
    assert all(key.hex() not in text for text in prints)


def test_a_new_newest_key_is_used_at_once_and_a_removed_one_no_more(folders: Path) -> None:
    with keyring.using(folders / "worker"):
        for number in ("2", "3", "4"):
            assert keyring.newest(Kind.INDEX)[0] == str(int(number) - 1)
            files.write(folders / "worker", KeyFile(Kind.INDEX, number, MADE_ON, demo=False, secret=aead.new_key()))
            assert keyring.newest(Kind.INDEX)[0] == number
        files.remove(folders / "worker" / "index-4.key")
        assert keyring.newest(Kind.INDEX)[0] == "3"


def test_a_settled_folder_is_not_read_again(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.utime(folders / "worker", (1, 1))
    with keyring.using(folders / "worker"), monkeypatch.context() as patch:
        keyring.current()
        patch.setattr(files, "read", lambda path: pytest.fail("the folder was read again"))
        keyring.current()


def test_a_file_that_goes_while_the_folder_is_read_is_passed_over(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folders / "worker"
    listed = Path.glob

    def then_one_goes(self: Path, pattern: str) -> list[Path]:
        found = list(listed(self, pattern))
        (folder / "store-1.key").unlink(missing_ok=True)
        return found

    monkeypatch.setattr(Path, "glob", then_one_goes)

    assert Kind.STORE not in {key.kind for key in files.read(folder)}
