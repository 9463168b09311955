"""The list of erased ids: whole lines, on the disk, and nobody comes back by a damaged one."""

import threading
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from django.test import override_settings
from django.utils import timezone

from rainbowrail.crypto import datakeys
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.errors import KeyNotHeld
from rainbowrail.crypto.models import DataKey
from rainbowrail.privacy import erased


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with override_settings(ERASED_DIR=tmp_path / "erased"):
        yield tmp_path / "erased"


def test_what_was_written_is_read_back(folder: Path) -> None:
    one, two = uuid.uuid4(), uuid.uuid4()

    erased.append(one)
    erased.append(two, one)

    today = timezone.now().date()
    assert erased.read() == {one: today, two: today}
    assert (folder / erased.NAME).read_text().count("\n") == 3


def test_it_is_readable_by_nobody_else(folder: Path) -> None:
    erased.append(uuid.uuid4())

    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / erased.NAME).stat().st_mode & 0o077 == 0


def test_several_may_write_at_once(folder: Path) -> None:
    ids = [uuid.uuid4() for _ in range(200)]
    threads = [
        threading.Thread(target=lambda part: [erased.append(each) for each in part], args=(ids[n::4],)) for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(erased.read()) == set(ids)


@pytest.mark.parametrize("line", ["nonsense", "00000000-0000-0000-0000-000000000000", "x 2026-01-01", ""])
def test_a_damaged_line_stops_whoever_reads(folder: Path, line: str) -> None:
    erased.append(uuid.uuid4())
    with (folder / erased.NAME).open("a") as file:
        file.write(line + "\n")

    with pytest.raises(ValueError, match="Line 2"):
        erased.read()


def test_without_a_folder_nothing_is_written(tmp_path: Path) -> None:
    with override_settings(ERASED_DIR=None):
        erased.append(uuid.uuid4())
        assert erased.read() == {}


def test_a_replay_destroys_the_data_keys_and_asks_everybody(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    gone, kept = uuid.uuid4(), uuid.uuid4()
    for person in (gone, kept):
        datakeys.create(person, Compartment.STORY)
    asked: list[Sequence[uuid.UUID]] = []

    def forget(ids: Sequence[uuid.UUID]) -> int:
        asked.append(ids)
        return 7

    def cannot(ids: Sequence[uuid.UUID]) -> int:
        raise KeyNotHeld("not here")

    monkeypatch.setattr(erased, "_forgetters", {"needs a key": cannot, "rows": forget})

    assert erased.replay([gone]) == {"data keys": 1, "rows": 7}
    assert asked == [[gone]]
    assert [row.subject_id for row in DataKey.objects.all()] == [kept]
    assert erased.replay([gone]) == {"data keys": 0, "rows": 7}
