"""Static files as they are served: hashed names, compressed, and each door's stylesheet in one piece (decision 0030)."""

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

type Paths = dict[str, tuple[Storage, str]]

_IMPORT = re.compile(r'^@import url\("(?P<name>[^"]+)"\);$', re.MULTILINE)
_COMMENT = re.compile(r"/\*.*?\*/\n?", re.DOTALL)


class DoorStyles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Puts the files that a stylesheet imports into it, in order, when static files are collected.

    In development nothing is collected and the browser follows the imports itself, so both show the same.
    """

    support_js_module_import_aggregation = True

    def post_process(self, paths: Paths, dry_run: bool = False, **options: Any) -> Iterator[Any]:
        joined = InMemoryStorage()
        sheets = {}
        for name in paths:
            if name.endswith(".css") and _IMPORT.search(_read(paths, name)):
                whole = join(paths, name)
                joined.save(name, ContentFile(whole.encode()))
                sheets[name] = (joined, name)
                if not dry_run:  # the pages for errors name the file without its hash: one request for them, too
                    Path(self.path(name)).write_text(whole)
        yield from super().post_process({**paths, **sheets}, dry_run, **options)


def join(paths: Paths, name: str) -> str:
    """Return the stylesheet with each `@import url("…");` line replaced by that file, and without comments.

    Raises KeyError naming the file when an import names one that does not exist.
    """
    folder = posixpath.dirname(name)
    whole = _IMPORT.sub(lambda found: join(paths, posixpath.join(folder, found["name"])), _read(paths, name))
    return _COMMENT.sub("", whole)


def _read(paths: Paths, name: str) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        css: bytes = file.read()
    return css.decode()
