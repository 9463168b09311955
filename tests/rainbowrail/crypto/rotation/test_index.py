"""Turning the index key: every registered index is rebuilt, until nothing is left to do."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.db import OperationalError

from rainbowrail.audit import receivers
from rainbowrail.crypto import blind_index, keyring
from rainbowrail.crypto.rotation import index
from rainbowrail.crypto.rotation.places import Places
from rainbowrail.crypto.rotation.stopping import Stopped
from rainbowrail.crypto.sources.files import Kind

TODAY = date(2027, 2, 20)


class Entries:
    """An index of numbers: which key made each."""

    def __init__(self, count: int) -> None:
        self.made_with = [1] * count

    def rebuild(self, batch: int) -> Iterator[int]:
        newest = blind_index.newest_key()
        while old := [place for place, key in enumerate(self.made_with) if key != newest][:batch]:
            for place in old:
                self.made_with[place] = newest
            yield len(old)


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> Entries:
    found = Entries(5)
    monkeypatch.setattr(blind_index, "rebuilders", {"numbers": found.rebuild})
    return found


def test_every_entry_is_made_anew_and_the_old_key_is_gone(installation: Path, places: Places, entries: Entries) -> None:
    report = index.rotate(places, today=TODAY, batch=2, settled_seconds=0)

    assert entries.made_with == [2] * 5
    assert (report.new, report.old, report.rebuilt) == ("2", ["1"], {"numbers": 5})
    assert {path.parent.name for path in installation.rglob("index-*.key")} == {"staff", "worker", "all"}
    assert not list(installation.rglob("index-1.key"))
    assert keyring.newest(Kind.INDEX)[0] == "2"


def test_an_entry_made_late_under_the_old_key_is_caught_before_it_goes(
    installation: Path, places: Places, entries: Entries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "_wait", lambda seconds, asked: entries.made_with.append(1))

    index.rotate(places, today=TODAY)

    assert entries.made_with == [2] * 6


def test_a_stopped_rebuilding_goes_on_with_the_same_key(installation: Path, places: Places, entries: Entries) -> None:
    with pytest.raises(Stopped):
        index.rotate(places, today=TODAY, batch=2, asked=lambda: True, settled_seconds=0)
    assert entries.made_with.count(2) == 2
    assert len(list((installation / "worker").glob("index-*.key"))) == 2

    report = index.rotate(places, today=TODAY, batch=2, settled_seconds=0)

    assert (report.new, report.rebuilt) == ("2", {"numbers": 3})
    assert not list(installation.rglob("index-1.key"))


def test_the_old_key_stays_when_the_turn_cannot_be_put_on_record(
    installation: Path, places: Places, entries: Entries, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*words: object, **more: object) -> None:
        raise OperationalError("no space left")

    with monkeypatch.context() as patched, pytest.raises(OperationalError):
        patched.setattr(receivers, "record", full)
        index.rotate(places, today=TODAY, settled_seconds=0)
    assert list((installation / "worker").glob("index-1.key"))

    assert index.rotate(places, today=TODAY, settled_seconds=0).new == "2"
    assert not list(installation.rglob("index-1.key"))


def test_a_plan_writes_nothing(installation: Path, places: Places, entries: Entries) -> None:
    before = sorted(installation.rglob("*"))

    plan = index.plan(places)

    assert (plan.new, plan.old, list(plan.rebuilt)) == ("a new one", ["1"], ["numbers"])
    assert sorted(installation.rglob("*")) == before
