"""What breaks, breaks without losing anybody: the worker dies, Redis is gone, and people go on sending."""

import os
import signal
import time
from collections.abc import Iterator

import pytest

from rainbowrail.devtools.child import Child
from rainbowrail.devtools.world import World
from tests.journeys.conftest import Ask
from tests.worlds import Running

PATIENCE = 90  # seconds for a process to come up again on a busy machine and find its work


@pytest.fixture
def world(running: Running) -> Iterator[World]:
    """The world with nothing left to do from earlier tests; whole again after the test whatever the test broke."""
    world = running.world
    watch_until_opened(running)
    yield world
    world.servers.valkey.start()
    world.access.open(fresh=False)
    for child in world.children.values():
        if child.has_died() or child.process is None:
            child.stop()
            child.start()


def kill(child: Child) -> None:
    """End a process and all it started, as a machine without memory does: no word, no time."""
    assert child.process
    os.killpg(child.process.pid, signal.SIGKILL)
    child.process.wait()


def watch_until_opened(running: Running) -> None:
    """Let the world restart what died, as `make run` does, until nothing waits."""
    ends = time.monotonic() + PATIENCE
    running.world.watch(until=lambda: running.waiting() == 0 or time.monotonic() > ends, every=0.2)
    assert running.waiting() == 0


def cases(running: Running) -> int:
    return running.count("SELECT count(*) FROM cases_case")


def test_a_worker_that_dies_between_sending_and_opening_loses_nobody(somebody: Ask, running: Running, world: World) -> None:
    before = cases(running)
    kill(world.children["worker"])

    somebody().sends_a_short_request(name="Sent while nobody worked")
    assert running.waiting() == 1
    assert cases(running) == before

    watch_until_opened(running)
    assert cases(running) == before + 1


def test_a_request_is_taken_while_redis_is_gone_and_opened_when_it_is_back(
    somebody: Ask, running: Running, world: World
) -> None:
    before = cases(running)
    world.servers.valkey.stop()

    somebody().sends_a_short_request(name="Sent without a queue")
    assert running.waiting() == 1

    world.servers.valkey.start()
    world.access.open(fresh=False)
    watch_until_opened(running)
    assert cases(running) == before + 1
