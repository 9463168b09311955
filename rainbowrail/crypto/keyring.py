"""The keys this process holds, read once from its folder: which one writes, which may still read, and which are not its to
hold.

A process that holds no key of a kind gets KeyNotHeld: another process has to do that work. One that holds some, but not the
one named, gets KeyMissing, after the folder was read again in case the key is new.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Self

from django.conf import settings

from rainbowrail.crypto import hpke
from rainbowrail.crypto.encoding import encode
from rainbowrail.crypto.errors import KeyFileUnreadable, KeyMissing, KeyNotHeld, NotForCopies
from rainbowrail.crypto.sources import files
from rainbowrail.crypto.sources.files import KeyFile, Kind

SECRET_BYTES = {Kind.INTAKE: hpke.PRIVATE_BYTES}
DEFAULT_SECRET_BYTES = 32


@dataclass(frozen=True)
class PinnedKey:
    """The public half of an intake pair, as this process's own configuration has it; the database only says whether it still
    counts."""

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

    @classmethod
    def of(cls, keys: Iterator[KeyFile]) -> Self:
        """Sort the files of a folder by kind. Raises KeyFileUnreadable for a key of the wrong length or a false fingerprint."""
        secrets: dict[Kind, dict[str, bytes]] = {}
        pinned: dict[str, PinnedKey] = {}
        prints: dict[str, str] = {}
        demo = False
        for key in keys:
            demo = demo or key.demo
            match key.kind:
                case Kind.INTAKE_PUBLIC:
                    if hpke.fingerprint(key.public) != key.fingerprint:
                        raise KeyFileUnreadable(f"{key.name} states a fingerprint that is not its key's.")
                    pinned[key.id] = PinnedKey(key.id, key.public, key.fingerprint)
                case Kind.STORE_PRINT:
                    prints[key.id] = key.fingerprint
                case _:
                    expected = SECRET_BYTES.get(key.kind, DEFAULT_SECRET_BYTES)
                    if len(key.secret) != expected:
                        raise KeyFileUnreadable(f"{key.name} holds a key of {len(key.secret)} bytes; {expected} are needed.")
                    secrets.setdefault(key.kind, {})[key.id] = key.secret
        return cls(secrets, pinned, prints, demo)

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
    """Return this process's keys; the folder is read once."""
    return _read(folder())


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


def reload() -> Keyring:
    """Read the folder again: after a rotation put a new key into it."""
    _read.cache_clear()
    return current()


@contextmanager
def using(other: Path) -> Iterator[None]:
    """Play the process that owns another folder: for tests."""
    token = _folder.set(other)
    try:
        yield
    finally:
        _folder.reset(token)


def fingerprint(kind: Kind, key: bytes) -> str:
    """Return 64 hex digits that name a symmetric key without helping to guess it: the key is 256 random bits."""
    return hmac.new(key, encode("rainbowrail key fingerprint", kind.value), hashlib.sha256).hexdigest()


_folder: ContextVar[Path | None] = ContextVar("rainbowrail_keys_folder", default=None)


@lru_cache(maxsize=8)
def _read(path: Path) -> Keyring:
    return Keyring.of(files.read(path))
