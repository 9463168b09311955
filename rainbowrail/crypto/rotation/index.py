"""The index key turns: a new one, every blind index rebuilt under it, then the old one destroyed.

Who has an index registers how it is rebuilt in `blind_index.rebuilders`. Processes on this machine see the new key file at once
and write under it; an index is rebuilt until nothing is left to do twice in a row, with a pause between that is longer than any
request, so that who began with the old key is caught. Entries name no key row: a late one is found by the next rebuilding, not
refused (docs/decisions/0016).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from rainbowrail.crypto import blind_index, key_events, key_making, keyring
from rainbowrail.crypto.errors import KeyMissing
from rainbowrail.crypto.rotation import guards, lock
from rainbowrail.crypto.rotation.places import Places
from rainbowrail.crypto.rotation.stopping import Asked, Stopped, never
from rainbowrail.crypto.sources.files import Kind

BATCH = 500
SETTLED_SECONDS = 35.0  # above gunicorn's and the drain's longest transaction


@dataclass
class Report:
    """What a turn did, or would do."""

    new: str = ""
    old: list[str] = field(default_factory=list)
    rebuilt: dict[str, int] = field(default_factory=dict)
    files: int = 0


def plan(places: Places) -> Report:
    """Say what `rotate` would do now; nothing is written."""
    ids = [key.id for key in places.all_of(Kind.INDEX)]
    under_way = len(ids) > 1
    return Report(
        new=ids[-1] if under_way else "a new one",
        old=ids[:-1] if under_way else ids,
        rebuilt=dict.fromkeys(sorted(blind_index.rebuilders), 0),
    )


def rotate(
    places: Places,
    *,
    today: date,
    stage: bool = False,
    batch: int = BATCH,
    settled_seconds: float = SETTLED_SECONDS,
    asked: Asked = never,
    progress: Callable[[str, int], None] = lambda name, done: None,
) -> Report:
    """Turn the index key, or finish a turn that was stopped. With `stage` only the new file is made, to be carried to other
    hosts. Raises Stopped when asked, and RotationHeld, with everything kept; KeyMissing without any index key."""
    with lock.only_one():
        guards.check_may_turn()
        held = places.all_of(Kind.INDEX)
        if not held:
            raise KeyMissing("No index key is in these folders.")
        if len(held) == 1:
            number = str(int(held[0].id) + 1)
            held.append(key_making.symmetric(Kind.INDEX, number, today=today, demo=held[0].demo))
        places.put(held[-1])  # also where a stop left it out of some folders
        keyring.reload()
        report = Report(new=held[-1].id, old=[key.id for key in held[:-1]])
        if stage:
            return report
        for turn in range(2):
            if turn:
                _wait(settled_seconds, asked)
            _rebuild_all(report, batch=batch, asked=asked, progress=progress)
        guards.check_may_turn()
        # On record before the older key goes: where it cannot be written down, the turn is not finished.
        key_events.tell(key_events.turned, Kind.INDEX, report.new)
        for key_id in report.old:
            report.files += places.remove(Kind.INDEX, key_id)
        keyring.reload()
        return report


def _rebuild_all(report: Report, *, batch: int, asked: Asked, progress: Callable[[str, int], None]) -> None:
    for name, rebuild in sorted(blind_index.rebuilders.items()):
        report.rebuilt.setdefault(name, 0)
        for done in rebuild(batch):
            report.rebuilt[name] += done
            progress(name, report.rebuilt[name])
            if asked():
                raise Stopped
            guards.check_may_turn()


def _wait(seconds: float, asked: Asked) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if asked():
            raise Stopped
        time.sleep(min(0.2, seconds))
