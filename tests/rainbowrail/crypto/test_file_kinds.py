import pytest

from rainbowrail.crypto.file_kinds import HEAD_BYTES, FileKind, Refusal, kind_of, name_fits, refusal_of

TAKEN = [
    (b"\xff\xd8\xff\xe0\x00\x10JFIF", FileKind.JPEG),
    (b"\x89PNG\r\n\x1a\n\x00", FileKind.PNG),
    (b"GIF89a\x01\x00", FileKind.GIF),
    (b"RIFF\x00\x00\x00\x00WEBPVP8 ", FileKind.WEBP),
    (b"\x00\x00\x00\x18ftypheic\x00", FileKind.HEIC),
    (b"II*\x00\x08", FileKind.TIFF),
    (b"%PDF-1.7\n", FileKind.PDF),
    (b"PK\x03\x04" + b"\x00" * 22 + b"\x13\x00\x00\x00[Content_Types].xml", FileKind.DOCX),
    (b"PK\x03\x04" + b"\x00" * 22 + b"\x08\x00\x00\x00mimetypeapplication/vnd.oasis.opendocument.textPK\x03\x04", FileKind.ODT),
    ("They wrote: سأقتلك".encode(), FileKind.TEXT),
    (b"ID3\x04\x00", FileKind.SOUND),
    (b"OggS\x00", FileKind.SOUND),
    (b"#!AMR\n", FileKind.SOUND),
    (b"\x00\x00\x00\x20ftypM4A ", FileKind.SOUND),
    (b"\x00\x00\x00\x20ftypisom", FileKind.FILM),
    (b"\x1a\x45\xdf\xa3\x01", FileKind.FILM),
]
REFUSED = [
    (b"", Refusal.EMPTY),
    (b"MZ\x90\x00", Refusal.PROGRAM),
    (b"\x7fELF\x02", Refusal.PROGRAM),
    (b"#!/bin/sh\nrm -rf", Refusal.PROGRAM),
    (b"<!DOCTYPE html><script>", Refusal.WEB_PAGE),
    (b"  \n<svg xmlns=", Refusal.WEB_PAGE),
    (b"<?xml version='1.0'?>", Refusal.WEB_PAGE),
    (b"PK\x03\x04" + b"\x00" * 22 + b"\x08\x00\x00\x00evil.exe", Refusal.ARCHIVE),
    (b"Rar!\x1a\x07\x00", Refusal.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", Refusal.ARCHIVE),
    (b"\x1f\x8b\x08", Refusal.ARCHIVE),
    (b"\x00\x01\x02\x03", Refusal.UNKNOWN),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Refusal.UNKNOWN),
    (b"{\\rtf1\\ansi", Refusal.UNKNOWN),
]


@pytest.mark.parametrize(("head", "kind"), TAKEN)
def test_a_file_is_known_by_its_first_bytes(head: bytes, kind: FileKind) -> None:
    assert kind_of(head) is kind and refusal_of(head) is None


@pytest.mark.parametrize(("head", "why"), REFUSED)
def test_what_is_refused_is_refused_with_its_kind_of_reason(head: bytes, why: Refusal) -> None:
    assert refusal_of(head) is why


def test_text_whose_head_ends_within_a_letter_is_still_text() -> None:
    text = ("ا" * HEAD_BYTES).encode()
    assert kind_of(b"x" + text[: HEAD_BYTES - 1]) is FileKind.TEXT


@pytest.mark.parametrize(
    ("name", "kind", "fits"),
    [
        ("IMG_1.JPG", FileKind.JPEG, True),
        ("photo.png", FileKind.JPEG, True),
        ("photo", FileKind.JPEG, True),
        ("letter.pdf", FileKind.JPEG, False),
        ("photo.jpg", FileKind.PDF, False),
        ("photo.jpg.exe", FileKind.JPEG, False),
        ("chat.txt", FileKind.TEXT, True),
        ("voice.anything", FileKind.SOUND, True),
    ],
)
def test_a_name_of_another_kind_does_not_fit(name: str, kind: FileKind, fits: bool) -> None:
    assert name_fits(name, kind) is fits
