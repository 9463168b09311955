"""What the cleaning process may not do, closed in two steps: before the parsers load, and before the first hostile byte.

After `close()` the kernel gives this process no further file descriptor, so neither a file nor a socket can be opened, not by
Python nor by a library that was taken over; it may not grow, write files or start processes, and its time is counted. Where
the machine lets us, it lives in its own user and network namespace besides, without any privilege.
"""

import os
import resource
import sys
from contextlib import suppress
from typing import Any

MEMORY_BYTES = 1536 * 1024 * 1024
CPU_SECONDS = 60
STANDARD_STREAMS = 3
REFUSED_EVENTS = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.system",
    "os.spawn",
    "ctypes.",
    "open",
    "import",
)


def leave_the_network() -> None:
    """Step into an empty network, and drop what privileges the starter had. Passed over where the machine forbids it."""
    with suppress(OSError, AttributeError):
        os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)  # type: ignore[attr-defined, unused-ignore]  # Linux
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_AS, MEMORY_BYTES)
    _limit(resource.RLIMIT_CPU, CPU_SECONDS)


def close() -> None:
    """From here on: no new file, no socket, no process, no further module."""
    _limit(resource.RLIMIT_NPROC, 0)
    _limit(resource.RLIMIT_NOFILE, STANDARD_STREAMS)
    sys.addaudithook(_refuse)


def _limit(what: int, most: int) -> None:
    resource.setrlimit(what, (most, most))


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(REFUSED_EVENTS):
        raise PermissionError(f"The cleaning process does not do this: {event}.")
    return
