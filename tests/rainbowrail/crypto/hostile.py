"""Files made to harm or to tell: each as small as it can be."""

import io
import struct
import zipfile
import zlib
from typing import Any

import pikepdf
from PIL import Image

CANARY = "CANARY-Mukono-0042"
DOCUMENT = (
    '<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    f'<w:body><w:p w:rsidR="00A77B3E"><w:ins w:id="1" w:author="{CANARY}" w:date="2026-10-01T10:00:00Z"><w:r><w:t>The letter.'
    "</w:t></w:r></w:ins></w:p></w:body></w:document>"
)
RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://x/attachedTemplate" Target="https://spy.example/t.dotm" TargetMode="External"/>'
    '<Relationship Id="r2" Type="http://x/hyperlink" Target="https://kept.example/" TargetMode="External"/></Relationships>'
)
TYPES = '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
ODT_CONTENT = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="o" xmlns:text="t" xmlns:dc="d" '
    'xmlns:draw="w" xmlns:xlink="x"><office:scripts><office:event-listeners/></office:scripts><office:body><office:annotation>'
    f"<dc:creator>{CANARY}</dc:creator><dc:date>2026-10-01</dc:date></office:annotation>"
    '<draw:image xlink:href="https://spy.example/p.png"/><text:p>The letter.</text:p></office:body></office:document-content>'
)
ODT_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="m">'
    '<manifest:file-entry manifest:full-path="content.xml"/>'
    '<manifest:file-entry manifest:full-path="Thumbnails/thumbnail.png"/>'
    "</manifest:manifest>"
)


def exif(orientation: int = 6, told: str = CANARY) -> Image.Exif:
    """EXIF with a description, a place, and a picture to be turned."""
    noted = Image.Exif()
    noted[0x010E] = told
    noted[0x0112] = orientation
    noted.get_ifd(0x8825).update({1: "N", 2: (0.0, 21.0, 12.0), 3: "E", 4: (32.0, 45.0, 20.0)})
    return noted


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), *, told: str = CANARY, **extra: Any) -> bytes:
    """A red picture with a blue corner, top left as stored."""
    drawn = Image.new("RGB", size, (200, 20, 20))
    drawn.paste((20, 20, 200), (0, 0, size[0] // 3, size[1] // 3))
    held = io.BytesIO()
    drawn.save(held, kind, **({"exif": exif(told=told)} if kind != "GIF" else {}) | extra)
    return held.getvalue()


def heic() -> bytes:
    import pillow_heif

    held = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 48), (200, 20, 20))).save(held, exif=exif(1).tobytes())
    return held.getvalue()


def enormous_png(width: int = 30_000, height: int = 30_000) -> bytes:
    """A header that promises 900 megapixels, on a few hundred kilobytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    packed = zlib.compressobj(9)
    row = b"\x00" * (width // 8 + 1)
    body = b"".join(packed.compress(row * 500) for _ in range(height // 500)) + packed.flush()
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
        + chunk(b"IDAT", body)
        + chunk(b"IEND", b"")
    )


def pdf(*, password: str = "") -> bytes:
    """One page with everything a page should not bring: properties, scripts, an attachment, a launch, a photo with EXIF."""
    document = pikepdf.new()
    page = document.add_blank_page()
    document.docinfo["/Author"] = CANARY
    with document.open_metadata() as told:
        told["dc:title"] = CANARY
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=f"app.alert('{CANARY}')")
    document.Root.OpenAction = document.make_indirect(script)
    document.Root.AA = pikepdf.Dictionary(WC=script)
    document.attachments["secret.txt"] = pikepdf.AttachedFileSpec(document, CANARY.encode(), filename="secret.txt")
    document.Root.AF = pikepdf.Array([])
    document.Root.Names.JavaScript = pikepdf.Dictionary(Names=pikepdf.Array(["a", script]))
    document.Root.AcroForm = pikepdf.Dictionary(XFA=document.make_stream(CANARY.encode()), Fields=pikepdf.Array([]))
    name = pikepdf.Name
    page.obj.Annots = pikepdf.Array([
        document.make_indirect(pikepdf.Dictionary(Type=name.Annot, Rect=[0, 0, 9, 9], **remark))
        for remark in (
            {"Subtype": name.FileAttachment, "Contents": CANARY},
            {"Subtype": name.Text, "Contents": "A remark", "T": CANARY, "M": CANARY},
            {"Subtype": name.Link, "A": pikepdf.Dictionary(S=name.URI, URI=f"https://spy.example/{CANARY}")},
            {"Subtype": name.Widget, "A": pikepdf.Dictionary(S=name.Launch, F=CANARY)},
        )
    ])  # fmt: skip
    document.Root.AcroForm.Fields.append(page.obj.Annots[3])
    photo = pikepdf.Stream(document, picture())
    photo.stream_dict.update({})
    photo.Type, photo.Subtype, photo.Width, photo.Height = pikepdf.Name.XObject, pikepdf.Name.Image, 60, 40
    photo.ColorSpace, photo.BitsPerComponent = pikepdf.Name.DeviceRGB, 8
    photo.write(picture(), filter=pikepdf.Name.DCTDecode)
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=document.make_indirect(photo)))
    page.obj.PieceInfo = pikepdf.Dictionary(App=pikepdf.Dictionary(Private=CANARY))
    held = io.BytesIO()
    document.save(held, encryption=pikepdf.Encryption(user=password, owner=password) if password else False)
    return held.getvalue()


def packed(entries: dict[str, str | bytes], *, stored: tuple[str, ...] = ()) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            made.writestr(name, content, zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED)
        made.comment = b""
    return held.getvalue()


def docx(**more: str | bytes) -> bytes:
    entries: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "word/document.xml": DOCUMENT,
        "word/_rels/document.xml.rels": RELATIONS,
        "word/media/image1.jpeg": picture(),
        "docProps/core.xml": f"<?xml version='1.0'?><a>{CANARY}</a>",
        "docProps/app.xml": f"<?xml version='1.0'?><a>{CANARY}</a>",
    }
    return packed(entries | more)


def odt(**more: str | bytes) -> bytes:
    entries: dict[str, str | bytes] = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": ODT_CONTENT,
        "meta.xml": f"<?xml version='1.0'?><a>{CANARY}</a>",
        "settings.xml": f"<?xml version='1.0'?><a>{CANARY}</a>",
        "Thumbnails/thumbnail.png": picture("PNG"),
        "META-INF/manifest.xml": ODT_MANIFEST,
    }
    return packed(entries | more, stored=("mimetype",))


def zip_bomb() -> bytes:
    """A letter of some kilobytes that unpacks to more than a disk wants."""
    return docx(**{"word/big.xml": b"<a>" + b" " * 150_000_000 + b"</a>"})


def lying_zip() -> bytes:
    """A letter whose directory says that an entry is small, and the entry is not."""
    data = bytearray(docx(**{"word/zz.xml": b"A" * 3_000_000}))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(data)
