"""One file in, one clean copy out.

In: a line of JSON {"kind"}, then the file until its end. Out: a line of JSON {"kind"} and the clean copy, or {"refused"}.
"""

import codecs
import json
import re
import sys
from typing import BinaryIO

from . import limits
from .reasons import NotCleaned, Reason

PICTURES = frozenset({"jpeg", "png", "gif", "webp", "tiff", "heic"})
ZIPS = frozenset({"docx", "odt"})
_EDGE = 64 * 1024
_SCRIPT = re.compile(rb"<\s*(script|html|\?php|svg)\b", re.IGNORECASE)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def main() -> None:
    """Close the doors, read, clean, answer. Whatever goes wrong is answered with a reason, never with the error's words."""
    limits.leave_the_network()
    source, target = sys.stdin.buffer, sys.stdout.buffer
    try:
        header, copy = _answer(source)
    except NotCleaned as no:
        header, copy = {"refused": no.reason.value}, b""
    except MemoryError:
        header, copy = {"refused": Reason.TOO_LARGE.value}, b""
    except Exception:
        header, copy = {"refused": Reason.BROKEN.value}, b""
    target.write(json.dumps(header).encode() + b"\n")
    target.write(copy)
    target.flush()


def _answer(source: BinaryIO) -> tuple[dict[str, str], bytes]:
    kind = str(json.loads(source.readline(200))["kind"])
    _load(kind)
    limits.close()
    data = source.read()
    if _is_two_kinds(data, kind):
        raise NotCleaned(Reason.TWO_KINDS)
    made, copy = _clean(data, kind)
    return {"kind": made}, copy


def _load(kind: str) -> None:
    """Import the parsers this kind needs, and only these."""
    codecs.lookup("utf-8-sig")  # a codec is a module too
    if kind in PICTURES:
        from . import pictures

        pictures.prepare(kind)
    elif kind == "pdf":
        from . import pdf

        pdf.prepare()
    elif kind in ZIPS:
        from . import office

        office.prepare()
    elif kind != "text":
        raise NotCleaned(Reason.NOT_A_KIND)


def _clean(data: bytes, kind: str) -> tuple[str, bytes]:
    if kind in PICTURES:
        return sys.modules[f"{__package__}.pictures"].clean(data, kind)  # type: ignore[no-any-return]
    if kind == "pdf":
        return sys.modules[f"{__package__}.pdf"].clean(data)  # type: ignore[no-any-return]
    if kind in ZIPS:
        return sys.modules[f"{__package__}.office"].clean(data, kind)  # type: ignore[no-any-return]
    text = _CONTROLS.sub("", data.decode("utf-8-sig").replace("\r\n", "\n"))
    return "text", text.encode()


def _is_two_kinds(data: bytes, kind: str) -> bool:
    """Say whether the file would also open as something else: the trick by which one file passes two different guards."""
    if kind in ZIPS:
        return b"%PDF-" in data[:1024]
    if b"PK\x05\x06" in data[-_EDGE - 22 :] or b"Rar!\x1a\x07" in data or b"7z\xbc\xaf\x27\x1c" in data:
        return True
    if kind == "pdf":
        return _SCRIPT.search(data[:1024]) is not None
    return b"%PDF-" in data[:1024] or (kind in PICTURES and _SCRIPT.search(data[:_EDGE] + data[-_EDGE:]) is not None)
