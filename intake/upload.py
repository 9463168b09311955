"""Reading a file from an applicant: sealed while it is read, part by part; neither memory nor disk ever holds it whole.

`SealWhileReading` is the only upload handler of the public door. It takes a file on pages that say `@takes_files`, from
browsers with a live session, and passes over every other file without keeping a byte. `read_piece` does the same for the raw
pieces that the script sends. What came in is an `Upload`; the page delivers it (`intake.file_actions`), and parts that are
never delivered expire.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseBase

from intake import access, limiter
from intake.access import SessionEnded
from intake.part_store import store
from rainbowrail.crypto import visit_secret
from rainbowrail.crypto.errors import CryptoError
from rainbowrail.crypto.file_kinds import HEAD_BYTES, FileKind, Refusal, kind_of, refusal_of
from rainbowrail.crypto.files import PART_BYTES, Part, Sealer
from rainbowrail.crypto.grants import set_visitor

MOST_BYTES = 250 * 1024 * 1024
MOST_PIECES = MOST_BYTES // PART_BYTES
NAME_MOST = 200
# A part is a MiB: a browser on a very good line sends two a second, all browsers together some GiB a minute.
PARTS_OF_ONE = limiter.Budget("file-of-one", a_minute=240, alone=240)
PARTS_OF_ALL = limiter.Budget("file", a_minute=4_000, alone=1_000)


class NotTaken(StrEnum):
    """Why a file was not taken, besides its kind (`Refusal`)."""

    TOO_LARGE = "too_large"
    SECOND_FILE = "second_file"
    TOO_FAST = "too_fast"
    CUT = "cut"


@dataclass(slots=True)
class Upload:
    """What came in: sealed parts and the key that opens them, never the bytes. Lives as long as the request."""

    file_id: UUID
    name: str = field(default="", repr=False)
    declared: str = field(default="", repr=False)
    kind: FileKind | None = None
    length: int | None = None
    parts: list[Part] = field(default_factory=list)
    refusal: Refusal | NotTaken | None = None


class SealedFileInForm(UploadedFile):  # type: ignore[type-arg, unused-ignore]  # it holds no file of any type
    """Stands in `request.FILES` for a file that was sealed; it has a name and a size, and nothing to read."""

    def __init__(self, upload: Upload) -> None:
        super().__init__(file=None, name="file", content_type="application/octet-stream", size=upload.length, charset=None)
        self.upload = upload


class _Reader:
    """Takes bytes of one file: looks at the first ones, seals all, stores part by part."""

    def __init__(self, upload: Upload, *, visit_hash: str, begin_at: int = 0) -> None:
        self.upload = upload
        self._visit_hash = visit_hash
        self._sealer = Sealer(upload.file_id, self._keep, begin_at=begin_at)
        self._head: bytearray | None = bytearray() if begin_at == 0 else None

    def take(self, data: bytes) -> bool:
        """Take the next bytes; False when the file is refused, and then nothing more of it is wanted."""
        if self._sealer.length + len(data) > MOST_BYTES:
            self.upload.refusal = NotTaken.TOO_LARGE
        elif self._head is None:
            self._sealer.write(data)
        else:
            self._head += data
            if len(self._head) >= HEAD_BYTES:
                self._look()
        return self.upload.refusal is None

    def end(self, *, is_last: bool = True) -> None:
        """Seal the rest. Sets what is known of the upload, or its refusal. Raises ValueError for a piece of a wrong size."""
        if self._head is not None:
            self._look()
        if self.upload.refusal is None:
            self._sealer.finish(is_last=is_last)
        if self.upload.refusal is None:
            self.upload.parts = self._sealer.parts
            self.upload.length = self._sealer.length if is_last else None

    def _look(self) -> None:
        head, self._head = bytes(self._head or b""), None
        self.upload.refusal = refusal_of(head[:HEAD_BYTES])
        if self.upload.refusal is None:
            self.upload.kind = kind_of(head[:HEAD_BYTES])
            self._sealer.write(head)

    def _keep(self, part_id: UUID, number: int, sealed: bytes) -> None:
        if not (limiter.allows(PARTS_OF_ONE, visitor=self._visit_hash) and limiter.allows(PARTS_OF_ALL)):
            self.upload.refusal = NotTaken.TOO_FAST
        if self.upload.refusal is not None:
            return
        with transaction.atomic():
            set_visitor(visit_hash=self._visit_hash)
            store().keep(self.upload.file_id, part_id, number, sealed)
        if not connection.in_atomic_block:
            connection.close()  # back into the pool: the next part may take minutes to come


class SealWhileReading(FileUploadHandler):
    """Django's hook: called with each chunk of a form's file as the body is read."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        self._visit_hash = _visitor_who_may_send(self.request) if _takes_files(self.request) else None
        self._reader: _Reader | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self._visit_hash is None:
            raise SkipFile
        if self._reader is not None:
            self._reader.upload.refusal = NotTaken.SECOND_FILE
            raise SkipFile
        upload = Upload(uuid.uuid4(), (self.file_name or "")[-NAME_MOST:], (self.content_type or "")[:100])
        self.request.upload = upload  # type: ignore[union-attr]  # read back by upload_of
        self._reader = _Reader(upload, visit_hash=self._visit_hash)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self._reader is None or not self._reader.take(raw_data):
            raise SkipFile

    def file_complete(self, file_size: int) -> SealedFileInForm | None:
        if self._reader is None:
            return None
        self._reader.end()
        return None if self._reader.upload.refusal else SealedFileInForm(self._reader.upload)


class RefuseFiles(FileUploadHandler):
    """For the staff door, which takes no files: each is passed over unread."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None


def takes_files(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Mark a page whose form may bring a file, and read the form before the page opens its transaction.

    A form whose connection broke off looks whole to Django, with a short file in it: it is told apart by its length.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        len(request.POST)
        upload = upload_of(request)
        if upload is not None and not _came_whole(request):
            upload.refusal = NotTaken.CUT
        return view(request, *args, **kwargs)

    wrapped.takes_files = True  # type: ignore[attr-defined]
    return wrapped


def upload_of(request: HttpRequest) -> Upload | None:
    """Return what this form brought; None for a form without a file."""
    return getattr(request, "upload", None)


def read_piece(request: HttpRequest, *, file_id: UUID, number: int, is_last: bool) -> Upload | None:
    """Seal the raw body of a request as parts of a file, from part `number` on; None without a live session.

    Raises ValueError for a piece that is empty, too large, or not on a border. A piece has at most PART_BYTES.
    """
    visit_hash = _visitor_who_may_send(request)
    if visit_hash is None:
        return None
    if not 0 <= number < MOST_PIECES:
        raise ValueError("There is no such piece.")
    upload = Upload(file_id)
    reader = _Reader(upload, visit_hash=visit_hash, begin_at=number)
    body = request.read(PART_BYTES + 1)
    if not body or len(body) > PART_BYTES or str(len(body)) != request.headers.get("content-length"):
        raise ValueError(f"A piece has 1 to {PART_BYTES} bytes, and as many as it says.")
    if reader.take(body):
        reader.end(is_last=is_last)
    return upload


def _came_whole(request: HttpRequest) -> bool:
    """Whether as many bytes came as the browser had announced. Only the stream under the request knows; one of another make
    is believed."""
    stream = getattr(request, "_stream", None)
    read, announced = getattr(stream, "_pos", None), getattr(stream, "limit", None)
    return read is None or announced is None or read >= announced


def _takes_files(request: HttpRequest | None) -> bool:
    match = getattr(request, "resolver_match", None)
    return match is not None and getattr(match.func, "takes_files", False)


def _visitor_who_may_send(request: HttpRequest | None) -> str | None:
    """Return the visit hash of a browser with a live session, None for everybody else. One short transaction."""
    if request is None:
        return None
    try:
        secret = access.secret_in(request)
        if secret is None:
            return None
        with transaction.atomic():
            is_live = access.find_visit(secret, lock=False) is not None
    except (SessionEnded, CryptoError):
        return None
    return visit_secret.hash_of(secret) if is_live else None
