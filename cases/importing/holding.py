"""Holds the file of a partner in memory while its page handles it: the one page of the staff door that takes a file."""

from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopFutureHandlers
from django.http import HttpRequest, HttpResponseBase

from cases.importing.reading import MOST_BYTES


def takes_partner_file(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Mark a page that takes one file of a partner."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    wrapped.takes_partner_file = True  # type: ignore[attr-defined]
    return wrapped


class HoldPartnerFile(FileUploadHandler):
    """Keeps at most one byte more than may be; what is larger is read to its end and forgotten. Nothing touches a disk."""

    _held: bytearray | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        if self._held is not None:
            raise SkipFile  # a form has one; it is read before anybody is asked who they are
        super().new_file(*args, **kwargs)
        match = getattr(self.request, "resolver_match", None)
        if match is not None and getattr(match.func, "takes_partner_file", False):
            self._held = bytearray()
            raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self._held is None:
            return raw_data
        self._held += raw_data[: MOST_BYTES + 1 - len(self._held)]
        return None

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        if self._held is None:
            return None
        return UploadedFile(BytesIO(bytes(self._held)), name="file", size=len(self._held))
