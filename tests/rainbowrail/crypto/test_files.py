import itertools
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rainbowrail.crypto import aead, files
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.datakeys import OpenKey
from rainbowrail.crypto.errors import OpenFailed, UnknownVersion
from rainbowrail.crypto.files import PART_BYTES, Part, Sealer, is_whole, open_file, seal_whole
from rainbowrail.crypto.padding import padded_length

FILE = UUID("8d9d4a3e-0000-4000-8000-000000000001")


class Shelf(dict[UUID, bytes]):
    """A store in memory."""

    def keep(self, part_id: UUID, number: int, sealed: bytes) -> None:
        self[part_id] = sealed

    def read(self, part_id: UUID) -> bytes:
        if part_id not in self:
            raise OpenFailed("Not there.")
        return self[part_id]


def sealed(content: bytes, *, piece: int = 70_000) -> tuple[Shelf, Sealer]:
    shelf = Shelf()
    pieces = [content[at : at + piece] for at in range(0, len(content), piece)]
    return shelf, seal_whole(pieces, shelf.keep, file_id=FILE)


def opened(shelf: Shelf, sealer: Sealer, parts: list[Part] | None = None, *, length: int | None = None) -> bytes:
    wanted = sealer.parts if parts is None else parts
    return b"".join(open_file(wanted, shelf.read, file_id=FILE, length=sealer.length if length is None else length))


THREE_PARTS = bytes(range(256)) * (2 * PART_BYTES // 256) + b"the end"


@pytest.mark.parametrize("size", [1, 63, 64, 65, 1000, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 2 * PART_BYTES, 3_333_333])
def test_a_file_of_any_size_comes_back_as_it_was(size: int) -> None:
    content = (b"0123456789abcdef" * (size // 16 + 1))[:size]
    shelf, sealer = sealed(content)
    assert opened(shelf, sealer) == content
    assert is_whole(sealer.parts)


def test_the_parts_tell_a_padded_length_only() -> None:
    sizes = {sum(map(len, sealed(b"x" * size)[0].values())) for size in range(100_000, 101_000, 50)}
    assert len(sizes) <= 2
    shelf, _ = sealed(b"x" * 100_001)
    assert sum(map(len, shelf.values())) >= padded_length(100_001)


def test_no_part_holds_more_than_four_mebibytes_or_any_of_the_plaintext() -> None:
    shelf, _ = sealed(THREE_PARTS)
    assert all(len(part) <= 4 * 1024 * 1024 for part in shelf.values())
    assert not any(bytes(range(64)) in part or b"the end" in part for part in shelf.values())


@pytest.mark.parametrize("order", [p for p in itertools.permutations(range(3)) if p != (0, 1, 2)])
def test_parts_in_another_order_do_not_open(order: tuple[int, ...]) -> None:
    shelf, sealer = sealed(THREE_PARTS)
    with pytest.raises(OpenFailed):
        opened(shelf, sealer, [sealer.parts[place] for place in order])


@pytest.mark.parametrize("order", [p for p in itertools.permutations(range(3)) if p != (0, 1, 2)])
def test_sealed_parts_that_changed_places_do_not_open(order: tuple[int, ...]) -> None:
    """Whoever may write to the store moves bytes; the list is sealed elsewhere and says the old order."""
    shelf, sealer = sealed(THREE_PARTS)
    ids = [part.id for part in sealer.parts]
    moved = Shelf({ids[place]: shelf[ids[other]] for place, other in enumerate(order)})
    with pytest.raises(OpenFailed):
        opened(moved, sealer)


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_file_with_a_part_missing_gives_nothing_of_its_end(missing: int) -> None:
    shelf, sealer = sealed(THREE_PARTS)
    with pytest.raises(OpenFailed):
        opened(shelf, sealer, [part for part in sealer.parts if part.number != missing])
    del shelf[sealer.parts[missing].id]
    with pytest.raises(OpenFailed):
        opened(shelf, sealer)


def test_a_cut_file_is_refused_before_its_first_byte() -> None:
    shelf, sealer = sealed(THREE_PARTS)
    cut = [*sealer.parts[:1], replace(sealer.parts[1], ending="last")]
    asked: list[UUID] = []

    def read(part_id: UUID) -> bytes:
        asked.append(part_id)
        return shelf.read(part_id)

    with pytest.raises(OpenFailed):
        open_file(cut, read, file_id=FILE, length=2 * PART_BYTES)
    assert asked == [sealer.parts[1].id]


def test_a_part_of_another_file_does_not_open() -> None:
    shelf, sealer = sealed(b"x" * 100)
    with pytest.raises(OpenFailed):
        open_file(sealer.parts, shelf.read, file_id=uuid4(), length=100)


@pytest.mark.parametrize("length", [0, 1, 63, 99_000, 10**9])
def test_a_wrong_length_is_refused(length: int) -> None:
    shelf, sealer = sealed(b"x" * 150_000)
    with pytest.raises(OpenFailed):
        opened(shelf, sealer, length=length)


@settings(max_examples=40, deadline=None)
@given(st.integers(min_value=0, max_value=699), st.integers(min_value=0, max_value=7))
def test_any_flipped_bit_is_refused(place: int, bit: int) -> None:
    shelf, sealer = sealed(b"y" * 600)
    part_id = sealer.parts[0].id
    changed = bytearray(shelf[part_id])
    place %= len(changed)
    changed[place] ^= 1 << bit
    shelf[part_id] = bytes(changed)
    with pytest.raises(OpenFailed):
        opened(shelf, sealer)


@settings(max_examples=40, deadline=None)
@given(st.integers(min_value=0, max_value=671))
def test_a_part_cut_anywhere_is_refused(end: int) -> None:
    shelf, sealer = sealed(b"y" * 600)
    part_id = sealer.parts[0].id
    shelf[part_id] = shelf[part_id][:end]
    with pytest.raises(OpenFailed):
        opened(shelf, sealer)


def test_another_key_does_not_open_a_part() -> None:
    shelf, sealer = sealed(b"y" * 600)
    with pytest.raises(OpenFailed):
        opened(shelf, sealer, [replace(sealer.parts[0], key=aead.new_key())])


def test_a_file_may_come_in_pieces_each_under_a_key_of_its_own() -> None:
    content = THREE_PARTS
    shelf, parts = Shelf(), []
    for number in range(3):
        sealer = Sealer(FILE, shelf.keep, begin_at=number)
        sealer.write(content[number * PART_BYTES : (number + 1) * PART_BYTES])
        sealer.finish(is_last=number == 2)
        parts += sealer.parts
    assert sealer.length == len(content)
    assert b"".join(open_file(parts, shelf.read, file_id=FILE, length=len(content))) == content
    assert len({part.key for part in parts}) == 3


def test_a_piece_before_the_last_ends_on_a_border() -> None:
    sealer = Sealer(FILE, Shelf().keep)
    sealer.write(b"short")
    with pytest.raises(ValueError, match="multiple"):
        sealer.finish(is_last=False)


def test_nothing_written_is_no_file() -> None:
    with pytest.raises(ValueError, match="Nothing"):
        Sealer(FILE, Shelf().keep).finish()


def test_a_part_prints_without_its_key() -> None:
    _, sealer = sealed(b"x")
    assert sealer.parts[0].key.hex() not in repr(sealer.parts) and str(sealer.parts[0].key) not in repr(sealer.parts)


# --- the file's key ---


def evidence_key() -> OpenKey:
    return OpenKey(uuid4(), uuid4(), Compartment.EVIDENCE, 1, aead.new_key())


def test_a_files_key_comes_back_from_under_the_persons() -> None:
    person, key = evidence_key(), files.new_file_key(FILE)
    wrapped = files.wrap_file_key(key, under=person)
    assert len(wrapped) == files.WRAPPED_KEY_BYTES and key.material not in wrapped
    assert files.unwrap_file_key(wrapped, key_id=key.id, file_id=FILE, under=person).is_same_as(key)
    assert files.wrapping_key_id(wrapped) == person.id


def test_a_files_key_opens_for_no_other_file_id_or_person() -> None:
    person, key = evidence_key(), files.new_file_key(FILE)
    wrapped = files.wrap_file_key(key, under=person)
    for change in (
        {"file_id": uuid4()},
        {"key_id": uuid4()},
        {"under": evidence_key()},
        {"under": replace(person, material=bytes(32))},
    ):
        with pytest.raises(OpenFailed):
            files.unwrap_file_key(wrapped, **{"key_id": key.id, "file_id": FILE, "under": person, **change})


def test_an_erased_or_unknown_wrap_says_so() -> None:
    person, key = evidence_key(), files.new_file_key(FILE)
    wrapped = files.wrap_file_key(key, under=person)
    with pytest.raises(OpenFailed, match="erased"):
        files.wrapping_key_id(b"")
    with pytest.raises(UnknownVersion):
        files.wrapping_key_id(b"\x09" + wrapped[1:])
