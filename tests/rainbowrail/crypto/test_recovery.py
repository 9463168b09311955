"""A sealed copy of all keys: made with the keys, opened by enough people together, tried before it is needed."""

import re
import shutil
from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.test import override_settings

from rainbowrail.audit import receivers
from rainbowrail.audit.models import AuditEvent
from rainbowrail.crypto import keyring, recovery, recovery_copies, shares
from rainbowrail.crypto.errors import BackupUnreadable, ShareUnreadable
from rainbowrail.crypto.rotation import store
from rainbowrail.crypto.rotation.places import Places
from rainbowrail.crypto.sources.files import Kind
from rainbowrail.settings.env import Process

TODAY = date(2027, 2, 20)


def keys(*words: str) -> str:
    out = StringIO()
    call_command("keys", *words, stdout=out)
    return out.getvalue()


class Made:
    """What `keys make` left: the folders, and the papers in people's hands."""

    def __init__(self, root: Path, papers: Path) -> None:
        with override_settings(PROCESS=Process.OWNER, DEMO=False):
            self.said = keys("make", "--into", str(root), "--shares", "4", "--needed", "2")
        self.root = root
        self.texts = re.findall(r"RBRL-\S+", self.said)
        self.papers = []
        papers.mkdir()
        for number, text in enumerate(self.texts):
            paper = papers / f"{number}.txt"
            paper.write_text(text + "\n")
            self.papers.append(f"--share={paper}")
        [self.copy] = (root / "offline").glob("recovery-*.sealed")


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    found = Made(tmp_path / "keys", tmp_path / "papers")
    with override_settings(KEYS_DIR=found.root / "owner"):
        yield found
    keyring.reload()


def test_making_keys_ends_with_a_sealed_copy_and_shares_for_people(made: Made) -> None:
    assert len(made.texts) == 4
    assert "2 needed" in made.said
    assert made.copy.stat().st_mode & 0o077 == 0
    content = made.copy.read_bytes()
    for path in made.root.rglob("*.key"):
        assert path.read_bytes() not in content
    everything = b"".join(path.read_bytes() for path in made.root.rglob("*") if path.is_file())
    assert not any(text.encode() in everything for text in made.texts)


def test_enough_shares_bring_every_key_back(made: Made, tmp_path: Path) -> None:
    keys("recover", str(made.copy), *made.papers[1:3], "--into", str(tmp_path / "again"))

    for path in made.root.rglob("*"):
        if path.is_file() and path != made.copy:
            again = tmp_path / "again" / path.relative_to(made.root)
            assert again.read_text() == path.read_text()
            assert again.stat().st_mode & 0o077 == 0


def test_too_few_shares_open_nothing(made: Made, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="2 different shares are needed; 1"):
        keys("recover", str(made.copy), made.papers[0], "--into", str(tmp_path / "again"))
    assert not (tmp_path / "again").exists()


def test_trying_a_copy_writes_nothing_but_the_note(made: Made) -> None:
    before = set(made.root.rglob("*"))
    assert recovery.Trial.read(made.root / "owner") is None

    said = keys("recover", str(made.copy), *made.papers[:2], "--try")

    assert "noted" in said
    assert set(made.root.rglob("*")) - before == {made.root / "owner" / recovery.TRIAL}
    trial = recovery.Trial.read(made.root / "owner")
    assert trial is not None
    assert recovery_copies.needed(made.root / "owner") <= set(trial.covers)
    with keyring.using(made.root / "worker"):
        assert keyring.secret(Kind.STORE, 1).hex() not in (made.root / "owner" / recovery.TRIAL).read_text()


def test_no_copy_is_made_that_cannot_be_put_on_record(db: None, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*words: object, **more: object) -> None:
        raise OperationalError("no space left")

    monkeypatch.setattr(receivers, "record", full)
    with pytest.raises(OperationalError):
        keys("copy", "--folders", str(made.root))
    assert list((made.root / "offline").glob("recovery-*.sealed")) == [made.copy]


def test_a_copy_that_lacks_a_key_in_use_does_not_pass_the_trial(db: None, made: Made) -> None:
    from rainbowrail.crypto.models import DataKey, StoreKey

    DataKey.objects.all().delete()
    StoreKey.objects.all().delete()
    keys("register")
    with keyring.using(made.root / "worker"):
        store.rotate(Places.of_installation(made.root), today=TODAY)

    with pytest.raises(CommandError, match="lacks keys that are in use now: store 2"):
        keys("recover", str(made.copy), *made.papers[:2], "--try")

    said = keys("copy", "--folders", str(made.root))
    newer = Path(re.search(r"Sealed into (\S+)\.", said)[1])  # type: ignore[index]
    line = AuditEvent.objects.get(verb="keys.copied")
    assert (line.actor_kind, line.detail["kind"], bool(line.seal)) == ("system", "recovery_public", True)
    assert "brings back" in keys("recover", str(newer), *made.papers[2:], "--try")


@pytest.mark.parametrize("place", [5, 30, 200, -1])
def test_an_altered_copy_does_not_open(made: Made, place: int) -> None:
    content = bytearray(made.copy.read_bytes())
    content[place] ^= 1
    given = [shares.read(text) for text in made.texts[:2]]

    with pytest.raises(BackupUnreadable):
        recovery_copies.open_with(bytes(content), given)


def test_the_shares_of_another_installation_do_not_open_it(made: Made, tmp_path: Path) -> None:
    other = Made(tmp_path / "other", tmp_path / "other-papers")
    given = [shares.read(text) for text in other.texts[:2]]

    with pytest.raises(BackupUnreadable, match="another copy"):
        recovery_copies.open_with(made.copy.read_bytes(), given)
    with pytest.raises(ShareUnreadable, match="not of one set"):
        recovery_copies.open_with(made.copy.read_bytes(), [given[0], shares.read(made.texts[1])])


def test_shares_may_be_typed_in_and_a_slip_is_asked_for_again(
    made: Made, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = made.texts[:2]
    slipped = second[:10] + ("7" if second[10] != "7" else "8") + second[11:]
    typed = StringIO(f"{first}\n{slipped}\n{second.lower()}\n")
    monkeypatch.setattr("sys.stdin", typed)

    assert "noted" in keys("recover", str(made.copy), "--try")
    assert "does not agree with its own check" in capsys.readouterr().err


def test_keys_are_never_recovered_over_others(made: Made) -> None:
    with pytest.raises(CommandError, match="never overwritten"):
        keys("recover", str(made.copy), *made.papers[:2], "--into", str(made.root))
    with pytest.raises(CommandError, match="--try"):
        keys("recover", str(made.copy), *made.papers[:2])


def test_a_copy_cannot_write_outside_its_folder(tmp_path: Path) -> None:
    for name in ("../x.key", "a/b/c.key", "x.key", "worker/../../x"):
        with pytest.raises(BackupUnreadable, match="outside"):
            recovery.write_files(tmp_path / "into", {name: "text"})


def test_numbers_of_shares_that_cannot_be_are_refused_before_any_key_is_made(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="at least 2"):
        keys("make", "--into", str(tmp_path / "keys"), "--shares", "3", "--needed", "1")
    assert not (tmp_path / "keys").exists()


def test_two_copies_of_one_day_stand_beside_each_other(made: Made) -> None:
    shutil.copy(made.copy, made.copy.with_name("kept"))
    for _ in range(2):
        recovery_copies.make(made.root, today=TODAY)

    assert len(list((made.root / "offline").glob("recovery-2027-02-20*.sealed"))) == 2
