"""The journeys' own world: the real processes of the demo, empty at first, in a folder and on ports of their own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from rainbowrail.devtools.world import ROOT, World

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies here as a journey, and keep all journeys in one test process: they share one world."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.xdist_group("journeys"))
            item.add_marker(pytest.mark.timeout(240))


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    """A fresh world that runs while the journeys are told; stopped after them, its logs kept to be read."""
    slot = os.environ["RAINBOWRAIL_TEST_SLOT"]
    with World(ROOT / ".run" / "test" / f"journeys-{slot}", fresh=True, hasty=True) as world:
        yield world


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    """A visitor's browser: English, a phone's width is set by the journey that needs it."""
    return {**browser_context_args, "locale": "en", "viewport": {"width": 1024, "height": 900}}
