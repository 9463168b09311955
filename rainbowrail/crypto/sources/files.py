"""Keys as files: one folder a process, mode 0700, each file 0600 and a small JSON object that says what it is.

    {"format": 1, "kind": "store", "id": "1", "demo": false, "made_on": "2026-11-21", "key": "<base64>"}

A public half has `public_key` and `fingerprint` in place of `key`; a fingerprint alone (`store-1.print`) has `fingerprint`; a
key that an outside service closed has `wrapped`, `service` and `fingerprint` (`services`).
The name repeats kind and id, so that a folder can be read at a glance, and a file whose name and content disagree is refused.
`cookie.key` is plain text: Django's SECRET_KEY, read by the settings and by nobody else.
"""

import base64
import json
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path

from rainbowrail.crypto.errors import KeyFileUnreadable

FORMAT = 1
NAME = re.compile(r"[a-z]+-[a-z0-9]{1,24}\.(key|pub|print)")
FOLDER_MODE = 0o700
FILE_MODE = 0o600


class Kind(StrEnum):
    """What a key is for. No key serves two purposes."""

    INTAKE = "intake"  # private half: opens what applicants send
    INTAKE_PUBLIC = "intake public"
    STORE = "store"  # wraps data keys at rest
    STORE_PRINT = "store print"  # says which store key is meant, without holding it
    INDEX = "index"  # blind index
    PEPPER = "pepper"  # salt of the return codes
    AUDIT = "audit"  # chain of the audit trail
    TOTP = "totp"  # seals staff's second factors
    SIGNING = "signing"  # signs packets
    BACKUP = "backup"  # private half: opens backups, and is kept away from every machine of the installation
    BACKUP_PUBLIC = "backup public"
    RECOVERY_PUBLIC = "recovery public"  # seals copies of all keys to those who hold the shares


ENDINGS = {
    Kind.INTAKE_PUBLIC: ("intake", "pub"),
    Kind.STORE_PRINT: ("store", "print"),
    Kind.BACKUP_PUBLIC: ("backup", "pub"),
    Kind.RECOVERY_PUBLIC: ("recovery", "pub"),
}


@dataclass(frozen=True, slots=True, eq=False)
class KeyFile:
    """One key as read or to be written; `secret` is empty for a public half or a fingerprint."""

    kind: Kind
    id: str
    made_on: date
    demo: bool
    secret: bytes = field(default=b"", repr=False)
    public: bytes = field(default=b"", repr=False)
    fingerprint: str = ""
    wrapped: str = field(default="", repr=False)
    service: str = ""

    @property
    def name(self) -> str:
        return name_of(self.kind, self.id)


def name_of(kind: Kind, key_id: str) -> str:
    """Return what the file of a key is called."""
    stem, ending = ENDINGS.get(kind, (kind.value, "key"))
    return f"{stem}-{key_id}.{ending}"


def read(folder: Path) -> Iterator[KeyFile]:
    """Yield every key of the folder, in the order of names. An absent folder has none. Raises KeyFileUnreadable, naming the
    file."""
    for path in sorted(folder.glob("*-*.*")):
        if NAME.fullmatch(path.name):
            try:
                text = path.read_text(encoding="utf-8")
            except FileNotFoundError:
                continue  # destroyed since the folder was listed
            except (OSError, ValueError) as error:
                trouble = type(error).__name__
            else:
                yield parse(path.name, text)
                continue
            raise KeyFileUnreadable(f"{path.name} cannot be read as a key file of format {FORMAT} ({trouble}).")


def write(folder: Path, key: KeyFile) -> Path:
    """Write one key file, readable by this user alone. Raises FileExistsError rather than replace a key."""
    return write_text(folder, key.name, as_text(key))


def as_text(key: KeyFile) -> str:
    """Return what stands in the file of a key."""
    content: dict[str, object] = {
        "format": FORMAT,
        "kind": key.kind.value,
        "id": key.id,
        "demo": key.demo,
        "made_on": key.made_on.isoformat(),
    }
    if key.secret:
        content["key"] = base64.b64encode(key.secret).decode()
    if key.public:
        content["public_key"] = base64.b64encode(key.public).decode()
    if key.fingerprint:
        content["fingerprint"] = key.fingerprint
    if key.wrapped:
        content |= {"wrapped": key.wrapped, "service": key.service}
    return json.dumps(content, indent=1) + "\n"


def write_text(folder: Path, name: str, text: str) -> Path:
    """Write a private file into a private folder: whole, on the disk, and never in place of another.

    It appears under its name in one step, since running processes read the folder whenever something in it changes.
    """
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    path, draft = folder / name, folder / f".{name}.{secrets.token_hex(4)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(draft)
    finally:
        draft.unlink()
    _sync_folder(folder)
    return path


def remove(path: Path) -> None:
    """Delete a key file. What a disk keeps of deleted files is the disk's; docs/operations.md says what to do about it."""
    path.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_key(name: str) -> bool:
    """Say whether a file of this name, with or without its folder, is a key file."""
    return NAME.fullmatch(name.rpartition("/")[2]) is not None


def parse(name: str, text: str) -> KeyFile:
    """Return the key in a file of this name. Raises KeyFileUnreadable, naming the file."""
    try:
        key = _from_json(text)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        trouble = type(error).__name__
    else:
        if key.name != name:
            raise KeyFileUnreadable(f"{name} says inside that it is {key.name}; a key file is never renamed.")
        return key
    # Raised here and not above: the library's error quotes the file, and would hang on ours as its context.
    raise KeyFileUnreadable(f"{name} cannot be read as a key file of format {FORMAT} ({trouble}).")


def _from_json(text: str) -> KeyFile:
    content = json.loads(text)
    if content["format"] != FORMAT:
        raise ValueError
    return KeyFile(
        kind=Kind(content["kind"]),
        id=str(content["id"]),
        made_on=date.fromisoformat(content["made_on"]),
        demo=bool(content["demo"]),
        secret=base64.b64decode(content.get("key", ""), validate=True),
        public=base64.b64decode(content.get("public_key", ""), validate=True),
        fingerprint=str(content.get("fingerprint", "")),
        wrapped=str(content.get("wrapped", "")),
        service=str(content.get("service", "")),
    )
