"""PDF, written anew: pages as they look; no metadata, script, attachment, form program, history or way out to the network."""

import io
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from .pictures import strip_jpeg
from .reasons import NotCleaned, Reason

MOST_OBJECTS = 200_000
MOST_PAGES = 3_000
MOST_DEPTH = 40
DROPPED = (
    "/Metadata", "/PieceInfo", "/AF", "/AA", "/OpenAction", "/JavaScript", "/JS", "/EmbeddedFiles", "/EF", "/RF", "/XFA",
    "/LastModified", "/Thumb", "/SpiderInfo", "/Collection", "/Perms", "/Legal", "/DSS", "/URI", "/PA", "/Next", "/Renditions",
    "/AlternatePresentations", "/Requirements", "/Extensions", "/PtData", "/Measure", "/StructTreeRoot", "/MarkInfo",
    "/Alternates", "/OPI",
)  # fmt: skip
# What else a remark on a page would tell: who wrote it and when.
DROPPED_OF_REMARKS = ("/T", "/M", "/CreationDate", "/NM", "/Subj", "/IRT", "/Popup", "/RC", "/FS", "/Sound", "/Movie", "/MK")
REMARKS = frozenset({
    "/Text", "/FreeText", "/Highlight", "/Underline", "/StrikeOut", "/Squiggly", "/Line", "/Square", "/Circle", "/Polygon",
    "/PolyLine", "/Stamp", "/Ink", "/Caret", "/Redact",
})  # fmt: skip
KEPT_ON_PAGES = REMARKS | {"/Widget", "/Link"}


def prepare() -> None:
    """Load what pikepdf loads at first use."""
    small = pikepdf.new()
    small.add_blank_page()
    held = io.BytesIO()
    small.save(held, deterministic_id=True)
    pikepdf.open(io.BytesIO(held.getvalue())).close()


def clean(data: bytes) -> tuple[str, bytes]:
    """Return ("pdf", bytes). Raises NotCleaned: locked with a password, broken, or larger inside than any letter is."""
    try:
        document = pikepdf.open(io.BytesIO(data), suppress_warnings=True)
    except pikepdf.PasswordError:
        raise NotCleaned(Reason.LOCKED) from None
    if len(document.objects) > MOST_OBJECTS or len(document.pages) > MOST_PAGES:
        raise NotCleaned(Reason.BOMB)
    if not len(document.pages):
        raise NotCleaned(Reason.BROKEN)
    if "/Info" in document.trailer:
        del document.trailer["/Info"]
    for page in document.pages:
        _clean_remarks(page.obj)
    for thing in document.objects:
        _clean_object(thing, 0)
    held = io.BytesIO()
    document.save(
        held,
        fix_metadata_version=False,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        deterministic_id=True,
        encryption=False,
    )
    return "pdf", held.getvalue()


def _clean_object(thing: Any, depth: int) -> None:
    if depth > MOST_DEPTH:
        raise NotCleaned(Reason.BOMB)
    if isinstance(thing, Stream):
        _clean_stream(thing)
    if isinstance(thing, Dictionary | Stream):
        for key in DROPPED:
            if key in thing:
                del thing[key]
        _clean_action(thing, "/A")
        for key in list(thing.keys()):
            value = thing.get(key)
            if isinstance(value, Dictionary | Array) and not value.is_indirect:
                _clean_object(value, depth + 1)
    elif isinstance(thing, Array):
        for value in list(thing):  # type: ignore[call-overload, unused-ignore]
            if isinstance(value, Dictionary | Array) and not value.is_indirect:
                _clean_object(value, depth + 1)


def _clean_action(thing: Any, key: str) -> None:
    """Keep a jump within the document; everything else that a click could do goes. `/A` also names other things: numbers,
    say."""
    action = thing.get(key)
    if isinstance(action, Dictionary) and "/S" in action and Name.GoTo != action.S and thing.get("/Type") != Name.StructElem:
        del thing[key]


def _clean_stream(thing: Any) -> None:
    """Take out of pictures what the camera wrote."""
    if thing.get("/Subtype") != Name.Image or "/Filter" not in thing:
        return
    filters = thing.Filter
    if isinstance(filters, Array):
        if len(filters) != 1:
            if Name.DCTDecode in list(filters):  # type: ignore[call-overload, unused-ignore]
                _unwrap_jpeg(thing)
            return
        filters = filters[0]
    if filters == Name.DCTDecode:
        thing.write(strip_jpeg(thing.read_raw_bytes()), filter=Name.DCTDecode, decode_parms=thing.get("/DecodeParms"))
    elif filters == Name.JPXDecode:
        thing.write(_strip_jpx(thing.read_raw_bytes()), filter=Name.JPXDecode, decode_parms=thing.get("/DecodeParms"))


def _unwrap_jpeg(thing: Any) -> None:
    """A JPEG that was compressed once more: open the outer layers and keep the inner stream, stripped."""
    data = thing.read_bytes(pikepdf.StreamDecodeLevel.generalized)
    if not data.startswith(b"\xff\xd8"):
        raise NotCleaned(Reason.BROKEN)
    thing.write(strip_jpeg(data), filter=Name.DCTDecode)


def _strip_jpx(data: bytes) -> bytes:
    """Drop the boxes of a JPEG 2000 file that hold text; a bare code stream has none."""
    if not data.startswith(b"\x00\x00\x00\x0cjP  "):
        return data
    kept, at = [], 0
    while at + 8 <= len(data):
        length, name = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        length = int.from_bytes(data[at + 8 : at + 16]) if length == 1 else length or len(data) - at
        if length < 8:
            raise NotCleaned(Reason.BROKEN)
        if name not in (b"xml ", b"uuid", b"uinf"):
            kept.append(data[at : at + length])
        at += length
    return b"".join(kept)


def _clean_remarks(page: Any) -> None:
    """Keep what belongs to the look of a page, without who wrote it; sound, film, files and 3D go."""
    if "/Annots" not in page:
        return
    kept = []
    for remark in list(page.Annots):
        if not isinstance(remark, Dictionary) or str(remark.get("/Subtype", "")) not in KEPT_ON_PAGES:
            continue
        if str(remark.Subtype) in REMARKS:
            for key in DROPPED_OF_REMARKS:
                if key in remark:
                    del remark[key]
        kept.append(remark)
    page.Annots = Array(kept)
