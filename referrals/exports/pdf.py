"""The paper: a tagged PDF (PDF/UA-1) set by Typst from the same data as the machine copy.

The packet goes in as one JSON string and stays text: whatever a person wrote cannot become markup. Template and fonts are read
from the repository, everything private stays in memory, the network and the machine's own fonts are not used. Decision:
docs/decisions/0061.
"""

import hashlib
import json
from bisect import bisect_right
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils.translation import gettext as _

from referrals.exports.base import CannotBuild, ExportedFile
from referrals.exports.json import JsonExporter
from referrals.packet import Packet

RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "prs", "ps", "sd", "ug", "ur", "yi"})


class PdfExporter:
    format = "pdf"

    def export(self, packet: Packet) -> ExportedFile:
        """Return the paper; equal packets give equal bytes. Raises CannotBuild("pdf") when Typst or PDF/UA refuses."""
        try:
            data = typst.compile(
                _template(),
                format="pdf",
                font_paths=_fonts(),
                ignore_system_fonts=True,
                sys_inputs={"packet": json.dumps(_printable(page_data(packet)), ensure_ascii=False)},
                pdf_standards=["ua-1"],
                timestamp=int(datetime.combine(packet.made_on, time(), UTC).timestamp()),
            )
        except typst.TypstError:
            # Typst's message may quote the text it stumbled over: it goes nowhere.
            raise CannotBuild("pdf") from None
        return ExportedFile(name="packet.pdf", media_type="application/pdf", data=bytes(data))


def page_data(packet: Packet) -> dict[str, Any]:
    """Return what the template prints: the machine copy, each entry with its direction, and the words of the page furniture."""
    data: dict[str, Any] = packet.as_data()
    machine_copy = JsonExporter().export(packet).data
    prose = {(place, entry.key) for place, entry in packet.entries() if entry.is_prose}
    for place, entries in (("cover", data["cover"]), *((part["letter"], part["entries"]) for part in data["parts"])):
        for entry in entries:
            entry["prose"] = (place, entry["key"]) in prose
            entry["language"] = entry["language"].split("-")[0].lower()
            entry["direction"] = "rtl" if entry["language"] in RIGHT_TO_LEFT else "ltr"
    return {
        **data,
        "paper": packet.paper,
        "watermark": packet.watermark,
        "machine_copy_sha256": hashlib.sha256(machine_copy).hexdigest(),
        "words": {
            "confidential": _("Confidential"),
            "title": _("Document %(id)s") % {"id": packet.packet_id},
            "referral": _("Referral for resettlement"),
            "handling": _("How to handle this document"),
            "contents": _("Contents"),
            "part": _("Part"),
            "only_for": _("For %(addressee)s only") % {"addressee": packet.addressee},
            "page": _("Page"),
            "of": _("of"),
            "fingerprint": _("SHA-256 of packet.json, the machine copy of these pages"),
        },
    }


@cache
def _template() -> bytes:
    return (settings.BASE_DIR / "templates" / "exports" / "packet.typ").read_bytes()


@cache
def _fonts() -> Any:
    folder: Path = settings.BASE_DIR / "static" / "fonts"
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])


@cache
def _coverage() -> tuple[tuple[int, int], ...]:
    """The code points that the committed fonts can draw, as sorted ranges."""
    lines = (settings.BASE_DIR / "static" / "fonts" / "coverage.txt").read_text().splitlines()
    ranges = (line.split("-") for line in lines if line and not line.startswith("#"))
    return tuple((int(first, 16), int(rest[0] if rest else first, 16)) for first, *rest in ranges)


def _printable(value: Any) -> Any:
    """Return the data with each sign that no font can draw spelled as `[U+1F308]`.

    A reader sees that something stood there, and what.
    """
    if isinstance(value, str):
        return "".join(sign if _can_be_drawn(sign) else f"[U+{ord(sign):04X}]" for sign in value.replace("\r\n", "\n"))
    if isinstance(value, dict):
        return {key: _printable(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_printable(one) for one in value]
    return value


def _can_be_drawn(sign: str) -> bool:
    point = ord(sign)
    if sign == "\n":
        return True
    if point < 0x20 or 0x7F <= point < 0xA0:
        return False
    at = bisect_right(_coverage(), (point, 0x110000)) - 1
    return at >= 0 and _coverage()[at][0] <= point <= _coverage()[at][1]
