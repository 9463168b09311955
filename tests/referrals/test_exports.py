import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import zipfile
import zlib
from datetime import date
from pathlib import Path

import jsonschema
import pyrage
import pytest
from django.conf import settings

from rainbowrail.crypto.recipients.base import RecipientKind
from referrals.errors import CannotBuild
from referrals.exports.archive import seal_packet
from referrals.exports.json import JsonExporter
from referrals.exports.pdf import PdfExporter, _can_be_drawn, page_data
from referrals.packet import build
from referrals.programmes import programme
from tests.referrals.casefiles import case_file

GAR = programme("canada_gar")
PACKET = build(case_file(account={"quote_own_words": "yes"}), GAR)


def pdf_streams(data: bytes) -> bytes:
    """Return the PDF with its compressed streams opened, read with nothing but the standard library."""
    opened = [data]
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        try:
            opened.append(zlib.decompress(found.group(1)))
        except zlib.error:
            continue
    return b"\n".join(opened)


def test_the_machine_copy_is_canonical_and_fits_its_schema() -> None:
    data = JsonExporter().export(PACKET).data
    schema = json.loads((settings.BASE_DIR / "templates" / "exports" / "packet-1.0.schema.json").read_text())
    jsonschema.validate(json.loads(data), schema)
    assert json.dumps(json.loads(data), sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" == data
    assert "خائف".encode() in data


def test_the_paper_is_tagged_and_claims_and_passes_pdf_ua() -> None:
    opened = pdf_streams(PdfExporter().export(PACKET).data)
    assert opened.startswith(b"%PDF-1.7")
    assert b"/StructTreeRoot" in opened
    assert b"/MarkInfo" in opened
    assert b"<pdfuaid:part>1</pdfuaid:part>" in opened
    assert b"(ar)" in opened, "the passage in Arabic says its language"


def test_the_paper_tells_nothing_but_its_number_in_its_metadata() -> None:
    data = PdfExporter().export(PACKET).data
    opened = pdf_streams(data)
    assert b"Document K7MT-4QWD" in opened
    assert b"/Author" not in opened
    assert b"/Keywords" not in opened
    assert b"dc:creator" not in opened
    assert b"20261121000000" in data.replace(b"D:", b"").replace(b"'", b""), "the day, not the minute"
    assert str(Path.home()).encode() not in opened
    assert str(settings.BASE_DIR).encode() not in opened


def test_equal_packets_make_equal_papers() -> None:
    assert PdfExporter().export(PACKET).data == PdfExporter().export(PACKET).data


def test_words_that_look_like_markup_stay_words() -> None:
    claim = '#read("/etc/passwd") *bold* = Title $x$ @ref <label> \\ `raw` // gone #image("x")'
    data = PdfExporter().export(build(case_file(account={"claim": claim}), GAR)).data
    assert data.startswith(b"%PDF")
    assert b"/etc/passwd" not in data
    assert page_data(build(case_file(account={"claim": claim}), GAR))["parts"][3]["entries"][0]["value"] == claim


@pytest.mark.parametrize(
    "words", ["🌈 مرحبا", "a\x00b\x07", "漢字", "ሰላም", "বাংলা", "\u202eabc", "line\r\nline", "x" * 12_000, "\n\n\n"]
)
def test_no_text_can_stop_the_paper(words: str) -> None:
    data = PdfExporter().export(build(case_file(account={"claim": words, "quote_own_words": "yes"}, own_words=words), GAR)).data
    assert data.startswith(b"%PDF")


def test_what_no_font_can_draw_is_spelled_out() -> None:
    assert _can_be_drawn("ﻻ")
    assert _can_be_drawn("ሰ")
    assert not _can_be_drawn("🌈")
    assert not _can_be_drawn("漢")


def test_every_paper_names_its_recipient_on_every_page() -> None:
    assert page_data(PACKET)["watermark"] == "Maren Tran · K7MT-4QWD · 1"


@pytest.fixture
def official(tmp_path: Path) -> tuple[str, Path]:
    """An official's key pair, as their own age-keygen would make it: the public key and the file of the private one."""
    pair = pyrage.x25519.Identity.generate()
    path = tmp_path / "key.txt"
    path.write_text(f"{pair}\n")
    return str(pair.to_public()), path


def opened_by_the_office(sealed: bytes, key: Path) -> zipfile.ZipFile:
    tool = shutil.which("age")
    if tool is None:
        assert os.environ.get("CI") != "true", "install age (apt install age): the packet must open with a foreign tool"
        pytest.skip("the tool age is not installed here")
    opened = subprocess.run([tool, "-d", "-i", str(key)], input=sealed, capture_output=True, check=True).stdout
    return zipfile.ZipFile(io.BytesIO(opened))


def test_the_office_opens_the_file_with_age_and_checks_it_with_openssl(official: tuple[str, Path], tmp_path: Path) -> None:
    public_key, key = official
    sealed = seal_packet(PACKET, formats=GAR.formats, kind=RecipientKind.AGE, key=public_key)
    archive = opened_by_the_office(sealed.data, key)
    assert archive.namelist() == [
        "READ-ME.txt",
        "packet.pdf",
        "packet.json",
        "manifest.json",
        "manifest.sig",
        "signing-key.pem",
    ]
    manifest = json.loads(archive.read("manifest.json"))
    for file in manifest["files"]:
        assert hashlib.sha256(archive.read(file["name"])).hexdigest() == file["sha256"]
    assert sealed.manifest_sha256 == hashlib.sha256(archive.read("manifest.json")).hexdigest()
    assert sealed.sha256 == hashlib.sha256(sealed.data).hexdigest()
    archive.extractall(tmp_path)
    check = [
        "openssl",
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        "signing-key.pem",
        "-rawin",
        "-in",
        "manifest.json",
        "-sigfile",
        "manifest.sig",
    ]
    assert b"Verified Successfully" in subprocess.run(check, cwd=tmp_path, capture_output=True, check=True).stdout
    assert " ".join(check) in archive.read("READ-ME.txt").decode()
    (tmp_path / "manifest.json").write_bytes(archive.read("manifest.json").replace(b"canada_gar", b"canada_rag"))
    assert subprocess.run(check, cwd=tmp_path, capture_output=True, check=False).returncode != 0


def test_another_official_cannot_open_the_file(official: tuple[str, Path], tmp_path: Path) -> None:
    _public_key, key = official
    sealed = seal_packet(
        PACKET, formats=GAR.formats, kind=RecipientKind.AGE, key=str(pyrage.x25519.Identity.generate().to_public())
    )
    with pytest.raises(subprocess.CalledProcessError):
        opened_by_the_office(sealed.data, key)


def test_the_paper_names_the_hash_of_the_machine_copy_beside_it() -> None:
    assert page_data(PACKET)["machine_copy_sha256"] == hashlib.sha256(JsonExporter().export(PACKET).data).hexdigest()


def test_the_archive_tells_no_time_and_no_machine(official: tuple[str, Path]) -> None:
    public_key, key = official
    archive = opened_by_the_office(seal_packet(PACKET, formats=GAR.formats, kind=RecipientKind.AGE, key=public_key).data, key)
    for entry in archive.infolist():
        assert entry.date_time == (1980, 1, 1, 0, 0, 0)
        assert (entry.create_system, entry.external_attr, entry.comment, entry.extra) == (0, 0o600 << 16, b"", b"")


def test_a_key_that_is_none_is_refused_by_name() -> None:
    with pytest.raises(CannotBuild) as refused:
        seal_packet(PACKET, formats=GAR.formats, kind=RecipientKind.AGE, key="age1nonsense")
    assert refused.value.code == "key"


def test_nothing_of_the_person_is_readable_in_the_sealed_file(official: tuple[str, Path]) -> None:
    sealed = seal_packet(PACKET, formats=GAR.formats, kind=RecipientKind.AGE, key=official[0]).data
    for canary in ("Ndiaye", "packet.json", "rainbow", "Maren", "canada"):
        assert canary.encode() not in sealed
        assert canary.encode("utf-16-le") not in sealed


def test_a_day_is_a_day_and_not_a_moment() -> None:
    assert isinstance(PACKET.made_on, date)
