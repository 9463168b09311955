"""The machine copy: canonical JSON, so that equal packets are equal bytes and a hash means something.

Canonical: UTF-8, keys sorted, no white space between signs, non-ASCII as it is written, one newline at the end. The schema is
`templates/exports/packet-1.0.schema.json`; a change that an old reader would misunderstand takes a new major number.
"""

import json

from referrals.exports.base import ExportedFile
from referrals.packet import Packet


class JsonExporter:
    format = "json"

    def export(self, packet: Packet) -> ExportedFile:
        """Return the machine copy."""
        return ExportedFile(name="packet.json", media_type="application/json", data=canonical(packet.as_data()))


def canonical(data: object) -> bytes:
    """Return data as canonical JSON bytes. Raises ValueError for a number that JSON does not have."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"
