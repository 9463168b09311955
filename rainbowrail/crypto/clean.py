"""Clean copies: a limited process opens the file, so that ours never does (docs/decisions/0049).

The process is a fresh Python without our environment, keys, modules or working folder. It gets the bytes through a pipe and
answers through a pipe; it has no network, cannot open a file, and is stopped when it takes too long, too much memory or too
much room. Both directions are read and written in pieces, so that our own memory stays flat.
"""

import importlib.util
import json
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

from rainbowrail.crypto.cleaner.reasons import NotCleaned, Reason
from rainbowrail.crypto.file_kinds import CLEANED, FileKind, name_fits

MOST_BYTES = 50 * 1024 * 1024
MOST_BYTES_OUT = 100 * 1024 * 1024
SECONDS = 120
PIECE = 256 * 1024
HEADER_MOST = 200
# Where the parsers are: found without loading them.
PARSERS = ("PIL", "pikepdf", "pillow_heif")
PROGRAM = "import sys; sys.path.extend(sys.argv[1:]); from cleaner.main import main; main()"

__all__ = ["MOST_BYTES", "CleanCopy", "NotCleaned", "Reason", "make"]


@dataclass(frozen=True, slots=True)
class CleanCopy:
    """A clean copy on its way: its kind, and its bytes, to be read once and to the end."""

    kind: FileKind
    pieces: Iterator[bytes]


@contextmanager
def make(pieces: Iterable[bytes], *, kind: FileKind, name: str = "", length: int = 0) -> Iterator[CleanCopy]:
    """Give a clean copy of a file of this kind, for the length of a `with` block; the process ends with the block.

    Raises NotCleaned with its reason: before anything is started for a kind we do not clean, a name of another kind or more
    than MOST_BYTES; afterwards for what the limited process says, or when it is stopped, also while the copy is being read.
    """
    if kind not in CLEANED:
        raise NotCleaned(Reason.NOT_A_KIND)
    if not name_fits(name, kind):
        raise NotCleaned(Reason.WRONG_NAME)
    if length > MOST_BYTES:
        raise NotCleaned(Reason.TOO_LARGE)
    with _limited_process() as child:
        watch = threading.Timer(SECONDS, child.process.kill)
        watch.start()
        try:
            child.give(json.dumps({"kind": kind.value}).encode() + b"\n", pieces)
            yield CleanCopy(child.answered_kind(), child.copy())
        finally:
            watch.cancel()


@dataclass(frozen=True, slots=True)
class _Child:
    process: subprocess.Popen[bytes]
    source: IO[bytes]
    target: IO[bytes]

    def give(self, header: bytes, pieces: Iterable[bytes]) -> None:
        """Write the file into the pipe. A process that ended early says why in its answer."""
        with suppress(BrokenPipeError):
            self.target.write(header)
            for piece in pieces:
                self.target.write(piece)
        with suppress(BrokenPipeError):
            self.target.close()

    def answered_kind(self) -> FileKind:
        """Return the kind of the copy that follows. What a process says that was taken over is believed no further than
        this."""
        try:
            answer = json.loads(self.source.readline(HEADER_MOST))
            if "refused" in answer:
                raise NotCleaned(Reason(answer["refused"]))
            return FileKind(answer["kind"])
        except (ValueError, KeyError, TypeError):
            raise NotCleaned(self._why_it_ended()) from None

    def copy(self) -> Iterator[bytes]:
        """Yield the copy. Raises NotCleaned when there is too much of it, or when the process did not end well."""
        total = 0
        while piece := self.source.read(PIECE):
            total += len(piece)
            if total > MOST_BYTES_OUT:
                raise NotCleaned(Reason.BOMB)
            yield piece
        if self.process.wait() != 0 or not total:
            raise NotCleaned(self._why_it_ended())

    def _why_it_ended(self) -> Reason:
        """Stopped by a signal: by its own clock or by ours. Anything else: the file broke the parser."""
        return Reason.TOO_SLOW if self.process.wait() < 0 else Reason.BROKEN


@contextmanager
def _limited_process() -> Iterator[_Child]:
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", "-B", "-c", PROGRAM, *_paths()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
        close_fds=True,
        start_new_session=True,
    )
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("The cleaning process has no pipes.")
    try:
        yield _Child(process, process.stdout, process.stdin)
    finally:
        process.kill()
        with suppress(BrokenPipeError):
            process.stdin.close()
        process.stdout.close()
        process.wait()


@cache
def _paths() -> list[str]:
    """Return the folders the process may import from: ours with the package `cleaner`, and those of the parsers."""
    found = [str(Path(__file__).parent)]
    for name in PARSERS:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None:
            found.append(str(Path(spec.origin).parent.parent))
    return list(dict.fromkeys(found))
