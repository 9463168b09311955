"""A bounded number of costly computations at once, a bounded queue before them, and a clear refusal beyond.

Each Argon2 computation takes 19 MiB and a processor core; a flood of codes must neither exhaust the machine nor stop other
pages. Per process, shared by its threads.

The computations run in threads of their own, as many as there are places. The C library keeps what a thread has freed for that
thread: computed in the threads that serve requests, each of them would hold 19 MiB for good (measured: tests, "under load").
"""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from rainbowrail.crypto.errors import Busy

# Together fewer than the 8 threads of a web process: however many codes are typed, other pages are still answered.
AT_ONCE = 2
QUEUE = 3
PATIENCE_SECONDS = 10.0


class Pool:
    """Places for `at_once` computations; `queue` more may wait for up to `patience` seconds."""

    def __init__(self, at_once: int = AT_ONCE, queue: int = QUEUE, patience: float = PATIENCE_SECONDS) -> None:
        self.at_once = at_once
        self.queue = queue
        self.patience = patience
        self._places = threading.BoundedSemaphore(self.at_once)
        self._lock = threading.Lock()
        self._waiting = 0
        self._begin_threads()
        # A child made by fork has none of its parent's threads.
        os.register_at_fork(after_in_child=self._begin_threads)

    def _begin_threads(self) -> None:
        self._threads = ThreadPoolExecutor(self.at_once, thread_name_prefix="costly")

    def compute[Result](self, costly: Callable[[], Result]) -> Result:
        """Return what `costly` returns, computed in a place. Raises Busy as `place` does."""
        with self.place():
            return self._threads.submit(costly).result()

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
