"""What applicants send, closed to the intake key: sealed by the public process, opened by the worker alone.

    version 1 byte 0x01, then the HPKE box (`hpke`) of the padded payload

The box is bound, through `info`, to the suite, the intake key, the delivery, the subject and its place in the subject's
sequence; a box copied onto another delivery does not open. It is sealed to the newest pair that is pinned in this process's
own folder *and* that the database says is registered under the same fingerprint and not retired: whoever writes to the
database cannot slip in a key of their own.

Importing this module tries the hybrid once, so that a process which cannot seal does not start.
"""

from collections.abc import Callable
from uuid import UUID

from rainbowrail.crypto import hpke, keyring, late_writers
from rainbowrail.crypto.encoding import encode
from rainbowrail.crypto.errors import KeyMissing, KeyNotHeld, OpenFailed, UnknownVersion
from rainbowrail.crypto.models import IntakeKey
from rainbowrail.crypto.padding import pad, unpad
from rainbowrail.crypto.sources.files import Kind

hpke.require()

VERSION = 1


def seal_box(payload: bytes, *, delivery_id: UUID, subject_id: UUID, sequence: int) -> tuple[str, bytes]:
    """Return the id of the intake key and the box. Costs one query. Raises KeyNotHeld or KeyMissing without a usable public
    key."""
    pinned = _current_pinned()
    info = _info(pinned.id, delivery_id, subject_id, sequence)
    return pinned.id, bytes([VERSION]) + hpke.seal(pinned.public, pad(payload), info=info)


def write_box[Written](
    payload: bytes, write: Callable[[str, bytes], Written], *, delivery_id: UUID, subject_id: UUID, sequence: int
) -> Written:
    """Seal a box, have `write(intake key id, box)` write the row that names the key, and return what it returns.

    When the pair is destroyed between the two, the database refuses the row; the box is then sealed again, to the pair that
    counts now. Raises as `seal_box` does.
    """

    def attempt() -> Written:
        return write(*seal_box(payload, delivery_id=delivery_id, subject_id=subject_id, sequence=sequence))

    return late_writers.close_and_write(attempt)


def open_box(box: bytes, *, intake_key_id: str, delivery_id: UUID, subject_id: UUID, sequence: int) -> bytes:
    """Return the payload. Raises KeyNotHeld outside the worker, KeyMissing, UnknownVersion, OpenFailed."""
    private = keyring.secret(Kind.INTAKE, intake_key_id)
    if not box:
        raise OpenFailed("A box is empty.")
    if box[0] != VERSION:
        raise UnknownVersion(f"A box says format {box[0]}; this code knows format {VERSION}.")
    return unpad(hpke.open_box(private, box[1:], info=_info(intake_key_id, delivery_id, subject_id, sequence)))


def _info(intake_key_id: str, delivery_id: UUID, subject_id: UUID, sequence: int) -> bytes:
    return encode("rainbowrail delivery", VERSION, hpke.SUITE_NAME, intake_key_id, delivery_id, subject_id, sequence)


def _current_pinned() -> keyring.PinnedKey:
    for attempt in (keyring.current, keyring.reload):
        pinned = attempt().pinned
        if not pinned:
            raise KeyNotHeld("No public intake key is pinned in this process's folder; copy the intake-*.pub files into it.")
        counting = IntakeKey.objects.filter(retired_on=None, id__in=pinned).order_by("-created_on", "-id")
        for key_id, fingerprint in counting.values_list("id", "fingerprint"):
            if pinned[key_id].fingerprint == fingerprint:
                return pinned[key_id]
    raise KeyMissing("No pinned intake key is registered and unretired; run `manage.py keys register`, or pin the new pair.")
