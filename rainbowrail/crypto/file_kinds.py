"""What a file is, by its first bytes and never by its name. Pure: nothing here parses more than a few signatures.

`kind_of` knows the kinds we accept; `refusal_of` names why others are not. Both doors may ask: no parser is loaded.
"""

import re
from enum import StrEnum
from pathlib import PurePosixPath

HEAD_BYTES = 4096


class FileKind(StrEnum):
    """The kinds we keep. Of the first group a clean copy is made; sound and film stay as they are, closed."""

    JPEG = "jpeg"
    PNG = "png"
    GIF = "gif"
    WEBP = "webp"
    HEIC = "heic"
    TIFF = "tiff"
    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"
    TEXT = "text"
    SOUND = "sound"
    FILM = "film"


class Refusal(StrEnum):
    """Why a file is not taken; the page has a sentence for each."""

    PROGRAM = "program"
    WEB_PAGE = "web_page"
    ARCHIVE = "archive"
    UNKNOWN = "unknown"
    EMPTY = "empty"


PICTURES = frozenset({FileKind.JPEG, FileKind.PNG, FileKind.GIF, FileKind.WEBP, FileKind.HEIC, FileKind.TIFF})
CLEANED = PICTURES | {FileKind.PDF, FileKind.DOCX, FileKind.ODT, FileKind.TEXT}
ENDINGS: dict[FileKind, frozenset[str]] = {
    **dict.fromkeys(
        PICTURES, frozenset({"jpg", "jpeg", "jpe", "jfif", "png", "gif", "webp", "heic", "heif", "avif", "tif", "tiff"})
    ),
    FileKind.PDF: frozenset({"pdf"}),
    FileKind.DOCX: frozenset({"docx"}),
    FileKind.ODT: frozenset({"odt"}),
    FileKind.TEXT: frozenset({"txt", "text", "csv", "log", "eml", "md"}),
}  # fmt: skip

_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"#!", b"dex\n")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd", b"MSCF", b"PK")
_MARKUP = re.compile(rb"<\s*(!doctype|html|head|body|script|svg|iframe|\?xml|\?php)", re.IGNORECASE)
_FTYP_STILL = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"})
_FTYP_SOUND = frozenset({b"M4A ", b"M4B "})
_MPEG_FRAMES = frozenset({b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2", b"\xff\xf1", b"\xff\xf9"})
_WORD_ENTRIES = (b"[Content_Types].xml", b"_rels/.rels", b"docProps/", b"word/", b"customXml/")
_ODT_TYPE = b"application/vnd.oasis.opendocument.text"
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")


def kind_of(head: bytes) -> FileKind | None:
    """Return the kind of a file that begins with these bytes (up to HEAD_BYTES of them), or None for one we do not take."""
    if head.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG
    if head.startswith((b"GIF87a", b"GIF89a")):
        return FileKind.GIF
    if head.startswith((b"II*\x00", b"MM\x00*")):
        return FileKind.TIFF
    if head.startswith(b"%PDF-"):
        return FileKind.PDF
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_zip(head)
    if head[:4] == b"RIFF":
        return {b"WEBP": FileKind.WEBP, b"WAVE": FileKind.SOUND, b"AVI ": FileKind.FILM}.get(head[8:12])
    return _kind_of_recording(head) or _kind_of_text(head)


def refusal_of(head: bytes) -> Refusal | None:
    """Return why a file that begins with these bytes is refused, or None when it is taken."""
    if not head:
        return Refusal.EMPTY
    if kind_of(head) is not None:
        return None
    if head.startswith(_PROGRAMS):
        return Refusal.PROGRAM
    if _MARKUP.search(head[:1024]):
        return Refusal.WEB_PAGE
    return Refusal.ARCHIVE if head.startswith(_ARCHIVES) else Refusal.UNKNOWN


def name_fits(name: str, kind: FileKind) -> bool:
    """Say whether the ending of a name belongs to this kind; a name without ending fits, and pictures pass for each other."""
    ending = PurePosixPath(name.replace("\\", "/")).suffix.removeprefix(".").lower()
    return not ending or kind not in ENDINGS or ending in ENDINGS[kind]


def _kind_of_zip(head: bytes) -> FileKind | None:
    """Tell by the first name inside. What else is inside is looked at by the limited subprocess."""
    name_length = int.from_bytes(head[26:28], "little")
    extra_length = int.from_bytes(head[28:30], "little")
    name = head[30 : 30 + name_length]
    begin = 30 + name_length + extra_length
    if name == b"mimetype" and head[begin : begin + len(_ODT_TYPE) + 1] == _ODT_TYPE + b"P":
        return FileKind.ODT
    return FileKind.DOCX if name.startswith(_WORD_ENTRIES) else None


def _kind_of_recording(head: bytes) -> FileKind | None:
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return FileKind.HEIC if brand in _FTYP_STILL else FileKind.SOUND if brand in _FTYP_SOUND else FileKind.FILM
    if head.startswith((b"ID3", b"OggS", b"fLaC", b"#!AMR")) or head[:2] in _MPEG_FRAMES:
        return FileKind.SOUND
    return FileKind.FILM if head.startswith(b"\x1a\x45\xdf\xa3") else None


def _kind_of_text(head: bytes) -> FileKind | None:
    """Take text in UTF-8 that is neither a page, a script nor a program. The head may be cut within a letter."""
    if not head or head.startswith((*_PROGRAMS, b"%!", b"{\\rtf")) or _MARKUP.search(head) or _NOT_TEXT.search(head):
        return None
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return FileKind.TEXT if len(head) >= HEAD_BYTES and error.start >= len(head) - 3 else None
    return FileKind.TEXT
