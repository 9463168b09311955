"""Looks for words in bytes, in every form in which a careless program leaves them.

    found = search(needles(["Zquorvex"]), haystack)       # {"Zquorvex as UTF-16": b"…the bytes around it…"}

Words are made of a rare stem and an ending; it is enough to look for stems, and a cut-off word is found too.
"""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

AROUND = 40


def needles(words: Iterable[str]) -> dict[bytes, str]:
    """Return every form of every word as bytes, each with what it is."""
    return {form: f"{word!r} as {name}" for word in words for name, form in forms(word)}


def forms(word: str) -> Iterator[tuple[str, bytes]]:
    """Yield the forms of a word: the encodings, each also as hex and as base64, and what JSON, URLs and logs make of it."""
    plain = {"UTF-8": word.encode(), "UTF-16LE": word.encode("utf-16-le"), "UTF-16BE": word.encode("utf-16-be")}
    for name, data in plain.items():
        yield name, data
        yield f"{name} in hex", data.hex().encode()
        yield f"{name} in HEX", data.hex().upper().encode()
        for shift in range(3):
            for alphabet, encoded in base64_of(data, shift):
                yield f"{name} in {alphabet} from byte {shift}", encoded
    if not word.isascii():
        yield "JSON", json.dumps(word)[1:-1].encode()
        yield "a URL", quote(word).encode()
        yield "a Python repr of bytes", repr(word.encode())[2:-1].encode()


def base64_of(data: bytes, shift: int) -> Iterator[tuple[str, bytes]]:
    """Yield what stands in base64 wherever `data` begins at a byte whose number leaves the rest `shift` by 3.

    The first and last characters are shared with the neighbours and left out.
    """
    whole = base64.b64encode(bytes(shift) + data + bytes(-(shift + len(data)) % 3))
    first = -(-shift * 8 // 6)
    last = (shift + len(data)) * 8 // 6
    yield "base64", whole[first:last]
    if b"+" in whole[first:last] or b"/" in whole[first:last]:
        yield "base64 for URLs", whole[first:last].replace(b"+", b"-").replace(b"/", b"_")


def search(wanted: Mapping[bytes, str], haystack: bytes) -> dict[str, bytes]:
    """Return what is found, with the bytes around the first place."""
    found = {}
    for form, what in wanted.items():
        at = haystack.find(form)
        if at >= 0:
            found[what] = haystack[max(0, at - AROUND) : at + len(form) + AROUND]
    return found
