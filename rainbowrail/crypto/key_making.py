"""Makes the keys of an installation: one folder a process, each with only what that process may hold."""

import secrets
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from rainbowrail.crypto import aead, hpke, keyring
from rainbowrail.crypto.sources import files
from rainbowrail.crypto.sources.files import KeyFile, Kind

FIRST = "1"
COOKIE = "cookie.key"
INTAKE_ID_CHARACTERS = 12

# What stands in which folder, besides the cookie key, which no two processes share. The clock holds nothing.
FOLDERS: dict[str, tuple[Kind, ...]] = {
    "public": (Kind.INTAKE_PUBLIC, Kind.PEPPER),
    "staff": (Kind.STORE, Kind.INDEX, Kind.PEPPER, Kind.AUDIT, Kind.TOTP),
    "worker": (Kind.INTAKE, Kind.INTAKE_PUBLIC, Kind.STORE, Kind.INDEX, Kind.AUDIT, Kind.SIGNING),
    "owner": (Kind.INTAKE_PUBLIC, Kind.STORE_PRINT),
}


@dataclass(frozen=True)
class NewKeys:
    """A fresh key of every kind; prints as nothing."""

    by_kind: dict[Kind, KeyFile] = field(repr=False)

    def write(self, into: Path, *, together: bool = False) -> None:
        """Write the folders. `together` adds `all`, with every key in one place, for a test or demo process that plays all
        parts."""
        for name, kinds in FOLDERS.items():
            self._write_folder(into / name, kinds)
        (into / "clock").mkdir(mode=files.FOLDER_MODE, parents=True, exist_ok=True)
        if together:
            self._write_folder(into / "all", tuple(self.by_kind))

    def _write_folder(self, folder: Path, kinds: tuple[Kind, ...]) -> None:
        for kind in kinds:
            files.write(folder, self.by_kind[kind])
        files.write_text(folder, COOKIE, secrets.token_urlsafe(48) + "\n")


def make(*, today: date, demo: bool = False) -> NewKeys:
    """Return fresh keys of every kind, number 1. An intake pair is called by the first 12 hex digits of its fingerprint."""
    private, public = hpke.generate()
    fingerprint = hpke.fingerprint(public)
    intake_id = fingerprint[:INTAKE_ID_CHARACTERS]
    keys = {
        kind: KeyFile(kind, FIRST, today, demo, secret=aead.new_key())
        for kind in (Kind.STORE, Kind.INDEX, Kind.PEPPER, Kind.AUDIT, Kind.TOTP, Kind.SIGNING)
    }
    keys[Kind.INTAKE] = KeyFile(Kind.INTAKE, intake_id, today, demo, secret=private)
    keys[Kind.INTAKE_PUBLIC] = KeyFile(Kind.INTAKE_PUBLIC, intake_id, today, demo, public=public, fingerprint=fingerprint)
    store_print = keyring.fingerprint(Kind.STORE, keys[Kind.STORE].secret)
    keys[Kind.STORE_PRINT] = KeyFile(Kind.STORE_PRINT, FIRST, today, demo, fingerprint=store_print)
    return NewKeys(keys)


def already_made(into: Path) -> bool:
    """Say whether this folder holds the keys of an installation: all of its folders, or none. Raises FileExistsError for some
    of them."""
    there = [name for name in FOLDERS if (into / name).is_dir() and any((into / name).iterdir())]
    if there and len(there) != len(FOLDERS):
        raise FileExistsError(
            f"{into} holds keys for {', '.join(there)} only; complete them from your copy, or make keys in an empty folder."
        )
    return bool(there)
