"""Turning the pepper from the command line: never without saying who would be locked out."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from intake.models import ReturnCode
from rainbowrail.audit import receivers
from rainbowrail.audit.models import AuditEvent
from tests.factories.intake import draft, sent
from tests.rainbowrail.crypto.folders import all_folders

pytestmark = pytest.mark.django_db


def pepper(*words: str | Path) -> str:
    out = StringIO()
    call_command("pepper", *map(str, words), stdout=out)
    return out.getvalue()


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    return all_folders(tmp_path)


def live(folders: Path, door: str) -> list[str]:
    return sorted(path.name for path in (folders / door).glob("pepper-*.key"))


def test_a_new_pepper_goes_to_both_doors_and_nowhere_else(folders: Path) -> None:
    assert "Pepper 2 is live" in pepper("new", "--folders", folders)
    assert live(folders, "public") == live(folders, "staff") == ["pepper-1.key", "pepper-2.key"]
    assert live(folders, "worker") == live(folders, "owner") == []
    same = [(folders / door / "pepper-2.key").read_text() for door in ("public", "staff")]
    assert same[0] == same[1]


def test_a_third_pepper_is_not_made(folders: Path) -> None:
    pepper("new", "--folders", folders)
    with pytest.raises(CommandError, match="Retire the older one first"):
        pepper("new", "--folders", folders)


def test_the_only_pepper_is_not_retired(folders: Path) -> None:
    with pytest.raises(CommandError, match="no code opens"):
        pepper("retire", "--folders", folders)


def test_the_older_one_stays_while_a_code_or_a_draft_needs_it(folders: Path) -> None:
    sent()
    draft()
    pepper("new", "--folders", folders)
    with pytest.raises(CommandError, match="1 codes and 1 drafts still need pepper 1"):
        pepper("retire", "--folders", folders)
    assert live(folders, "public") == ["pepper-1.key", "pepper-2.key"]
    assert "1 codes and 1 drafts went with it" in pepper("retire", "--folders", folders, "--lose-codes")
    assert live(folders, "public") == live(folders, "staff") == ["pepper-2.key"]


def test_once_everybody_moved_the_older_one_goes(folders: Path) -> None:
    sent()
    pepper("new", "--folders", folders)
    ReturnCode.objects.update(pepper_version=2)
    assert "Pepper 1 is destroyed: 0 codes" in pepper("retire", "--folders", folders)


def test_it_counts_people_and_not_rows(folders: Path) -> None:
    sent()
    sent()
    assert pepper("show") == "pepper 1: 2 codes, 0 drafts\n"


def test_what_is_done_to_a_pepper_is_on_record_under_a_seal(folders: Path) -> None:
    pepper("show")
    assert not AuditEvent.objects.exists()
    pepper("new", "--folders", folders)
    pepper("retire", "--folders", folders)
    lines = AuditEvent.objects.order_by("pk")
    assert [(line.verb, line.actor_kind, line.detail) for line in lines] == [
        ("keys.turned", "system", {"kind": "pepper", "version": "2"}),
        ("keys.destroyed", "system", {"kind": "pepper", "version": "1"}),
    ]
    assert all(line.seal for line in lines)


def test_what_cannot_be_put_on_record_is_not_done_to_a_pepper(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*words: object, **more: object) -> None:
        raise OperationalError("no space left")

    with monkeypatch.context() as patched, pytest.raises(OperationalError):
        patched.setattr(receivers, "record", full)
        pepper("new", "--folders", folders)
    assert live(folders, "public") == live(folders, "staff") == ["pepper-1.key"]

    pepper("new", "--folders", folders)
    with monkeypatch.context() as patched, pytest.raises(OperationalError):
        patched.setattr(receivers, "record", full)
        pepper("retire", "--folders", folders)
    assert live(folders, "public") == live(folders, "staff") == ["pepper-1.key", "pepper-2.key"]
