"""The one file an office gets.

A zip of paper, machine copy and signed manifest, made in memory, with nothing in it that tells where or when.

An office opens it with what it has (age, GnuPG, an S/MIME program, or 7-Zip with a passphrase), then with any unzip. How to
check the signature stands in READ-ME.txt, with the commands.
"""

import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from rainbowrail.crypto import sign
from rainbowrail.crypto.recipients import sealer
from rainbowrail.crypto.recipients.base import KeyRefused, KindNotInstalled, RecipientKind
from referrals.exports.base import CannotBuild, ExportedFile, Exporter
from referrals.exports.json import JsonExporter, canonical
from referrals.exports.pdf import PdfExporter
from referrals.packet import Packet

MANIFEST_SCHEMA = "rainbowrail.manifest"
MANIFEST_VERSION = "1.0"
EXPORTERS: dict[str, Exporter] = {exporter.format: exporter for exporter in (PdfExporter(), JsonExporter())}
NEUTRAL_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedFile:
    """The sealed file and its fingerprints: SHA-256 in hex of the file, and of the manifest inside."""

    data: bytes
    sha256: str
    manifest_sha256: str


def seal_packet(packet: Packet, *, formats: Sequence[str], kind: RecipientKind, key: str) -> SealedFile:
    """Make the file for one official. Nothing is written to a disk; only the holder of the private key opens it.

    `key` is the official's public key or, for an archive, a passphrase from `archive.make_passphrase`.

    Raises CannotBuild("pdf") when the paper cannot be set, CannotBuild("key") when the key must not be sealed to, and
    KeyNotHeld in a process that does not hold the signing key: the worker alone does.
    """
    files = [EXPORTERS[name].export(packet) for name in formats]
    manifest = canonical(_manifest(packet, files))
    opened = _zip(
        [
            ExportedFile(name="READ-ME.txt", media_type="text/plain", data=_read_me(packet).encode()),
            *files,
            ExportedFile(name="manifest.json", media_type="application/json", data=manifest),
            ExportedFile(name="manifest.sig", media_type="application/octet-stream", data=sign.sign(manifest)),
            ExportedFile(name="signing-key.pem", media_type="application/x-pem-file", data=sign.public_key_pem()),
        ]
    )
    try:
        data = sealer(kind).seal(opened, key).data
    except (KeyRefused, KindNotInstalled):
        raise CannotBuild("key") from None
    return SealedFile(data=data, sha256=hashlib.sha256(data).hexdigest(), manifest_sha256=hashlib.sha256(manifest).hexdigest())


def _manifest(packet: Packet, files: Sequence[ExportedFile]) -> dict[str, object]:
    return {
        "schema": MANIFEST_SCHEMA,
        "schema_version": MANIFEST_VERSION,
        "packet": {"id": packet.packet_id, "version": packet.version, "made_on": packet.made_on.isoformat()},
        "programme": {"id": packet.programme, "edition": packet.edition},
        "addressee": packet.addressee,
        "files": [
            {
                "name": file.name,
                "media_type": file.media_type,
                "size": len(file.data),
                "sha256": hashlib.sha256(file.data).hexdigest(),
            }
            for file in files
        ],
        "signature": {
            "algorithm": "Ed25519",
            "file": "manifest.sig",
            "key": "signing-key.pem",
            "key_sha256": hashlib.sha256(sign.public_key_pem()).hexdigest(),
        },
    }


def _zip(files: Sequence[ExportedFile]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            entry = zipfile.ZipInfo(file.name, date_time=NEUTRAL_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(entry, file.data)
    return target.getvalue()


def _read_me(packet: Packet) -> str:
    lines = [
        f"{packet.packet_id}, {_('version')} {packet.version}",
        "",
        _("packet.pdf is the document to read. packet.json holds the same words for your systems."),
        _("How to handle both stands on the first page."),
        "",
        _("To check that nothing was changed and who signed:"),
        "",
        "  openssl pkeyutl -verify -pubin -inkey signing-key.pem -rawin -in manifest.json -sigfile manifest.sig",
        "  sha256sum packet.pdf packet.json",
        "",
        _("The second command must print the sums that stand in manifest.json."),
        _("Compare the sum of signing-key.pem with the one we gave you by telephone or in person, once:"),
        "",
        f"  {hashlib.sha256(sign.public_key_pem()).hexdigest()}",
        "",
    ]
    return "\n".join(lines)
