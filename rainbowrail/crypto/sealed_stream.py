"""A file sealed to a public key while it is written, and opened while it is read: memory stays flat. Pure.

    line 1       rainbowrail backup 1 <key id> <day>
    1,168 bytes  HPKE box (`hpke`) with a fresh 32-byte key of this file
    the rest     Cobblestone-256 under that key: AES-256-GCM in segments of 16 KiB, whose order and end are part of the seal

Line 1 is bound into both. What is read out before the end may belong to a file that was cut: act on it only after `finish`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import IO

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag

from rainbowrail.crypto import hpke
from rainbowrail.crypto.encoding import encode
from rainbowrail.crypto.errors import BackupUnreadable, OpenFailed

MAGIC = "rainbowrail backup 1"
MOST_HEADER = 200
BOX_BYTES = hpke.OVERHEAD + 32
READ_BYTES = 256 * 1024


@dataclass(frozen=True)
class Header:
    """What anybody may read of a sealed file: which key opens it, and the day."""

    key_id: str
    day: date

    def line(self) -> bytes:
        return f"{MAGIC} {self.key_id} {self.day.isoformat()}\n".encode()


class Sealer:
    """Takes bytes and writes them sealed into `file`. Call `finish`, or the file will not open."""

    def __init__(self, file: IO[bytes], public: bytes, header: Header) -> None:
        line, key = header.line(), Cobblestone256Encryptor.generate_key()
        self._file, self._cipher = file, Cobblestone256Encryptor(key, _context(line))
        self._file.write(line + hpke.seal(public, key, info=_info(line)))

    def write(self, data: bytes) -> None:
        self._file.write(self._cipher.update(data))

    def finish(self) -> None:
        self._file.write(self._cipher.finalize())


class Opener:
    """Reads a sealed file piece by piece. Raises BackupUnreadable for what is not ours, or not whole."""

    def __init__(self, file: IO[bytes], private: bytes) -> None:
        self.header = read_header(file)
        line = self.header.line()
        try:
            key = hpke.open_box(private, file.read(BOX_BYTES), info=_info(line))
        except OpenFailed:
            raise BackupUnreadable("This key does not open the file, or its beginning was altered.") from None
        self._cipher, self._pieces = Cobblestone256Decryptor(key, _context(line)), self._read(file)
        self._left = b""

    def read(self, count: int) -> bytes:
        """Return exactly `count` bytes. Raises BackupUnreadable when there are not as many."""
        pieces, have = [self._left], len(self._left)
        while have < count:
            piece = next(self._pieces, None)
            if piece is None:
                raise BackupUnreadable("The file ends too early.")
            pieces.append(piece)
            have += len(piece)
        whole = b"".join(pieces)
        self._left = whole[count:]
        return whole[:count]

    def finish(self) -> None:
        """Return when everything was read and the file is whole. Raises BackupUnreadable."""
        if self._left or any(self._pieces):
            raise BackupUnreadable("The file holds more than it says.")

    def _read(self, file: IO[bytes]) -> Iterator[bytes]:
        try:
            while sealed := file.read(READ_BYTES):
                if piece := self._cipher.update(sealed):
                    yield piece
            if piece := self._cipher.finalize():
                yield piece
        except InvalidTag:
            raise BackupUnreadable("The file was altered or cut short.") from None


def read_header(file: IO[bytes]) -> Header:
    """Return what stands in line 1, and leave the file after it. Raises BackupUnreadable."""
    line = file.readline(MOST_HEADER)
    try:
        key_id, day = line.decode("ascii").removeprefix(MAGIC + " ").removesuffix("\n").split(" ")
        header = Header(key_id, date.fromisoformat(day))
    except ValueError:
        header = None
    if header is None or header.line() != line:
        raise BackupUnreadable("This is not a sealed backup of format 1.")
    return header


def _info(line: bytes) -> bytes:
    return encode("rainbowrail backup key", line)


def _context(line: bytes) -> bytes:
    return encode("rainbowrail backup stream", line)
