"""How long sealing takes, beside bare AES-GCM on the same bytes: what `manage.py bench` prints.

Each measurement runs in batches until `SECONDS` are over and tells the median batch, so that a busy machine disturbs little.
"""

import secrets
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from rainbowrail.crypto import aead, envelope, hpke, padding, return_code, visit_secret, wraps
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.files import PART_BYTES, Part, open_part, seal_part

SECONDS = 0.5
BATCH = 50
SIZES = (20, 500, 5000)


@dataclass(frozen=True)
class Measurement:
    """One line: what, microseconds each, and how often bare AES-GCM on the same padded bytes fits into that."""

    name: str
    microseconds: float
    ratio: float | None = None

    def __str__(self) -> str:
        ratio = f"{self.ratio:6.1f} × bare AES-GCM" if self.ratio else ""
        return f"{self.name:42} {self.microseconds:9.1f} µs {ratio}".rstrip()


def sealing() -> Iterator[Measurement]:
    """Measure fields, wraps, boxes and codes. Needs no database and no key file."""
    for size in SIZES:
        yield from _field(size)
    yield from _key_wraps()
    yield from _boxes()
    yield from _codes()
    yield from files(secrets.token_bytes(PART_BYTES))


def _field(size: int) -> Iterator[Measurement]:
    material, plaintext, row, key_id, nonce = (
        aead.new_key(),
        secrets.token_bytes(size),
        uuid4(),
        uuid4(),
        secrets.token_bytes(12),
    )
    where: dict[str, Any] = {"seal_id": "note.text.v1", "row_id": row, "data_key_id": key_id}
    padded, bare = padding.pad(plaintext), AESGCM(material)
    closed = bare.encrypt(nonce, padded, None)
    sealed = envelope.seal(material, plaintext, **where)
    bare_seal = _measure(lambda: bare.encrypt(nonce, padded, None))
    bare_open = _measure(lambda: bare.decrypt(nonce, closed, None))
    seal = _measure(lambda: envelope.seal(material, plaintext, **where))
    open_ = _measure(lambda: envelope.open_sealed(material, sealed, **where))
    yield Measurement(f"seal a field of {size} bytes", seal, seal / bare_seal)
    yield Measurement(f"open a field of {size} bytes", open_, open_ / bare_open)


def _key_wraps() -> Iterator[Measurement]:
    store_key, material, key_id, subject = aead.new_key(), aead.new_key(), uuid4(), uuid4()
    owner: dict[str, Any] = {"data_key_id": key_id, "subject_id": subject, "compartment": Compartment.STORY, "version": 1}
    wrapped = wraps.wrap(store_key, material, store_key_id=1, **owner)
    yield Measurement("wrap a data key", _measure(lambda: wraps.wrap(store_key, material, store_key_id=1, **owner)))
    yield Measurement("open a wrapped data key", _measure(lambda: wraps.unwrap(store_key, wrapped, store_key_id=1, **owner)))


def _boxes() -> Iterator[Measurement]:
    private, public = hpke.generate()
    payload = padding.pad(secrets.token_bytes(600))
    box = hpke.seal(public, payload, info=b"benchmark")
    yield Measurement("seal a box (once a request)", _measure(lambda: hpke.seal(public, payload, info=b"benchmark")))
    yield Measurement("open a box (once a request)", _measure(lambda: hpke.open_box(private, box, info=b"benchmark")))


def _codes() -> Iterator[Measurement]:
    secret = visit_secret.new()
    yield Measurement("hash a visit cookie", _measure(lambda: visit_secret.hash_of(secret)))
    yield Measurement(
        "stretch a return code (Argon2id)", _measure(lambda: return_code.stretch(return_code.make(), bytes(32)), batch=1)
    )


def files(content: bytes) -> Iterator[Measurement]:
    """Measure sealing and opening one part of a file (at most a MiB), beside bare AES-GCM on the same bytes."""
    file_id, bare, nonce = uuid4(), AESGCM(aead.new_key()), secrets.token_bytes(12)
    part = Part(uuid4(), 0, "last", aead.new_key())
    sealed, closed = seal_part(content, file_id=file_id, part=part), bare.encrypt(nonce, content, None)
    bare_seal = _measure(lambda: bare.encrypt(nonce, content, None), batch=5)
    bare_open = _measure(lambda: bare.decrypt(nonce, closed, None), batch=5)
    seal = _measure(lambda: seal_part(content, file_id=file_id, part=part), batch=5)
    open_ = _measure(lambda: open_part(sealed, file_id=file_id, part=part), batch=5)
    size = f"{len(content) / 2**20:g} MiB"
    yield Measurement(f"seal {size} of a file ({len(content) / seal:.0f} MB/s)", seal, seal / bare_seal)
    yield Measurement(f"open {size} of a file ({len(content) / open_:.0f} MB/s)", open_, open_ / bare_open)


def _measure(call: Callable[[], object], *, batch: int = BATCH) -> float:
    """Return microseconds a call, in the median batch."""
    call()
    took: list[float] = []
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end or not took:
        start = time.perf_counter()
        for _ in range(batch):
            call()
        took.append((time.perf_counter() - start) / batch)
    return statistics.median(took) * 1e6
