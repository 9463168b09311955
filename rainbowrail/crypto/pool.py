"""A bounded number of costly computations at once, a bounded queue before them, and a clear refusal beyond.

Each Argon2 computation takes 19 MiB and a processor core; a flood of codes must neither exhaust the machine nor stop other
pages. Per process, shared by its threads.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rainbowrail.crypto.errors import Busy


class Pool:
    """Places for `at_once` computations; `queue` more may wait for up to `patience` seconds."""

    def __init__(self, at_once: int | None = None, queue: int = 16, patience: float = 10.0) -> None:
        self.at_once = at_once or max(1, min(4, os.cpu_count() or 1))
        self.queue = queue
        self.patience = patience
        self._places = threading.BoundedSemaphore(self.at_once)
        self._lock = threading.Lock()
        self._waiting = 0

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place inside the block. Raises Busy at once when the queue is full, or after `patience` seconds in it."""
        self._take()
        try:
            yield
        finally:
            self._places.release()

    def _take(self) -> None:
        if self._places.acquire(blocking=False):
            return
        with self._lock:
            if self._waiting >= self.queue:
                raise Busy("Too many return codes are being checked; try again in a minute.")
            self._waiting += 1
        try:
            if not self._places.acquire(timeout=self.patience):
                raise Busy("Too many return codes are being checked; try again in a minute.")
        finally:
            with self._lock:
                self._waiting -= 1
