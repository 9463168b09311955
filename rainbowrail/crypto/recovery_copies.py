"""Makes, opens and tries the sealed copies of `recovery` over the key folders of an installation."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from rainbowrail.crypto import key_making, recovery
from rainbowrail.crypto.errors import BackupUnreadable, KeyMissing
from rainbowrail.crypto.shares import Share, joined
from rainbowrail.crypto.sources import files, services
from rainbowrail.crypto.sources.files import KeyFile, Kind

NAME = "recovery-{day}.sealed"
COPIED = (*key_making.FOLDERS, key_making.PINS, key_making.OFFLINE)


@dataclass(frozen=True)
class Opened:
    """What a copy holds: the files as they were, and the keys in them."""

    files: dict[str, str]
    keys: list[KeyFile]


def make(root: Path, *, today: date, into: Path | None = None) -> Path:
    """Seal a copy of every key beneath `root` and return its path: `into`, or a file of the day in the folder `offline`.

    A key that an outside service closed is copied opened: the copy is for the day on which the service is gone too. Raises
    KeyMissing without the public half of the recovery pair; FileExistsError.
    """
    public = public_half(root / "owner")
    copy = recovery.seal(_gather(root), public.public, today=today)
    path = into or _free_name(root / key_making.OFFLINE, today)
    path.parent.mkdir(mode=files.FOLDER_MODE, parents=True, exist_ok=True)
    path.touch(mode=files.FILE_MODE, exist_ok=False)
    path.write_bytes(copy)
    return path


def open_with(copy: bytes, shares: list[Share]) -> Opened:
    """Open a copy with the shares. Raises ShareUnreadable, BackupUnreadable."""
    found = recovery.open_copy(copy, joined(shares))
    keys = [files.parse(name.rpartition("/")[2], text) for name, text in sorted(found.items()) if files.is_key(name)]
    return Opened(found, keys)


def try_out(copy: bytes, shares: list[Share], owner: Path, *, today: date) -> recovery.Trial:
    """Open a copy, compare it with what the owner's folder knows is in use, and note that it was tried.

    Raises BackupUnreadable when the copy lacks a key in use; as `open_with` otherwise.
    """
    trial = recovery.Trial.of(copy, open_with(copy, shares).keys, today=today)
    lacking = sorted(needed(owner) - set(trial.covers))
    if lacking:
        names = ", ".join(" ".join(entry.split()[:-1]) for entry in lacking)
        raise BackupUnreadable(
            f"This copy opens, and lacks keys that are in use now: {names}. Make a new one with `keys copy`."
        )
    trial.write(owner)
    return trial


def needed(owner: Path) -> set[str]:
    """Return what a copy must bring back, as far as the owner's folder knows it: the store keys and the backup pair."""
    known = [key for key in files.read(owner) if key.kind in {Kind.STORE_PRINT, Kind.BACKUP_PUBLIC}]
    as_secret = {Kind.STORE_PRINT: Kind.STORE}
    return recovery.covered(replace(key, kind=as_secret.get(key.kind, key.kind)) for key in known)


def _gather(root: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for folder in COPIED:
        for key in services.read(root / folder):
            found[f"{folder}/{key.name}"] = files.as_text(replace(key, wrapped="", service=""))
        cookie = root / folder / key_making.COOKIE
        if cookie.exists():
            found[f"{folder}/{cookie.name}"] = cookie.read_text()
    return found


def public_half(owner: Path) -> KeyFile:
    """Return the key that recovery copies are closed to. Raises KeyMissing."""
    for key in files.read(owner):
        if key.kind is Kind.RECOVERY_PUBLIC:
            return key
    raise KeyMissing(f"{owner} has no recovery-*.pub: these keys were made without one.")


def _free_name(folder: Path, today: date) -> Path:
    path, turn = folder / NAME.format(day=today.isoformat()), 2
    while path.exists():
        path, turn = folder / NAME.format(day=f"{today.isoformat()}-{turn}"), turn + 1
    return path
