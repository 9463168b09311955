"""What must be true before a process starts: the hybrid works, and its key folder holds what this process needs and nothing
else.

`manage.py check` reports all of it; web processes and workers call `refuse_to_start`.
"""

import stat
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from rainbowrail.crypto.errors import CryptoError
from rainbowrail.crypto.sources import files
from rainbowrail.crypto.sources.files import KeyFile, Kind
from rainbowrail.settings.env import Process

COOKIE = "cookie.key"
COOKIE_CHARACTERS = 50
LIVE_PEPPERS = 2

NEEDS: dict[Process, frozenset[Kind]] = {
    Process.PUBLIC: frozenset({Kind.INTAKE_PUBLIC, Kind.PEPPER}),
    Process.STAFF: frozenset({Kind.STORE, Kind.INDEX, Kind.PEPPER, Kind.AUDIT, Kind.TOTP}),
    Process.WORKER: frozenset({Kind.INTAKE, Kind.STORE, Kind.INDEX, Kind.AUDIT, Kind.SIGNING}),
}
# Public halves and fingerprints open nothing, and any process may hold them.
HARMLESS = frozenset({Kind.INTAKE_PUBLIC, Kind.STORE_PRINT, Kind.BACKUP_PUBLIC, Kind.RECOVERY_PUBLIC})
WITH_COOKIE = frozenset(NEEDS)


def register() -> None:
    """Tell Django's check framework."""
    checks.register(check_hybrid, checks.Tags.security)
    checks.register(check_keys, checks.Tags.security)
    checks.register(check_seal_ids, checks.Tags.models)


def refuse_to_start() -> None:
    """Say every complaint about sealing and keys on the error stream, and raise ImproperlyConfigured. What serves calls it.

    They are written plainly since the log drops the words of an exception; here these are paths and kinds of keys.
    """
    found = [str(message.msg) for message in (*check_hybrid(None), *check_keys(None))]
    if found:
        sys.stderr.write("This process does not start:\n" + "".join(f"- {complaint}\n" for complaint in found))
        raise ImproperlyConfigured(" ".join(found))


def check_hybrid(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[checks.CheckMessage]:
    """The post-quantum box can be made and opened here."""
    try:
        from rainbowrail.crypto import hpke

        hpke.require()
    except CryptoError as error:
        return [checks.Error(str(error), id="crypto.E001")]
    return []


def check_keys(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[checks.CheckMessage]:
    """The key folder is as this process needs it. Tests and the owner's commands hold what they hold; only the shape is asked
    of them."""
    return [
        checks.Error(complaint, id="crypto.E002")
        for complaint in complaints(Path(settings.KEYS_DIR), settings.PROCESS, demo=settings.DEMO)
    ]


def complaints(folder: Path, process: Process, *, demo: bool) -> Iterator[str]:
    """Yield a sentence for each thing that is wrong with a key folder; none holds a key."""
    try:
        keys = list(files.read(folder))
    except CryptoError as error:
        yield str(error)
        return
    held = {key.kind for key in keys}
    if process in NEEDS:
        for kind in sorted(NEEDS[process] - held):
            yield f"The {process} process needs a key of the kind “{kind}” in {folder}; `manage.py keys make` makes it."
        for kind in sorted(held - NEEDS[process] - HARMLESS):
            yield f"The {process} process must not hold a key of the kind “{kind}”; take it out of {folder}."
    if process is Process.CLOCK and keys:
        yield f"The clock holds no keys; empty {folder}."
    if process in WITH_COOKIE and _cookie_length() < COOKIE_CHARACTERS:
        yield f"The {process} process needs its own {COOKIE} in {folder}."
    yield from _strangers(folder, keys)
    if not demo and process is not Process.TEST and any(key.demo for key in keys):
        yield "The keys were made for the demo, and this is not the demo; make new ones with `manage.py keys make`."
    yield from _permissions(folder)
    if settings.PINS_DIR:
        yield from _pins(Path(settings.PINS_DIR))


def check_seal_ids(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[checks.CheckMessage]:
    """No two columns share a seal id: a value could be moved from one to the other."""
    from rainbowrail.crypto.seal_ids import columns

    return shared_seal_ids(seal_id for seal_id, _, _ in columns(apps.get_models()))


def shared_seal_ids(seal_ids: Iterable[str]) -> list[checks.CheckMessage]:
    """Return an error for each seal id that occurs twice."""
    twice = (seal_id for seal_id, times in Counter(seal_ids).items() if times > 1)
    return [checks.Error(f"The seal id {seal_id} is used by two columns.", id="crypto.E003") for seal_id in twice]


def _cookie_length() -> int:
    try:
        return len(settings.SECRET_KEY)
    except ImproperlyConfigured:  # how Django says that it is empty
        return 0


def _strangers(folder: Path, keys: list[KeyFile]) -> Iterator[str]:
    """A key that an outside service closed is opened here, before anybody is served, and compared like the others."""
    from rainbowrail.crypto import keyring  # needs the hybrid, whose absence is another complaint

    try:
        with keyring.using(folder):
            held = keyring.reload().secrets
    except CryptoError as error:
        yield str(error)
        return
    secrets = Counter(secret for by_id in held.values() for secret in by_id.values())
    if any(times > 1 for times in secrets.values()):
        yield "Two key files hold the same key; each purpose has a key of its own."
    if sum(key.kind is Kind.PEPPER for key in keys) > LIVE_PEPPERS:
        yield f"More than {LIVE_PEPPERS} peppers are in the key folder; at most {LIVE_PEPPERS} may be live."


def _pins(folder: Path) -> Iterator[str]:
    """What is pinned may be read by anybody, and written only by its owner: whoever writes there reads what is sent."""
    for path in (folder, *sorted(folder.glob("*"))):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & (stat.S_IWGRP | stat.S_IWOTH):
            yield f"{path} can be written by others on this machine; `chmod go-w {path}`."
        if path.suffix == ".key":
            yield f"{path} is no public half; only intake-*.pub may lie in {folder}."


def _permissions(folder: Path) -> Iterator[str]:
    if not folder.is_dir():
        return
    for path in (folder, *sorted(folder.iterdir())):
        if stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
            wanted = files.FOLDER_MODE if path == folder else files.FILE_MODE
            yield f"{path} can be used by others on this machine; `chmod {wanted:o} {path}`."
