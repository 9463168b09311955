"""Makes the keys of an installation: one folder a process, each with only what that process may hold, and what leaves the
machine at once: the private half of the backup pair, and the secret of the recovery pair in shares."""

import secrets
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from rainbowrail.crypto import aead, hpke, keyring, recovery
from rainbowrail.crypto.sources import files, services
from rainbowrail.crypto.sources.files import KeyFile, Kind

FIRST = "1"
SYMMETRIC = (Kind.INDEX, Kind.PEPPER, Kind.AUDIT, Kind.TOTP, Kind.SIGNING)
COOKIE = "cookie.key"
PAIR_ID_CHARACTERS = 12

# What stands in which folder, besides the cookie key, which no two processes share. The clock holds nothing.
FOLDERS: dict[str, tuple[Kind, ...]] = {
    "public": (Kind.INTAKE_PUBLIC, Kind.PEPPER),
    "staff": (Kind.INTAKE_PUBLIC, Kind.STORE, Kind.INDEX, Kind.PEPPER, Kind.AUDIT, Kind.TOTP),
    "worker": (Kind.INTAKE, Kind.INTAKE_PUBLIC, Kind.STORE, Kind.INDEX, Kind.AUDIT, Kind.SIGNING),
    "owner": (Kind.INTAKE_PUBLIC, Kind.STORE_PRINT, Kind.BACKUP_PUBLIC, Kind.RECOVERY_PUBLIC),
}
# Beside those of the processes: `pins` takes the public halves of later pairs; `offline` is to be carried away.
PINS = "pins"
OFFLINE = "offline"
TOGETHER = "all"


@dataclass(frozen=True)
class NewKeys:
    """A fresh key of every kind; prints as nothing."""

    by_kind: dict[Kind, KeyFile] = field(repr=False)
    recovery_secret: bytes = field(repr=False)

    def write(self, into: Path, *, together: bool = False) -> None:
        """Write the folders. `together` adds `all`, with every key in one place, for a test or demo process that plays all
        parts."""
        for name, kinds in FOLDERS.items():
            self._write_folder(into / name, kinds)
        for name in ("clock", PINS):
            (into / name).mkdir(mode=files.FOLDER_MODE, parents=True, exist_ok=True)
        files.write(into / OFFLINE, self.by_kind[Kind.BACKUP])
        if together:
            self._write_folder(into / TOGETHER, tuple(self.by_kind))

    def _write_folder(self, folder: Path, kinds: tuple[Kind, ...]) -> None:
        for kind in kinds:
            files.write(folder, services.closed(self.by_kind[kind]))
        files.write_text(folder, COOKIE, secrets.token_urlsafe(48) + "\n")


def make(*, today: date, demo: bool = False) -> NewKeys:
    """Return fresh keys of every kind, number 1. A pair is called by the first 12 hex digits of its fingerprint.

    Raises KeyServiceUnreachable or KeyServiceRefused when an outside service is to close the store key and does not.
    """
    keys = [
        *(symmetric(kind, FIRST, today=today, demo=demo) for kind in SYMMETRIC),
        *with_print(symmetric(Kind.STORE, FIRST, today=today, demo=demo)),
        *pair(Kind.INTAKE, today=today, demo=demo),
        *pair(Kind.BACKUP, today=today, demo=demo),
    ]
    secret = recovery.new_secret()
    _, public = recovery.pair_of(secret)
    keys.append(_public_half(Kind.RECOVERY_PUBLIC, public, today=today, demo=demo))
    return NewKeys({key.kind: key for key in keys}, secret)


def symmetric(kind: Kind, number: str, *, today: date, demo: bool) -> KeyFile:
    """Return a fresh key of 256 bits."""
    return KeyFile(kind, number, today, demo, secret=aead.new_key())


def with_print(key: KeyFile) -> tuple[KeyFile, KeyFile]:
    """Return a store key and its fingerprint for the owner, who registers it without holding it."""
    mark = keyring.fingerprint(Kind.STORE, key.secret)
    return key, KeyFile(Kind.STORE_PRINT, key.id, key.made_on, key.demo, fingerprint=mark)


def pair(kind: Kind, *, today: date, demo: bool) -> tuple[KeyFile, KeyFile]:
    """Return the private and the public half of a fresh intake or backup pair."""
    private, public = hpke.generate()
    half = _public_half(
        {Kind.INTAKE: Kind.INTAKE_PUBLIC, Kind.BACKUP: Kind.BACKUP_PUBLIC}[kind], public, today=today, demo=demo
    )
    return KeyFile(kind, half.id, today, demo, secret=private), half


def public_half_of(private: KeyFile) -> KeyFile:
    """Return the public half of an intake pair again: for a rotation that was stopped between the two files."""
    return _public_half(Kind.INTAKE_PUBLIC, hpke.public_of(private.secret), today=private.made_on, demo=private.demo)


def _public_half(kind: Kind, public: bytes, *, today: date, demo: bool) -> KeyFile:
    fingerprint = hpke.fingerprint(public)
    return KeyFile(kind, fingerprint[:PAIR_ID_CHARACTERS], today, demo, public=public, fingerprint=fingerprint)


def already_made(into: Path) -> bool:
    """Say whether this folder holds the keys of an installation: all of its folders, or none. Raises FileExistsError for some
    of them."""
    there = [name for name in FOLDERS if (into / name).is_dir() and any((into / name).iterdir())]
    if there and len(there) != len(FOLDERS):
        raise FileExistsError(
            f"{into} holds keys for {', '.join(there)} only; complete them from your copy, or make keys in an empty folder."
        )
    return bool(there)
