"""DOCX and ODT, packed anew: the same text and pictures, without properties, authors, dates, history, programs or links that
load something by themselves. No XML is parsed: entities are refused, and attributes are emptied where they stand."""

import io
import re
import zipfile

from . import pictures
from .reasons import NotCleaned, Reason

MOST_ENTRIES = 3_000
MOST_UNPACKED = 200 * 1024 * 1024
MOST_RATIO = 250
RATIO_COUNTS_FROM = 1024 * 1024
EPOCH = (1980, 1, 1, 0, 0, 0)
XML = (".xml", ".rels", ".rdf")
PICTURE_HEADS = {b"\xff\xd8\xff": "jpeg", b"\x89PNG": "png", b"GIF8": "gif", b"II*\x00": "tiff", b"MM\x00*": "tiff"}

_EMPTY_CORE = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties '
    b'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)
_EMPTY_APP = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties '
    b'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)
_EMPTY_CUSTOM = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties '
    b'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>'
)
_EMPTY_META = (
    b'<?xml version="1.0" encoding="UTF-8"?><office:document-meta '
    b'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.3"><office:meta/>'
    b"</office:document-meta>"
)
_EMPTY_SETTINGS = (
    b'<?xml version="1.0" encoding="UTF-8"?><office:document-settings '
    b'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.3"><office:settings/>'
    b"</office:document-settings>"
)
# Emptied, not removed: other parts of the file name them.
REPLACED = {
    "docProps/core.xml": _EMPTY_CORE,
    "docProps/app.xml": _EMPTY_APP,
    "docProps/custom.xml": _EMPTY_CUSTOM,
    "meta.xml": _EMPTY_META,
    "settings.xml": _EMPTY_SETTINGS,
}
LEFT_OUT = re.compile(
    r"^(Thumbnails/|docProps/thumbnail|Configurations2/|META-INF/(documentsignatures|macrosignatures)|layout-cache$)"
)
PROGRAMS = re.compile(
    r"(vbaProject|vbaData|activeX/|^Basic/|^Scripts/|\.(exe|dll|js|vbs|bat|cmd|ps1|jar|class|scr)$)", re.IGNORECASE
)
FILES_INSIDE = re.compile(r"(/embeddings/|^ObjectReplacements/|^Object [0-9]+$|oleObject|\.bin$|/afchunk)", re.IGNORECASE)

_DANGEROUS_XML = re.compile(r"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_NAMES = re.compile(
    r'(\s(?:w|w15|w16du|w16cex|office|text|loext):(?:author|initials|userId|providerId|lastModifiedBy|dateUtc))="[^"]*"'
)
_DATES = re.compile(r'\s(?:w:date|w:rsid\w*|w14:(?:paraId|textId)|w16du:dateUtc)="[^"]*"')
_RSIDS = re.compile(r"<w:rsids>.*?</w:rsids>|<w:docVars>.*?</w:docVars>|<w:attachedTemplate\b[^>]*/>", re.DOTALL)
_ODT_PEOPLE = re.compile(r"(<(dc:creator|dc:date|meta:creator-initials|meta:date-string)>)[^<]*(</\2>)")
_RELATION = re.compile(r"<Relationship\b[^>]*>")
_TARGET = re.compile(r'\bTarget="[^"]*"')
_ODT_LOADS = re.compile(
    r'(<(?:draw:(?:image|object|object-ole|plugin|applet|floating-frame)|text:section-source)\b[^>]*\bxlink:href=")(?!Pictures/|\./)[^"]*(")'
)
_ODT_SCRIPTS = re.compile(
    r"<office:scripts>.*?</office:scripts>|<office:event-listeners>.*?</office:event-listeners>|<script:[^>]*/>", re.DOTALL
)
_MANIFEST_LINE = re.compile(r"<manifest:file-entry\b[^>]*?(?:/>|>.*?</manifest:file-entry>)", re.DOTALL)
_MANIFEST_PATH = re.compile(r'manifest:full-path="([^"]*)"')


def prepare() -> None:
    """Load the codecs that zip names need."""
    "é".encode("cp437")
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("é", b"x" * 100)
    with zipfile.ZipFile(io.BytesIO(held.getvalue())) as packed:
        packed.read("é")
    for kind in pictures.DECODERS:
        if kind != "heic":
            pictures.prepare(kind)


def clean(data: bytes, kind: str) -> tuple[str, bytes]:
    """Return the same kind and the bytes of the clean copy. Raises NotCleaned."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        entries = _checked(source, data)
        names = [entry.filename for entry in entries]
        _refuse_wrong_content(names, kind)
        left_out = {name for name in names if LEFT_OUT.search(name)}
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
            for entry in entries:
                if entry.filename in left_out or entry.is_dir():
                    continue
                content = _clean_entry(entry.filename, _unpack(source, entry), left_out)
                fresh = zipfile.ZipInfo(entry.filename, EPOCH)
                # An ODT begins with its type, not compressed.
                fresh.compress_type = zipfile.ZIP_STORED if entry.filename == "mimetype" else zipfile.ZIP_DEFLATED
                packed.writestr(fresh, content)
    return kind, held.getvalue()


def _checked(source: zipfile.ZipFile, data: bytes) -> list[zipfile.ZipInfo]:
    """Return the entries of an archive that is one, whole and of a likely size."""
    entries = source.infolist()
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise NotCleaned(Reason.BOMB)
    first = min((entry.header_offset for entry in entries), default=-1)
    end = data.rfind(b"PK\x05\x06")
    if first != 0 or end + 22 + len(source.comment) != len(data):
        raise NotCleaned(Reason.TWO_KINDS)
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise NotCleaned(Reason.LOCKED)
        if entry.file_size > RATIO_COUNTS_FROM and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
            raise NotCleaned(Reason.BOMB)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise NotCleaned(Reason.BROKEN)
        if entry.filename.startswith(("/", "\\")) or ".." in entry.filename.replace("\\", "/").split("/"):
            raise NotCleaned(Reason.BROKEN)
    if len({entry.filename.lower() for entry in entries}) != len(entries):
        raise NotCleaned(Reason.TWO_KINDS)
    return entries


def _unpack(source: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Read no more than the entry says it holds: an archive that lies about its size stops here."""
    with source.open(entry) as stream:
        content = stream.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise NotCleaned(Reason.BOMB)
    return content


def _refuse_wrong_content(names: list[str], kind: str) -> None:
    needed = {"docx": "word/document.xml", "odt": "content.xml"}[kind]
    if needed not in names:
        raise NotCleaned(Reason.NOT_A_KIND)
    if any(PROGRAMS.search(name) for name in names):
        raise NotCleaned(Reason.PROGRAM_INSIDE)
    if any(FILES_INSIDE.search(name) for name in names):
        raise NotCleaned(Reason.FILE_INSIDE)


def _clean_entry(name: str, content: bytes, left_out: set[str]) -> bytes:
    if name in REPLACED:
        return REPLACED[name]
    if name == "[Content_Types].xml" and b"macroEnabled" in content:
        raise NotCleaned(Reason.PROGRAM_INSIDE)
    if name.lower().endswith(XML):
        return _clean_xml(name, content, left_out).encode()
    for head, kind in PICTURE_HEADS.items():
        if content.startswith(head):
            return _clean_picture(content, kind)
    return content


def _clean_picture(content: bytes, kind: str) -> bytes:
    """Keep the file's kind, since other parts name it; a kind that would change is kept as PNG bytes, which readers sniff."""
    if kind == "jpeg":
        return pictures.strip_jpeg(content)
    return pictures.clean(content, kind)[1]


def _clean_xml(name: str, content: bytes, left_out: set[str]) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotCleaned(Reason.BROKEN) from None  # UTF-16 would pass our eyes unread
    if "\x00" in text or _DANGEROUS_XML.search(text):
        raise NotCleaned(Reason.BOMB)
    if name.endswith(".rels"):
        return _RELATION.sub(_without_loading, text)
    if name == "META-INF/manifest.xml":
        return _MANIFEST_LINE.sub(lambda line: _unless_left_out(line, left_out), text)
    text = _RSIDS.sub("", _DATES.sub("", _NAMES.sub(r'\1=""', text)))
    text = _ODT_SCRIPTS.sub("", _ODT_LOADS.sub(r"\1\2", text))
    return _ODT_PEOPLE.sub(r"\1\3", text)


def _without_loading(found: re.Match[str]) -> str:
    """Point what would be fetched on opening (pictures, templates, frames elsewhere) to nowhere; a link waits for a click."""
    relation = found[0]
    if "External" in relation and not re.search(r'Type="[^"]*/hyperlink"', relation):
        return _TARGET.sub('Target="about:blank"', relation)
    if re.search(r'Target="[^"]*docProps/thumbnail', relation):
        return ""
    return relation


def _unless_left_out(found: re.Match[str], left_out: set[str]) -> str:
    path = _MANIFEST_PATH.search(found[0])
    gone = path is not None and (path[1] in left_out or LEFT_OUT.search(path[1]) is not None)
    return "" if gone else found[0]
