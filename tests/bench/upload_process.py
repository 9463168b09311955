"""A public web process that takes one upload: `python -m tests.bench.upload_process`, told by environment what and whose.

Prints JSON: by how many bytes the process grew while it read the form, at its widest, and how long that took. The body is made
while it is read, so that only the server's own memory is measured.
"""

import io
import json
import os
import threading
import time
from collections.abc import Iterator
from typing import Any

import django

PIECE = b"".join(bytes([value]) * 61 for value in range(32, 96)) * 16
BOUNDARY = "----one-border-between-fields"
FORM = "f" * 32


class Body(io.RawIOBase):
    """The form as it comes over the line: two fields, then a file of so many bytes of text."""

    def __init__(self, size: int) -> None:
        fields = "".join(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in (("csrfmiddlewaretoken", FORM), ("once", f"mark-{size}"))
        )
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n'
        )
        self._ends = [fields.encode() + head.encode(), f"\r\n--{BOUNDARY}--\r\n".encode()]
        self.length = sum(map(len, self._ends)) + size
        self._pieces = self._all(size)
        self._left = b""

    def _all(self, size: int) -> Iterator[bytes]:
        yield self._ends[0]
        while size > 0:
            yield PIECE[:size]
            size -= len(PIECE)
        yield self._ends[1]

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while len(self._left) < size and (piece := next(self._pieces, b"")):
            self._left += piece
        taken, self._left = self._left[:size], self._left[size:]
        return taken


def resident() -> int:
    with open("/proc/self/statm") as told:  # noqa: PTH123 - read some thousand times
        return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class Watch(threading.Thread):
    """Looks at the size of this process all the time."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most, self.over = 0, False

    def run(self) -> None:
        while not self.over:
            self.most = max(self.most, resident())
            time.sleep(0.002)


def main() -> None:
    django.setup()
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler
    from django.core.signing import TimestampSigner
    from django.db import connection
    from django.db.backends.signals import connection_created

    connection.settings_dict["NAME"] = os.environ["UPLOAD_DATABASE"]

    def as_public(connection: Any, **_: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE rainbowrail_public")

    connection_created.connect(as_public)
    handler = WSGIHandler()
    visit = TimestampSigner(salt="intake.visit").sign(os.environ["UPLOAD_SECRET"])

    def upload(size: int) -> int:
        body, statuses = Body(size), []
        environment = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/here/files",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "wsgi.url_scheme": "http",
            "wsgi.input": body,
            "wsgi.errors": io.StringIO(),
            "CONTENT_LENGTH": str(body.length),
            "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}",
            "HTTP_COOKIE": f"{settings.CSRF_COOKIE_NAME}={FORM}; {settings.VISIT_COOKIE_NAME}={visit}",
        }
        response = handler(environment, lambda status, headers: statuses.append(int(status[:3])))  # type: ignore[arg-type]
        b"".join(response)
        response.close()  # type: ignore[attr-defined]
        return statuses[0]

    upload(1000)  # what a first request loads is not the upload's
    before, watch, start = resident(), Watch(), time.perf_counter()
    watch.start()
    status = upload(int(os.environ["UPLOAD_BYTES"]))
    seconds, watch.over = time.perf_counter() - start, True
    print(json.dumps({"status": status, "grew": watch.most - before, "seconds": seconds}))  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
