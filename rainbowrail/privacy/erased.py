"""What was erased, listed outside the database, so that a restored backup forgets it again before a door opens
(docs/decisions/0019).

One line a subject (a person, a case, a file) in `erased.txt` of the folder `RAINBOWRAIL_ERASED`: its random id and the day.
An id says nothing about anybody. The folder belongs on another disk than the database; a line may go when no backup of that
day is left.

    erased.append(person_id)                 # by whoever erases, in the same breath as the data keys are destroyed
    erased.register("files", forget_files)   # by whoever has more to forget than data keys, in AppConfig.ready
"""

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from rainbowrail.crypto import datakeys
from rainbowrail.crypto.errors import KeyNotHeld

NAME = "erased.txt"
FOLDER_MODE = 0o700
FILE_MODE = 0o600

type Forget = Callable[[Sequence[UUID]], int]

_forgetters: dict[str, Forget] = {}


def append(*subject_ids: UUID) -> None:
    """Write the ids down, on the disk before this returns. Does nothing when no folder is set: `doctor` complains of that.

    Writing an id that is not erased in the end (the transaction failed) would erase it at a restore: call this in
    `transaction.on_commit`.
    """
    if settings.ERASED_DIR is None or not subject_ids:
        return
    folder = Path(settings.ERASED_DIR)
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    today = timezone.now().date().isoformat()
    lines = "".join(f"{subject_id} {today}\n" for subject_id in subject_ids)
    # One write of whole lines at the end of the file: several processes may do so at once.
    descriptor = os.open(folder / NAME, os.O_WRONLY | os.O_APPEND | os.O_CREAT, FILE_MODE)
    try:
        os.write(descriptor, lines.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(folder: Path | None = None) -> dict[UUID, date]:
    """Return each erased id and its day. An absent list is empty. Raises ValueError, with the line's number, for a line that is
    not one of ours: a damaged list must not let an erased person come back."""
    path = Path(folder or settings.ERASED_DIR or "/nonexistent") / NAME
    found: dict[UUID, date] = {}
    if not path.exists():
        return found
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            subject_id, day = line.split()
            found[UUID(subject_id)] = date.fromisoformat(day)
        except ValueError:
            raise ValueError(f"Line {number} of {path} is not an id and a day; mend the list before you go on.") from None
    return found


def register(name: str, forget: Forget) -> None:
    """Have `forget` called with every erased id after a restore; it returns how many rows or files it forgot."""
    _forgetters[name] = forget


def replay(subject_ids: Iterable[UUID]) -> dict[str, int]:
    """Forget these subjects again: their data keys, then whatever others registered. Returns how many of each were found.

    Safe to run twice. Call it inside the transaction that restores.
    """
    ids = list(subject_ids)
    counts = {"data keys": sum(datakeys.destroy(subject_id) for subject_id in ids)}
    return counts | forget_again(ids)


def forget_again(subject_ids: Iterable[UUID]) -> dict[str, int]:
    """Ask everybody who registered to forget these subjects. Returns how many of each were found.

    Who needs a key that this process does not hold is passed over: the worker asks again each night.
    """
    ids, counts = list(subject_ids), {}
    for name, forget in _forgetters.items() if ids else ():
        try:
            with transaction.atomic():
                counts[name] = forget(ids)
        except KeyNotHeld:
            continue
    return counts
