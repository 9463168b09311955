"""A long command that is asked to stop ends after the batch it is in, and says how to go on."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

type Asked = Callable[[], bool]


class Stopped(Exception):
    """Somebody pressed Ctrl-C or sent SIGTERM; everything done so far is kept."""


def never() -> bool:
    """Say that nobody asked: for callers that are not to be stopped."""
    return False


@contextmanager
def when_asked() -> Iterator[Asked]:
    """Give a function that says whether SIGINT or SIGTERM came meanwhile. For the main thread of a command."""
    came: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        came.append(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(came)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
