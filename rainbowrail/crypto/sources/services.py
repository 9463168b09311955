"""An outside key service closes the store key in its file; the file alone opens nothing (docs/decisions/0017).

Only the store key: it is opened once, when a process reads its folder, and never for each data key. Which service is a setting
(`RAINBOWRAIL_KEY_SERVICE`); without one, keys lie in their files as they are.
"""

import hmac
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from django.conf import settings

from rainbowrail.crypto.errors import KeyFileUnreadable, KeyServiceRefused
from rainbowrail.crypto.sources import files
from rainbowrail.crypto.sources.files import KeyFile, Kind
from rainbowrail.crypto.sources.prints import fingerprint

CLOSED_OUTSIDE = frozenset({Kind.STORE})


class KeyService(Protocol):
    """What any outside service must do. `what` names the key and must be the same at opening."""

    @property
    def name(self) -> str:
        """What stands in the key file as `service`."""

    def wrap(self, key: bytes, *, what: str) -> str:
        """Return the key closed by the service. Raises KeyServiceUnreachable, KeyServiceRefused."""

    def unwrap(self, wrapped: str, *, what: str) -> bytes:
        """Return the key. Raises KeyServiceUnreachable, KeyServiceRefused."""


def configured() -> KeyService | None:
    """Return the service that the settings name, or None. Raises KeyServiceRefused for a name that nobody knows."""
    match settings.KEY_SERVICE:
        case "":
            return None
        case "vault":
            from rainbowrail.crypto.sources.vault import Vault

            return Vault.configured()
        case other:
            raise KeyServiceRefused(f"RAINBOWRAIL_KEY_SERVICE is {other!r}; say vault, or nothing for plain files.")


def closed(key: KeyFile) -> KeyFile:
    """Return the key as it is to be written: closed by the service, when there is one and it is that kind of key."""
    service = configured()
    if service is None or key.kind not in CLOSED_OUTSIDE:
        return key
    wrapped = service.wrap(key.secret, what=_what(key))
    return replace(key, secret=b"", wrapped=wrapped, service=service.name, fingerprint=fingerprint(key.kind, key.secret))


def read(folder: Path) -> Iterator[KeyFile]:
    """Yield every key of the folder, opened. Raises KeyFileUnreadable, KeyServiceUnreachable, KeyServiceRefused."""
    for key in files.read(folder):
        yield opened(key) if key.wrapped else key


def opened(key: KeyFile) -> KeyFile:
    """Return a key that the service has opened, compared with the fingerprint in its file."""
    secret = _unwrapped(key.service, key.wrapped, _what(key))
    if not hmac.compare_digest(fingerprint(key.kind, secret), key.fingerprint):
        raise KeyFileUnreadable(f"The key service opened {key.name} to another key than its file states.")
    return replace(key, secret=secret)


@lru_cache(maxsize=8)
def _unwrapped(name: str, wrapped: str, what: str) -> bytes:
    """Asked once a process: the folder is read again whenever a key is missing, the service is not."""
    service = configured()
    if service is None or service.name != name:
        raise KeyServiceRefused(f"{what} is closed by the key service {name!r}; set RAINBOWRAIL_KEY_SERVICE to it.")
    return service.unwrap(wrapped, what=what)


def _what(key: KeyFile) -> str:
    return f"rainbowrail {key.kind.value} key {key.id}"
