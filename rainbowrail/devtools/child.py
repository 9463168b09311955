"""One long-running process of the world: its own environment, its own log, stopped with all it started."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

# What a child inherits from us; everything else it gets is said where it is made.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "SSL_CERT_FILE")


@dataclass
class Child:
    """A program to keep running. `environment` is all it gets besides PATH and its like; `log` takes what it says."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    folder: Path
    patience: float = 15.0  # seconds between asking it to stop and stopping it
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    deaths: list[float] = field(default_factory=list)  # monotonic seconds

    def start(self) -> None:
        """Start the program in a session of its own, so that a Ctrl-C in the terminal reaches us alone."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env={**passed_on(), **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def has_died(self) -> bool:
        """Say whether the program was started and has ended."""
        return self.process is not None and self.process.poll() is not None

    def stop(self) -> None:
        """Ask the program to stop, wait `patience` seconds, then stop it and everything it started."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(self.patience)
        _end_session(self.process.pid)
        self.process.wait()
        self.process = None

    def last_words(self, lines: int = 3) -> str:
        """Return the end of the log, for the sentence that tells of a death."""
        if not self.log.exists():
            return ""
        return " / ".join(line.strip() for line in self.log.read_text(errors="replace").splitlines()[-lines:] if line.strip())


def passed_on() -> dict[str, str]:
    """Return the few variables of ours that any program needs."""
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ} | {"PYTHONUNBUFFERED": "1"}


def note_of(children: Sequence[Child]) -> list[list[float]]:
    """Return process number and birth of each living child, so that a later start can find the ones we left behind."""
    noted = []
    for child in children:
        if child.process is not None and child.process.poll() is None:
            try:
                noted.append([child.process.pid, psutil.Process(child.process.pid).create_time()])
            except psutil.NoSuchProcess:
                continue
    return noted


def end_leftovers(noted: Sequence[Sequence[float]]) -> int:
    """End the processes of an earlier start that was killed before it could stop them; returns how many still lived.

    A number that was given to another program since then is told apart by the time of its birth.
    """
    ended = 0
    for number, born in noted:
        try:
            process = psutil.Process(int(number))
            if abs(process.create_time() - born) > 1:
                continue
            process.terminate()
            process.wait(10)
        except psutil.NoSuchProcess:
            continue
        except psutil.TimeoutExpired:
            pass
        _end_session(int(number))
        ended += 1
    return ended


def _end_session(leader: int) -> None:
    """Kill what is left of the process group that `leader` opened."""
    for _ in range(50):
        try:
            os.killpg(leader, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return
        time.sleep(0.02)
