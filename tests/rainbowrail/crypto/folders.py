"""Fresh key folders for tests."""

from datetime import date
from pathlib import Path

from rainbowrail.crypto import key_making

MADE_ON = date(2026, 11, 21)


def all_folders(into: Path, *, demo: bool = False) -> Path:
    """Fresh keys of one installation, every process's folder beside the others."""
    key_making.make(today=MADE_ON, demo=demo).write(into, together=True)
    return into


def a_folder_of(process: str, into: Path) -> Path:
    """Fresh keys of one process."""
    return all_folders(into / "keys") / process
