"""The keys this process holds, read from its folder: which one writes, which may still read, and which are not its to
hold.

A process that holds no key of a kind gets KeyNotHeld: another process has to do that work. One that holds some, but not the
one named, gets KeyMissing, after the folder was read again in case the key is new.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Self

from django.conf import settings

from rainbowrail.crypto import hpke
from rainbowrail.crypto.errors import KeyFileUnreadable, KeyMissing, KeyNotHeld, NotForCopies
from rainbowrail.crypto.sources import files, services
from rainbowrail.crypto.sources.files import KeyFile, Kind
from rainbowrail.crypto.sources.prints import fingerprint

# `fingerprint` is named here for those who hold a keyring.
__all__ = [
    "Keyring",
    "PinnedKey",
    "current",
    "fingerprint",
    "folder",
    "forget",
    "newest",
    "public",
    "reload",
    "secret",
    "using",
]

SECRET_BYTES = {Kind.INTAKE: hpke.PRIVATE_BYTES, Kind.BACKUP: hpke.PRIVATE_BYTES}
DEFAULT_SECRET_BYTES = 32
SETTLED_NS = 1_000_000_000


@dataclass(frozen=True)
class PinnedKey:
    """The public half of a pair, as this process's own configuration has it. Of an intake pair the database only says whether
    it still counts."""

    id: str
    public: bytes = field(repr=False)
    fingerprint: str


@dataclass(frozen=True, eq=False)
class Keyring:
    """Everything in one folder. Prints as nothing and is not copied."""

    secrets: Mapping[Kind, Mapping[str, bytes]] = field(repr=False)
    pinned: Mapping[str, PinnedKey] = field(repr=False)
    prints: Mapping[str, str] = field(repr=False)
    demo: bool = False
    publics: Mapping[Kind, PinnedKey] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, keys: Iterator[KeyFile]) -> Self:
        """Sort the files of a folder by kind. Raises KeyFileUnreadable for a key of the wrong length or a false fingerprint."""
        secrets: dict[Kind, dict[str, bytes]] = {}
        pinned: dict[str, PinnedKey] = {}
        prints: dict[str, str] = {}
        publics: dict[Kind, PinnedKey] = {}
        demo = False
        for key in keys:
            demo = demo or key.demo
            match key.kind:
                case Kind.INTAKE_PUBLIC | Kind.BACKUP_PUBLIC | Kind.RECOVERY_PUBLIC:
                    if hpke.fingerprint(key.public) != key.fingerprint:
                        raise KeyFileUnreadable(f"{key.name} states a fingerprint that is not its key's.")
                    half = PinnedKey(key.id, key.public, key.fingerprint)
                    if key.kind is Kind.INTAKE_PUBLIC:
                        pinned[key.id] = half
                    else:
                        publics[key.kind] = half
                case Kind.STORE_PRINT:
                    prints[key.id] = key.fingerprint
                case _:
                    expected = SECRET_BYTES.get(key.kind, DEFAULT_SECRET_BYTES)
                    if len(key.secret) != expected:
                        raise KeyFileUnreadable(f"{key.name} holds a key of {len(key.secret)} bytes; {expected} are needed.")
                    secrets.setdefault(key.kind, {})[key.id] = key.secret
        return cls(secrets, pinned, prints, demo, publics)

    def holds(self, kind: Kind) -> bool:
        return bool(self.secrets.get(kind))

    def ids(self, kind: Kind) -> list[str]:
        """Return the ids held of a kind, newest (highest number) last. Raises KeyNotHeld when there is none."""
        held = self.secrets.get(kind)
        if not held:
            raise KeyNotHeld(f"This process holds no {kind.value} key; another process has to do this.")
        return sorted(held, key=lambda key_id: (len(key_id), key_id))

    def __reduce_ex__(self, protocol: object) -> str:
        raise NotForCopies("A keyring is not pickled.")


def current() -> Keyring:
    """Return this process's keys; the folder is read again only when something was put into it or taken out."""
    pins = settings.PINS_DIR
    return _read(folder(), _changed_at(folder()), pins, _changed_at(pins) if pins else 0)


def folder() -> Path:
    """Return the folder of this process's keys."""
    return _folder.get() or Path(settings.KEYS_DIR)


def secret(kind: Kind, key_id: str | int) -> bytes:
    """Return one key. Raises KeyNotHeld when this process holds none of the kind, KeyMissing when it holds others only."""
    for attempt in (current, reload):
        ring = attempt()
        ring.ids(kind)
        if str(key_id) in ring.secrets[kind]:
            return ring.secrets[kind][str(key_id)]
    raise KeyMissing(f"The {kind.value} key {key_id} is not in this process's folder.")


def newest(kind: Kind) -> tuple[str, bytes]:
    """Return id and key of the newest of a kind. Raises KeyNotHeld."""
    ring = current()
    key_id = ring.ids(kind)[-1]
    return key_id, ring.secrets[kind][key_id]


def public(kind: Kind) -> PinnedKey:
    """Return the public half of the backup or recovery pair. Raises KeyNotHeld."""
    half = current().publics.get(kind)
    if half is None:
        raise KeyNotHeld(f"This process holds no {kind.value} key; `manage.py keys make` puts it into the owner's folder.")
    return half


def reload() -> Keyring:
    """Read the folder again: after a rotation put a new key into it."""
    forget()
    return current()


def forget() -> None:
    """Read the folder at the next use."""
    _read.cache_clear()


@contextmanager
def using(other: Path) -> Iterator[None]:
    """Play the process that owns another folder: for tests."""
    token = _folder.set(other)
    try:
        yield
    finally:
        _folder.reset(token)


_folder: ContextVar[Path | None] = ContextVar("rainbowrail_keys_folder", default=None)


def _changed_at(path: Path) -> int:
    """Return when a folder last gained or lost a file (nanoseconds): a rotation is seen without asking the database.

    Clocks of file systems tick in milliseconds, so a folder that has just changed may change again unseen: until it has
    settled, each look at it counts as a change.
    """
    try:
        changed_at = path.stat().st_mtime_ns
    except OSError:
        return 0
    now = time.time_ns()
    return now if now - changed_at < SETTLED_NS else changed_at


@lru_cache(maxsize=2)
def _read(path: Path, changed_at: int, pins: Path | None, pins_changed_at: int) -> Keyring:
    pinned = (key for key in files.read(pins) if key.kind is Kind.INTAKE_PUBLIC) if pins else ()
    return Keyring.of(chain(services.read(path), pinned))
