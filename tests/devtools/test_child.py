"""A long-running process of the world."""

import sys
import time
from pathlib import Path

import psutil
import pytest

from rainbowrail.devtools.child import Child, end_leftovers, note_of

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
PARENT = "import subprocess, sys, time; p = subprocess.Popen(['sleep', '60']); print(p.pid, flush=True); time.sleep(60)"


def child(tmp_path: Path, code: str, **more: object) -> Child:
    return Child("part", [sys.executable, "-c", code], {"TOLD": "yes"}, tmp_path / "part.log", tmp_path, **more)  # type: ignore[arg-type]


def wait_for_words(log: Path) -> str:
    for _ in range(500):
        if log.exists() and log.read_text().strip():
            return log.read_text()
        time.sleep(0.02)
    raise AssertionError("the child said nothing")


def test_a_child_gets_only_its_own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAINBOWRAIL_KEYS", "/somewhere/else")
    part = child(tmp_path, "import os; print(sorted(os.environ))")
    part.start()
    words = wait_for_words(part.log)
    part.stop()
    assert "TOLD" in words
    assert "RAINBOWRAIL_KEYS" not in words
    assert "DATABASE_URL" not in words


def test_a_child_that_will_not_stop_is_stopped(tmp_path: Path) -> None:
    part = child(tmp_path, STUBBORN, patience=0.2)
    part.start()
    wait_for_words(part.log)
    assert part.process
    number = part.process.pid
    part.stop()
    assert not psutil.pid_exists(number)


def test_what_a_child_started_stops_with_it(tmp_path: Path) -> None:
    part = child(tmp_path, PARENT)
    part.start()
    grandchild = int(wait_for_words(part.log))
    part.stop()
    time.sleep(0.1)
    assert not psutil.pid_exists(grandchild) or psutil.Process(grandchild).status() == psutil.STATUS_ZOMBIE


def test_what_an_earlier_run_left_behind_is_ended_and_nothing_else(tmp_path: Path) -> None:
    left, other = child(tmp_path, "import time; time.sleep(60)"), child(tmp_path, "import time; time.sleep(60)")
    left.start()
    other.start()
    ((number, born),) = note_of([left])
    ((another, its_birth),) = note_of([other])

    assert end_leftovers([[number, born], [another, its_birth - 100]]) == 1

    assert left.has_died()
    assert not other.has_died()
    other.stop()
