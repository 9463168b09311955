"""Clean copies: what is made tells nothing that the person did not mean to tell, and hostile files harm nobody."""

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from rainbowrail.crypto import clean
from rainbowrail.crypto.clean import NotCleaned, Reason
from rainbowrail.crypto.file_kinds import HEAD_BYTES, FileKind, kind_of
from tests.rainbowrail.crypto import hostile
from tests.rainbowrail.crypto.hostile import CANARY


def cleaned(data: bytes, *, name: str = "", kind: FileKind | None = None) -> tuple[FileKind, bytes]:
    found = kind or kind_of(data[:HEAD_BYTES])
    assert found is not None
    pieces = (data[at : at + 100_000] for at in range(0, len(data), 100_000))
    with clean.make(pieces, kind=found, name=name, length=len(data)) as made:
        return made.kind, b"".join(made.pieces)


def refused(data: bytes, *, name: str = "", kind: FileKind | None = None) -> Reason:
    with pytest.raises(NotCleaned) as no:
        cleaned(data, name=name, kind=kind)
    return no.value.reason


def everything_in(data: bytes) -> bytes:
    """The bytes themselves, and what is packed in them."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return data + b"".join(packed.read(name) for name in packed.namelist()) + "".join(packed.namelist()).encode()
    if data.startswith(b"%PDF"):
        held = io.BytesIO()
        with pikepdf.open(io.BytesIO(data)) as document:
            document.save(
                held, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
                object_stream_mode=pikepdf.ObjectStreamMode.disable, encryption=False,
            )  # fmt: skip
        return data + held.getvalue()
    return data


# --- what is made ---


@pytest.mark.parametrize(
    ("stored_as", "becomes"), [("JPEG", FileKind.JPEG), ("PNG", FileKind.PNG), ("WEBP", FileKind.JPEG), ("TIFF", FileKind.JPEG)]
)
def test_a_picture_keeps_its_pixels_the_right_way_up_and_nothing_else(stored_as: str, becomes: FileKind) -> None:
    original = hostile.picture(stored_as)
    assert CANARY.encode() in original
    kind, copy = cleaned(original, name="IMG_0001.jpg")
    shown = Image.open(io.BytesIO(copy))
    assert kind is becomes
    assert CANARY.encode() not in copy and b"Exif" not in copy and not shown.getexif()
    # Turned by 90 degrees clockwise, as the camera noted: the blue corner is now top right.
    assert shown.size == (40, 60)
    red, green, blue = shown.convert("RGB").getpixel((38, 2))  # type: ignore[misc]
    assert blue > 150 > red and green < 80


def test_a_moving_picture_becomes_its_first_frame() -> None:
    second = Image.new("RGB", (60, 40), (0, 0, 0))
    kind, copy = cleaned(hostile.picture("GIF", save_all=True, append_images=[second], comment=CANARY.encode()))
    assert kind is FileKind.PNG and CANARY.encode() not in copy
    assert Image.open(io.BytesIO(copy)).size == (60, 40)


def test_a_picture_as_iphones_make_it_becomes_a_common_one() -> None:
    kind, copy = cleaned(hostile.heic(), name="IMG_0001.HEIC")
    assert kind is FileKind.JPEG and Image.open(io.BytesIO(copy)).size == (64, 48)
    assert CANARY.encode() not in copy


def test_a_pdf_keeps_its_pages_and_loses_properties_scripts_attachments_and_links_out() -> None:
    original = hostile.pdf()
    assert CANARY.encode() in everything_in(original)
    kind, copy = cleaned(original, name="letter.pdf")
    inside = everything_in(copy)
    assert kind is FileKind.PDF
    assert CANARY.encode() not in inside and b"spy.example" not in inside
    for gone in (
        b"/JavaScript",
        b"/JS",
        b"/OpenAction",
        b"/AA",
        b"/EmbeddedFile",
        b"/AF",
        b"/Launch",
        b"/XFA",
        b"/Metadata",
        b"/Author",
        b"Exif",
    ):
        assert gone not in inside, gone
    with pikepdf.open(io.BytesIO(copy)) as document:
        assert len(document.pages) == 1
        assert not document.attachments
        remarks = [str(remark.Subtype) for remark in document.pages[0].obj.Annots]
        assert remarks == ["/Text", "/Link", "/Widget"]
        photo = document.pages[0].obj.Resources.XObject.Im0
        assert Image.open(io.BytesIO(photo.read_raw_bytes())).size == (60, 40)


@pytest.mark.parametrize(("make", "kind"), [(hostile.docx, FileKind.DOCX), (hostile.odt, FileKind.ODT)])
def test_a_letter_keeps_its_text_and_loses_who_wrote_it_when_and_what_it_would_load(make: object, kind: FileKind) -> None:
    original = make()  # type: ignore[operator]
    assert CANARY.encode() in everything_in(original)
    made, copy = cleaned(original, name=f"letter.{kind}")
    inside = everything_in(copy)
    assert made is kind and b"The letter." in inside
    for gone in (CANARY.encode(), b"spy.example", b"2026-10-01", b"rsidR", b"Thumbnails", b"Exif"):
        assert gone not in inside, gone
    assert kind_of(copy[:HEAD_BYTES]) is kind


def test_a_link_in_a_letter_stays_since_it_waits_for_a_click() -> None:
    _, copy = cleaned(hostile.docx())
    assert b"https://kept.example/" in everything_in(copy)


def test_text_stays_text_without_what_turns_or_rings_a_terminal() -> None:
    kind, copy = cleaned("\ufeffسأقتلك\r\nabc\u202e\x7fdef".encode(), name="chat.txt")
    assert kind is FileKind.TEXT and copy.decode() == "سأقتلك\nabcdef"


# --- what is refused, and harms nobody ---


def test_a_picture_of_nine_hundred_megapixels_is_refused_undecoded() -> None:
    data = hostile.enormous_png()
    assert len(data) < 1_000_000
    assert refused(data) is Reason.TOO_MANY_PIXELS


def test_a_zip_bomb_is_refused() -> None:
    data = hostile.zip_bomb()
    assert len(data) < 1_000_000
    assert refused(data) is Reason.BOMB


def test_an_archive_that_lies_about_its_sizes_is_refused() -> None:
    assert refused(hostile.lying_zip()) in {Reason.BOMB, Reason.BROKEN}


def test_a_pdf_with_a_password_stays_closed() -> None:
    assert refused(hostile.pdf(password="secret")) is Reason.LOCKED


@pytest.mark.parametrize(
    "data",
    [
        hostile.picture() + hostile.docx(),
        hostile.picture("PNG") + b"Rar!\x1a\x07\x00" + b"x" * 50,
        hostile.picture()[:-2] + b"<script>alert(1)</script>\xff\xd9",
        hostile.picture("JPEG", comment=b"%PDF-1.4 1 0 obj"),
        b"%PDF-1.4 <script>alert(1)</script>\n" + hostile.pdf()[9:],
        hostile.pdf() + hostile.docx(),
        hostile.docx() + b"trailing",
        hostile.docx(**{"WORD/DOCUMENT.XML": "x"}),
    ],
    ids=[
        "picture-zip",
        "picture-rar",
        "picture-page",
        "picture-pdf",
        "pdf-page",
        "pdf-zip",
        "zip-tail",
        "two-entries-of-one-name",
    ],
)
def test_a_file_that_is_two_things_at_once_is_refused(data: bytes) -> None:
    assert refused(data) is Reason.TWO_KINDS


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (hostile.docx(**{"word/vbaProject.bin": b"x"}), Reason.PROGRAM_INSIDE),
        (hostile.docx(**{"word/run.exe": b"MZ"}), Reason.PROGRAM_INSIDE),
        (hostile.docx(**{"word/embeddings/oleObject1.bin": b"x"}), Reason.FILE_INSIDE),
        (hostile.docx(**{"word/x.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a/>'}), Reason.BOMB),
        (hostile.docx(**{"word/x.xml": '<?xml version="1.0" encoding="UTF-16"?><a/>'.encode("utf-16")}), Reason.BROKEN),
        (hostile.docx(**{"../../etc/passwd": b"x"}), Reason.BROKEN),
        (hostile.packed({"word/other.xml": "x", "[Content_Types].xml": "x"}), Reason.NOT_A_KIND),
        (hostile.odt(**{"Basic/script-lc.xml": b"x"}), Reason.PROGRAM_INSIDE),
    ],
    ids=["macro", "program", "object", "entities", "utf-16", "path", "no-document", "basic"],
)
def test_a_letter_with_something_else_inside_is_refused(data: bytes, why: Reason) -> None:
    assert refused(data) is why


@pytest.mark.parametrize(
    ("name", "data"), [("letter.pdf", hostile.picture()), ("photo.jpg", hostile.pdf()), ("photo.exe", hostile.picture())]
)
def test_a_name_of_another_kind_is_refused_before_anything_opens_it(name: str, data: bytes) -> None:
    assert refused(data, name=name) is Reason.WRONG_NAME


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "TIFF"])
def test_a_cut_or_scrambled_picture_is_refused(kind: str) -> None:
    data = hostile.picture(kind)
    assert refused(data[:60]) in {Reason.BROKEN, Reason.TOO_MANY_PIXELS}


@pytest.mark.parametrize("make", [hostile.pdf, hostile.docx])
def test_a_scrambled_document_is_refused_or_cleaned_but_never_harms(make: object) -> None:
    data = bytearray(make())  # type: ignore[operator]
    for place in range(200, len(data), 97):
        data[place] ^= 0x55
    try:
        _, copy = cleaned(bytes(data), kind=kind_of(bytes(data[:HEAD_BYTES])) or FileKind.PDF)
    except NotCleaned as no:
        assert no.reason in set(Reason)
    else:
        assert CANARY.encode() not in everything_in(copy)


@pytest.mark.parametrize("kind", [FileKind.SOUND, FileKind.FILM])
def test_sound_and_film_are_never_opened(kind: FileKind) -> None:
    assert refused(b"ID3", kind=kind) is Reason.NOT_A_KIND


def test_more_than_fifty_megabytes_are_not_given_to_a_parser() -> None:
    with pytest.raises(NotCleaned) as no, clean.make(iter([]), kind=FileKind.PDF, length=clean.MOST_BYTES + 1):
        pass
    assert no.value.reason is Reason.TOO_LARGE


# --- the process ---

PROBE = """
import json, os, sys, _socket, posix
sys.path.extend(sys.argv[1:])
from cleaner import limits, pictures
limits.leave_the_network()
pictures.prepare("jpeg")
limits.close()
ours = ("rainbowrail", "django", "cryptography")
found = {"environment": dict(os.environ), "modules": sorted(name for name in sys.modules if name.startswith(ours))}
def attempt(name, call):
    try:
        call()
        found[name] = "done"
    except BaseException as error:
        found[name] = type(error).__name__
attempt("file", lambda: open("/etc/hostname"))
attempt("raw file", lambda: posix.open("/etc/hostname", 0))
attempt("socket", lambda: _socket.socket())
attempt("process", lambda: posix.fork() or posix._exit(0))
attempt("memory", lambda: bytearray(4 * 1024 ** 3))
attempt("write", lambda: posix.open("/tmp/rainbowrail-clean-probe", 0o101))
print(json.dumps(found))
"""
UNWATCHED = """
import sys; sys.path.extend(sys.argv[1:])
import posix, _socket
from cleaner import limits
limits.leave_the_network()
sys.addaudithook = lambda hook: None
limits.close()
for attempt in (lambda: posix.open("/etc/hostname", 0), _socket.socket):
    try:
        attempt()
        print("open")
    except OSError as error:
        print(error.errno)
"""


def alone(program: str) -> str:
    """Run a program as the cleaning process is run, and return what it prints."""
    command = [sys.executable, "-I", "-S", "-B", "-c", program, *clean._paths()]
    return subprocess.run(command, env={}, cwd="/", capture_output=True, text=True, timeout=60, check=True).stdout


def test_the_process_has_no_environment_no_file_no_network_no_child_and_little_memory() -> None:
    found = json.loads(alone(PROBE))
    assert set(found.pop("environment")) <= {"LC_CTYPE"}
    assert found.pop("modules") == []
    assert found == dict.fromkeys(["file", "raw file", "socket", "write"], "PermissionError") | {
        "process": "PermissionError", "memory": "MemoryError",
    }  # fmt: skip


def test_also_without_python_watching_the_kernel_gives_no_descriptor() -> None:
    """A parser that was taken over calls no audit hook: the limit of the kernel must hold alone."""
    assert alone(UNWATCHED).split() == ["24", "24"]  # EMFILE


def test_a_process_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clean, "PROGRAM", "import time; time.sleep(60)")
    monkeypatch.setattr(clean, "SECONDS", 0.5)
    assert refused(hostile.picture()) is Reason.TOO_SLOW


def test_a_process_that_was_taken_over_and_talks_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    talk = "import sys; sys.stdin.buffer.read(); print('{\"kind\": \"jpeg\"}')\nwhile True: print('x' * 65536)"
    monkeypatch.setattr(clean, "PROGRAM", talk)
    monkeypatch.setattr(clean, "MOST_BYTES_OUT", 1_000_000)
    assert refused(hostile.picture()) is Reason.BOMB


@pytest.mark.parametrize("answer", ["", "nonsense", '{"kind": "exe"}', '{"refused": "lie"}', "[]", '{"kind": "jpeg"}\n'])
def test_whatever_such_a_process_answers_is_no_copy(answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clean, "PROGRAM", f"import sys; sys.stdin.buffer.read(); sys.stdout.write({answer!r})")
    assert refused(hostile.picture()) is Reason.BROKEN


def test_nothing_is_left_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    before = set(Path("/tmp").iterdir())
    cleaned(hostile.pdf())
    cleaned(hostile.picture())
    assert list(tmp_path.iterdir()) == []
    assert not [path for path in set(Path("/tmp").iterdir()) - before if "clean" in path.name or path.name.startswith("tmp")]


def test_our_own_process_never_loads_a_parser() -> None:
    program = (
        "import sys\nfrom rainbowrail.crypto import clean\nfrom rainbowrail.crypto.file_kinds import FileKind\n"
        "with clean.make([b'hello'], kind=FileKind.TEXT) as made: print(b''.join(made.pieces).decode())\n"
        "print(sorted(name for name in ('PIL', 'pikepdf', 'pillow_heif', 'lxml') if name in sys.modules))"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "rainbowrail.settings.test"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["hello", "[]"]
