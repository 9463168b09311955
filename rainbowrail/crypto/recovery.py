"""A sealed copy of all keys, for the day on which the machine burns: opened by k of n people together (docs/decisions/0018).

The copy is an HPKE box to the recovery pair, made from a secret of 32 bytes that exists only in shares. The public half stays
with the owner, so that a new copy can be made after each rotation without calling the people together.

    line 1     rainbowrail recovery 1 <fingerprint of the pair>
    then       the box (`hpke`): JSON {"made_on": …, "files": {"worker/store-1.key": "…", …}}

`keys recover --try` opens a copy and compares every key with what is in use; `Trial` is the record of it, which `doctor` asks
for.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from rainbowrail.crypto import hpke
from rainbowrail.crypto.derivation import derive
from rainbowrail.crypto.encoding import encode
from rainbowrail.crypto.errors import BackupUnreadable, OpenFailed
from rainbowrail.crypto.sources import files
from rainbowrail.crypto.sources.files import KeyFile
from rainbowrail.crypto.sources.prints import fingerprint

SECRET_BYTES = 32
MAGIC = b"rainbowrail recovery 1 "
TRIAL = "recovery-tried.json"


def new_secret() -> bytes:
    """Return 256 random bits, to be cut into shares and forgotten."""
    return secrets.token_bytes(SECRET_BYTES)


def pair_of(secret: bytes) -> tuple[bytes, bytes]:
    """Return the private and public half that this secret stands for."""
    private = derive(secret, "rainbowrail recovery pair", length=hpke.PRIVATE_BYTES)
    return private, hpke.public_of(private)


def set_name(public_fingerprint: str) -> bytes:
    """Return the two bytes that shares of this pair bear."""
    return bytes.fromhex(public_fingerprint[:4])


def seal(key_files: Mapping[str, str], public: bytes, *, today: date) -> bytes:
    """Return a copy of files (path beneath the key folders, and text) that only the shares open."""
    header = MAGIC + hpke.fingerprint(public).encode() + b"\n"
    content = json.dumps({"made_on": today.isoformat(), "files": dict(key_files)}).encode()
    return header + hpke.seal(public, content, info=_info(header))


def open_copy(copy: bytes, secret: bytes) -> dict[str, str]:
    """Return the files of a copy. Raises BackupUnreadable for what is no copy of ours or was altered, or for shares of another
    pair."""
    private, public = pair_of(secret)
    header, newline, box = copy.partition(b"\n")
    if not header.startswith(MAGIC) or not newline:
        raise BackupUnreadable("This is not a recovery copy of format 1.")
    if header != MAGIC + hpke.fingerprint(public).encode():
        raise BackupUnreadable("These shares open another copy: its pair is not theirs.")
    try:
        content = json.loads(hpke.open_box(private, box, info=_info(header + newline)))
    except OpenFailed:
        raise BackupUnreadable("The copy was altered or cut short; take another one.") from None
    return {str(name): str(text) for name, text in content["files"].items()}


def write_files(into: Path, key_files: Mapping[str, str]) -> None:
    """Write the files of a copy beneath an empty folder, each readable by this user alone. Raises FileExistsError."""
    for name, text in sorted(key_files.items()):
        folder, _, file = name.partition("/")
        if not file or "/" in file or ".." in (folder, file):
            raise BackupUnreadable("The copy names a file outside the key folders.")
        files.write_text(into / folder, file, text)


def covered(keys: Iterable[KeyFile]) -> set[str]:
    """Return what a copy with these keys brings back: `store 1 <fingerprint>` and its like, none of them a secret."""
    return {f"{key.kind.value} {key.id} {key.fingerprint or fingerprint(key.kind, key.secret)}" for key in keys}


@dataclass(frozen=True)
class Trial:
    """That a copy was opened with its shares, when, and which keys it brought back."""

    copy: str  # SHA-256 of the file
    tried_on: str
    covers: list[str]

    @classmethod
    def of(cls, copy: bytes, keys: Iterable[KeyFile], *, today: date) -> "Trial":
        return cls(hashlib.sha256(copy).hexdigest(), today.isoformat(), sorted(covered(keys)))

    @classmethod
    def read(cls, folder: Path) -> "Trial | None":
        """Return the last trial noted in the owner's folder; None when there is none, or the note is damaged."""
        try:
            return cls(**json.loads((folder / TRIAL).read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def write(self, folder: Path) -> None:
        (folder / TRIAL).unlink(missing_ok=True)
        files.write_text(folder, TRIAL, json.dumps(asdict(self), indent=1) + "\n")


def _info(header: bytes) -> bytes:
    return encode("rainbowrail recovery copy", header)
