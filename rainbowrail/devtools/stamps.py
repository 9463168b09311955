"""Remembers what something was made from, so that it is made again only when that changed."""

import hashlib
from collections.abc import Sequence
from pathlib import Path


class Stamp:
    """A file that holds a digest of names, sizes and times of everything below `sources`."""

    def __init__(self, path: Path, sources: Sequence[Path]) -> None:
        self.path, self.sources = path, sources

    def holds(self) -> bool:
        """Say whether nothing changed since `set`."""
        return self.path.exists() and self.path.read_text() == self._digest()

    def set(self) -> None:
        self.path.write_text(self._digest())

    def _digest(self) -> str:
        digest = hashlib.sha256()
        for source in self.sources:
            for path in sorted([source, *source.rglob("*")] if source.is_dir() else [source]):
                about = path.stat() if path.exists() else None
                digest.update(f"{path}\0{about and about.st_size}\0{about and about.st_mtime_ns}\n".encode())
        return digest.hexdigest()
