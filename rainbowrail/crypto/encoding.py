"""Unambiguous bytes from a list of parts: what every associated data, `info` and digest in this package is made of.

Each part is preceded by its length (4 bytes, big endian) and the whole by the number of parts, so that no two different lists
give the same bytes (`"ab", "c"` is not `"a", "bc"`), and none is the beginning of another.
"""

from uuid import UUID

type Part = bytes | str | int | UUID


def encode(label: str, *parts: Part) -> bytes:
    """Return `label` and `parts` as bytes. Text is UTF-8, a UUID its 16 bytes, a whole number 8 bytes big endian (so 0 …
    2**64 - 1)."""
    pieces = [label.encode(), *(_bytes(part) for part in parts)]
    return len(pieces).to_bytes(4) + b"".join(len(piece).to_bytes(4) + piece for piece in pieces)


def _bytes(part: Part) -> bytes:
    match part:
        case bytes():
            return part
        case str():
            return part.encode()
        case UUID():
            return part.bytes
        case int():
            return part.to_bytes(8)
