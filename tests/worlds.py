"""The whole system, running, for journeys in a browser: real servers, worker, clock and two doors, in a folder of its own.

One world serves every journey of a test process; the group `journeys` keeps them in one process. Its staff, its official and
two applicants are the demo's (`seed_demo --cases 0`). Its log level is DEBUG, so that what a careless line would tell can be
searched for.
"""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import LiteralString
from urllib.parse import urlsplit

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, expect

from rainbowrail.devtools import logins
from rainbowrail.devtools.world import ROOT, World

SMALL_PHONE, PHONE, DESK = {"width": 320, "height": 640}, {"width": 375, "height": 740}, {"width": 1280, "height": 900}
MOST_SECONDS = 600
PATIENCE_MS = 20_000  # for one page, on a machine that does other things too
expect.set_options(timeout=PATIENCE_MS)

type OpenBrowser = Callable[..., BrowserContext]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark whatever needs the world as a journey, and keep all of it in one test process."""
    for item in items:
        if "running" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.xdist_group("journeys"))
            item.add_marker(pytest.mark.timeout(MOST_SECONDS))


@dataclass(frozen=True)
class Running:
    """A world that runs, and what a person needs to play its people."""

    world: World
    password: str
    official_secret: str

    @property
    def public(self) -> str:
        return self.world.public_url

    @property
    def staff(self) -> str:
        return self.world.staff_url

    def rows(self, query: LiteralString, *values: object, role: str = logins.ADMIN) -> list[tuple[object, ...]]:
        """Ask the database as one of its roles; the administrator is bound by no policy."""
        with psycopg.connect(self.world.access.database_url(role), autocommit=True) as connection:
            return connection.execute(query, values or None).fetchall()

    def count(self, query: LiteralString, *values: object) -> int:
        ((number,),) = self.rows(query, *values)
        assert isinstance(number, int)
        return number

    def waiting(self) -> int:
        """Return how many deliveries were not opened yet."""
        return self.count("SELECT count(*) FROM intake_delivery WHERE state = 'waiting'")


@pytest.fixture(scope="session")
def running() -> Iterator[Running]:
    """Bring up a fresh world, stopped after the last journey; its logs are kept to be read."""
    folder = ROOT / ".run" / "test" / f"journeys-{os.environ['RAINBOWRAIL_TEST_SLOT']}"
    temporary = folder / "tmp"  # a folder of their own, so that what they leave there can be looked at
    temporary.mkdir(parents=True, exist_ok=True)
    told = {"RAINBOWRAIL_LOG_LEVEL": "DEBUG", "TMPDIR": str(temporary)}
    with World(folder, seed=["--cases", "0"], fresh=True, hasty=True, extra=told) as world:
        seeded = (world.folder / "seeded.txt").read_text()
        yield Running(world, found(r"with the password (\S+)", seeded), found(r"(AGE-SECRET-KEY-\S+)", seeded))


@pytest.fixture
def open_browser(browser: Browser, running: Running) -> Iterator[OpenBrowser]:
    """Return a function that opens a new browser, without any memory: `open_browser(width=320, java_script_enabled=False)`.

    Whatever one of its pages complains of (a script, our content policy) fails the test, and so does any request that leaves
    the two doors.
    """
    doors = {urlsplit(running.public).netloc, urlsplit(running.staff).netloc}
    opened: list[BrowserContext] = []
    complaints: list[str] = []

    def hear(said: ConsoleMessage) -> None:
        # A refusal that the test asked for (4xx) is told in the console too, and is no fault of the page.
        if said.type == "error" and not said.text.startswith("Failed to load resource"):
            complaints.append(said.text)

    def strange(url: str) -> list[str]:
        return [] if urlsplit(url).netloc in doors or not url.startswith("http") else [f"asks {url}"]

    def open_one(viewport: dict[str, int] = PHONE, **options: object) -> BrowserContext:
        context = browser.new_context(viewport=viewport, locale="en", **options)  # type: ignore[arg-type]
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("console", hear)
        context.on("request", lambda request: complaints.extend(strange(request.url)))
        context.set_default_timeout(PATIENCE_MS)
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()
    assert complaints == []


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match, f"nothing like {pattern} in what seed_demo said"
    return match[1]
