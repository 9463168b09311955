"""A flood of return codes: memory stays bounded, who finds no room is told so at once, and everybody else is served."""

import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from rainbowrail.crypto import return_code
from rainbowrail.crypto.errors import Busy
from rainbowrail.crypto.pool import AT_ONCE, QUEUE, Pool

MIB = 1024 * 1024
FLOOD = 60


def resident() -> int:
    """Return how much memory this process has now, in bytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads the memory of the process as Linux tells it")
def test_a_flood_takes_the_memory_of_the_pool_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(return_code, "pool", Pool(patience=60))
    code = return_code.make()
    expected = return_code.derive(code).locator_hash
    before, most = resident(), 0
    outcomes: Counter[str] = Counter()
    refused_after: list[float] = []
    start, lock = threading.Barrier(FLOOD + 1), threading.Lock()

    def come() -> None:
        start.wait(60)
        began = time.monotonic()
        try:
            right = return_code.derive(code).locator_hash == expected
        except Busy:
            with lock:
                outcomes["busy"] += 1
                refused_after.append(time.monotonic() - began)
        else:
            with lock:
                outcomes["served" if right else "wrong"] += 1

    threads = [threading.Thread(target=come) for _ in range(FLOOD)]
    for thread in threads:
        thread.start()
    before = resident()  # the threads themselves are not what is measured
    start.wait(60)
    while any(thread.is_alive() for thread in threads):
        most = max(most, resident())
        time.sleep(0.002)

    assert outcomes["served"] + outcomes["busy"] == FLOOD
    assert outcomes["wrong"] == 0
    assert outcomes["served"] >= AT_ONCE + QUEUE
    assert outcomes["busy"] > 0
    # Without the pool it would be 60 times 19 MiB. The slack is for threads and what Python keeps.
    assert most - before < AT_ONCE * return_code.MEMORY_KIB * 1024 + 32 * MIB
    # Who finds the queue full does not wait for anything.
    assert sorted(refused_after)[len(refused_after) // 2] < 5
    with return_code.pool.place():
        assert return_code.pool._waiting == 0
