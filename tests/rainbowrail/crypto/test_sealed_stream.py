import io
import tracemalloc
from datetime import date

import pytest

from rainbowrail.crypto import hpke
from rainbowrail.crypto.errors import BackupUnreadable
from rainbowrail.crypto.sealed_stream import BOX_BYTES, Header, Opener, Sealer, read_header

HEADER = Header("abc123", date(2026, 11, 21))
PRIVATE, PUBLIC = hpke.generate()


def sealed(content: bytes, header: Header = HEADER) -> bytes:
    file = io.BytesIO()
    sealer = Sealer(file, PUBLIC, header)
    for start in range(0, len(content), 70_000):
        sealer.write(content[start : start + 70_000])
    sealer.finish()
    return file.getvalue()


def opened(content: bytes, length: int, private: bytes = PRIVATE) -> bytes:
    opener = Opener(io.BytesIO(content), private)
    data = opener.read(length)
    opener.finish()
    return data


@pytest.mark.parametrize("length", [0, 1, 49_151, 49_152, 49_153, 1_000_000])
def test_what_was_sealed_is_opened(length: int) -> None:
    content = bytes(range(256)) * (length // 256 + 1)
    assert opened(sealed(content[:length]), length) == content[:length]


def test_two_files_of_the_same_content_share_nothing_but_the_first_line() -> None:
    one, two = sealed(b"the same"), sealed(b"the same")
    line = len(HEADER.line())
    assert one[:line] == two[:line]
    assert one[line : line + 32] != two[line : line + 32]
    assert one[-20:] != two[-20:]


@pytest.mark.parametrize("kept", [0, 5, 40, 40 + BOX_BYTES, 60_000, -1])
def test_a_file_that_was_cut_does_not_open(kept: int) -> None:
    whole = sealed(bytes(100_000))
    with pytest.raises(BackupUnreadable):
        opened(whole[:kept], 100_000)


@pytest.mark.parametrize("place", [0, 22, 30, 45, 600, 1500, 60_000, -1])
def test_a_file_that_was_altered_does_not_open(place: int) -> None:
    whole = bytearray(sealed(bytes(100_000)))
    whole[place] ^= 1
    with pytest.raises(BackupUnreadable):
        opened(bytes(whole), 100_000)


def test_its_day_cannot_be_changed() -> None:
    whole = sealed(b"content").replace(b"2026-11-21", b"2026-12-21", 1)
    with pytest.raises(BackupUnreadable):
        opened(whole, 7)


def test_another_key_does_not_open_it() -> None:
    other, _ = hpke.generate()
    with pytest.raises(BackupUnreadable, match="does not open"):
        opened(sealed(b"content"), 7, other)


def test_more_than_was_asked_for_is_noticed() -> None:
    with pytest.raises(BackupUnreadable, match="more than it says"):
        opened(sealed(b"content"), 3)


def test_a_file_that_is_not_ours_is_named_so() -> None:
    for content in (b"", b"PGDMP", b"rainbowrail backup 2 a 2026-11-21\n", b"rainbowrail backup 1 a today\n", b"x" * 500):
        with pytest.raises(BackupUnreadable, match="not a sealed backup"):
            read_header(io.BytesIO(content))


def test_memory_stays_flat() -> None:
    class Nowhere(io.RawIOBase):
        def write(self, data: object) -> int:
            return len(data)  # type: ignore[arg-type]

    piece = bytes(200_000)
    tracemalloc.start()
    sealer = Sealer(Nowhere(), PUBLIC, HEADER)  # type: ignore[arg-type]
    for _ in range(200):
        sealer.write(piece)
    sealer.finish()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4_000_000
