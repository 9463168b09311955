"""Files, sealed in parts while they are read, and opened part by part (docs/decisions/0045).

Each part is at most `PART_BYTES` of the padded file and a Cobblestone-256 stream of its own, under a random key of the
upload that brought it. What binds a part to its place is the stream's context: format, file, number, and "more" or "last"
(`encoding.encode`). A part moved to another file or another place does not open, and neither does a file whose end is
missing. The list of parts (`Part`) is sealed elsewhere: in the delivery box on the way in, under the file's key at rest.

Lengths: the file is filled with zeros up to a Padmé length, so that the rows tell no more of its size than padded values do.

The file's key is 256 random bits, closed under the person's evidence key (`wrap_file_key`): erasing the file is forgetting
that wrap, erasing the person is destroying the evidence key.
"""

import secrets
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag

from rainbowrail.crypto import aead
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.datakeys import FIRST_VERSION, OpenKey
from rainbowrail.crypto.encoding import encode
from rainbowrail.crypto.errors import OpenFailed, UnknownVersion
from rainbowrail.crypto.padding import padded_length

VERSION = 1
# At most 4 MiB by design; one MiB keeps several uploads at once small, and a lost connection on 2G loses little.
PART_BYTES = 1024 * 1024
WRAP_VERSION = 1
WRAPPED_KEY_BYTES = 1 + 16 + aead.NONCE_BYTES + aead.KEY_BYTES + aead.TAG_BYTES

type Ending = Literal["more", "last"]
type KeepPart = Callable[[UUID, int, bytes], None]
type ReadPart = Callable[[UUID], bytes]


@dataclass(frozen=True, slots=True)
class Part:
    """One sealed part: which row holds it, its place in the file from 0, whether it is the last, and the key that opens it."""

    id: UUID
    number: int
    ending: Ending
    key: bytes = field(repr=False)


class Sealer:
    """Seals what is written to it, part by part, holding one part in memory and no more.

    `keep(part id, number, sealed bytes)` stores a part. `begin_at` is the number of the first part, when earlier ones came
    with earlier requests. After `finish` the parts are in `parts` and `length` is the number of bytes of the whole file.
    """

    def __init__(self, file_id: UUID, keep: KeepPart, *, begin_at: int = 0) -> None:
        self.file_id = file_id
        self.key = aead.new_key()
        self.parts: list[Part] = []
        self.length = begin_at * PART_BYTES
        self._begin_at = begin_at
        self._keep = keep
        self._held = bytearray()

    def write(self, data: bytes) -> None:
        """Take the next bytes. A full part is sealed and stored when more bytes follow it, since only then it is no last
        one."""
        self.length += len(data)
        rest = memoryview(data)
        while rest:
            if len(self._held) == PART_BYTES:
                self._seal("more")
            taken = rest[: PART_BYTES - len(self._held)]
            self._held += taken
            rest = rest[len(taken) :]

    def finish(self, *, is_last: bool = True) -> None:
        """Seal what is left: as the file's end, filled up to its padded length, or as full parts that others follow.

        Raises ValueError when parts follow that must begin on a border, or when nothing was written.
        """
        if not self._held:
            raise ValueError("Nothing was written.")
        if not is_last:
            if len(self._held) != PART_BYTES:
                raise ValueError(f"Pieces before the last have a multiple of {PART_BYTES} bytes.")
            self._seal("more")
            return
        missing = padded_length(self.length) - self.length
        while missing:
            if len(self._held) == PART_BYTES:
                self._seal("more")
            filled = min(missing, PART_BYTES - len(self._held))
            self._held += bytes(filled)
            missing -= filled
        self._seal("last")

    def _seal(self, ending: Ending) -> None:
        number = self._begin_at + len(self.parts)
        part = Part(uuid.uuid4(), number, ending, self.key)
        self._keep(part.id, number, seal_part(self._held, file_id=self.file_id, part=part))
        self.parts.append(part)
        self._held.clear()


def seal_part(plaintext: bytes | bytearray, *, file_id: UUID, part: Part) -> bytes:
    """Return one part as a sealed stream: some 72 bytes more, and 16 for each 16 KiB. Raises ValueError above PART_BYTES."""
    if len(plaintext) > PART_BYTES:
        raise ValueError(f"A part has at most {PART_BYTES} bytes.")
    encryptor = Cobblestone256Encryptor(part.key, _context(file_id, part.number, part.ending))
    return bytes(encryptor.update(plaintext) + encryptor.finalize())


def open_part(sealed: bytes, *, file_id: UUID, part: Part) -> bytes:
    """Return one part's bytes, only after its end was verified. Raises OpenFailed for anything altered, cut, moved or
    renumbered."""
    decryptor = Cobblestone256Decryptor(part.key, _context(file_id, part.number, part.ending))
    try:
        return bytes(decryptor.update(sealed) + decryptor.finalize())
    except (InvalidTag, ValueError):
        raise OpenFailed("A part of a file does not open: altered, cut short, moved, or closed by another key.") from None


def is_whole(parts: Sequence[Part]) -> bool:
    """Say whether these parts, in order, are a file from its first part to its last, each once."""
    return (
        bool(parts)
        and [part.number for part in parts] == list(range(len(parts)))
        and [part.ending for part in parts] == ["more"] * (len(parts) - 1) + ["last"]
    )


def open_file(parts: Sequence[Part], read: ReadPart, *, file_id: UUID, length: int) -> Iterator[bytes]:
    """Return the file's bytes, a part at a time: flat memory.

    Before the first byte is given out the list is checked (order, count, one last part at the end), and the last part is
    opened; each other part is opened whole before its bytes are given out. Raises OpenFailed. `length` is the file's own,
    without the filling.
    """
    if not is_whole(parts):
        raise OpenFailed("The file is not whole: parts are missing, doubled or out of order.")
    if not (len(parts) - 1) * PART_BYTES < padded_length(length) <= len(parts) * PART_BYTES:
        raise OpenFailed("The file has another length than its parts.")
    last = open_part(read(parts[-1].id), file_id=file_id, part=parts[-1])
    if (len(parts) - 1) * PART_BYTES + len(last) != padded_length(length):
        raise OpenFailed("The file has another length than its parts.")
    return _pieces(parts, read, file_id=file_id, length=length)


def _pieces(parts: Sequence[Part], read: ReadPart, *, file_id: UUID, length: int) -> Iterator[bytes]:
    left = length
    for part in parts:
        piece = open_part(read(part.id), file_id=file_id, part=part)
        if part.ending == "more" and len(piece) != PART_BYTES:
            raise OpenFailed("A part of a file is shorter than it has to be.")
        if left > 0:
            yield piece[:left]
        left -= len(piece)


def seal_whole(pieces: Iterable[bytes], keep: KeepPart, *, file_id: UUID) -> Sealer:
    """Seal all the pieces as one file and return its finished sealer. Raises ValueError for an empty file."""
    sealer = Sealer(file_id, keep)
    for piece in pieces:
        sealer.write(piece)
    sealer.finish()
    return sealer


# --- the file's key ---


def new_file_key(file_id: UUID) -> OpenKey:
    """Return a fresh key whose owner is the file itself; the caller holds it and stores its wrap."""
    return OpenKey(uuid.uuid4(), file_id, Compartment.EVIDENCE, FIRST_VERSION, secrets.token_bytes(aead.KEY_BYTES))


def wrap_file_key(file_key: OpenKey, *, under: OpenKey) -> bytes:
    """Return a file's key closed under the person's evidence key: version, the id of that key, nonce, key and tag."""
    sealed = aead.seal(under.material, file_key.material, _key_context(under.id, file_key.id, file_key.subject_id))
    return bytes([WRAP_VERSION]) + under.id.bytes + sealed


def wrapping_key_id(wrapped: bytes) -> UUID:
    """Return which evidence key closes this wrap. Not yet authenticated: use it only to find that key."""
    if len(wrapped) != WRAPPED_KEY_BYTES:
        raise OpenFailed("The key of a file is not there any more: the file was erased.")
    if wrapped[0] != WRAP_VERSION:
        raise UnknownVersion(f"The key of a file says format {wrapped[0]}; this code knows format {WRAP_VERSION}.")
    return UUID(bytes=bytes(wrapped[1:17]))


def unwrap_file_key(wrapped: bytes, *, key_id: UUID, file_id: UUID, under: OpenKey) -> OpenKey:
    """Return a file's key. Raises OpenFailed for a wrap of another file, or under another key; UnknownVersion."""
    if wrapping_key_id(wrapped) != under.id:
        raise OpenFailed("The key of a file is closed by another evidence key.")
    material = aead.open_sealed(under.material, wrapped[17:], _key_context(under.id, key_id, file_id), what="The key of a file")
    return OpenKey(key_id, file_id, Compartment.EVIDENCE, FIRST_VERSION, material)


def _context(file_id: UUID, number: int, ending: Ending) -> bytes:
    return encode("rainbowrail file part", VERSION, file_id, number, ending)


def _key_context(wrapping_id: UUID, key_id: UUID, file_id: UUID) -> bytes:
    return encode("rainbowrail file key", WRAP_VERSION, wrapping_id, key_id, file_id)
