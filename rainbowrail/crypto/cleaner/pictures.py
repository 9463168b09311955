"""Pictures, drawn anew: decoded, turned the right way up, and encoded without anything that stood beside the pixels."""

import io
from typing import Any

from PIL import Image, ImageCms, ImageOps

from .reasons import NotCleaned, Reason

# Above it the picture is refused before one pixel is decoded; it bounds memory at some 4 bytes a pixel, three times over.
MOST_PIXELS = 64_000_000
MOST_SIDE = 30_000
# For each kind the decoders that may look at the bytes, and no others.
DECODERS = {
    "jpeg": ["JPEG", "MPO"], "png": ["PNG"], "gif": ["GIF"], "webp": ["WEBP"], "tiff": ["TIFF"], "heic": ["HEIF", "AVIF"],
}  # fmt: skip
KEEP_EXACT = {"png", "gif"}
QUALITY = 90


def prepare(kind: str) -> None:
    """Load every decoder now: later no file can be opened any more."""
    Image.init()
    Image.MAX_IMAGE_PIXELS = None  # we refuse by the size that the file states, and do not only warn
    if kind == "heic":
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False)
    ImageCms.createProfile("sRGB")
    # Pillow loads some things at their first use.
    small = Image.new("RGB", (8, 8))
    for name in ("JPEG", "PNG", "TIFF", "GIF", "WEBP"):
        held = io.BytesIO()
        small.save(held, name)
        ImageOps.exif_transpose(Image.open(io.BytesIO(held.getvalue()))).load()


def clean(data: bytes, kind: str) -> tuple[str, bytes]:
    """Return the kind of the clean copy ("jpeg" or "png") and its bytes. Raises NotCleaned."""
    picture = Image.open(io.BytesIO(data), formats=DECODERS[kind])
    width, height = picture.size
    if width * height > MOST_PIXELS or max(width, height) > MOST_SIDE or width * height == 0:
        raise NotCleaned(Reason.TOO_MANY_PIXELS)
    picture.seek(0)
    picture.load()
    upright = _in_common_colours(ImageOps.exif_transpose(picture))
    is_exact = kind in KEEP_EXACT or upright.mode == "RGBA"
    held = io.BytesIO()
    if is_exact:
        upright.save(held, "PNG")
        return "png", held.getvalue()
    upright.save(held, "JPEG", quality=QUALITY)
    return "jpeg", held.getvalue()


def strip_jpeg(data: bytes) -> bytes:
    """Return a JPEG stream without comments and application data (EXIF, GPS, XMP, thumbnails), its pixels untouched.

    For pictures inside PDF files. Kept: JFIF and Adobe's colour mark. Raises NotCleaned for what is no JPEG.
    """
    if not data.startswith(b"\xff\xd8"):
        raise NotCleaned(Reason.BROKEN)
    kept, at = [b"\xff\xd8"], 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise NotCleaned(Reason.BROKEN)
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xDA:
            end = data.rfind(b"\xff\xd9")
            return b"".join(kept) + data[at : end + 2 if end > at else len(data)]
        length = 2 + int.from_bytes(data[at + 2 : at + 4])
        # Application data 1 to 13 and 15, and comments.
        if not (0xE1 <= marker <= 0xED or marker in (0xEF, 0xFE)):
            kept.append(data[at : at + length])
        at += length
    raise NotCleaned(Reason.BROKEN)


def _in_common_colours(picture: Any) -> Any:
    """Return the picture in sRGB, grey or with transparency, with nothing beside its pixels."""
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "L", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            picture = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            pass  # a broken profile says nothing about colours
    has_holes = "A" in picture.getbands() or "transparency" in picture.info
    wanted = "RGBA" if has_holes else "L" if picture.mode in ("1", "L") else "RGB"
    plain = picture.convert(wanted) if picture.mode != wanted else picture.copy()
    plain.info.clear()
    return plain
