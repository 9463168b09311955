"""Every page of the public door, and how somebody comes to stand on it: for the table of pages and for pictures of them.

The addresses come from the door's own URL table: a new page fails the tests until it has a line in `WAYS`, or one in `NO_PAGES`
with the reason.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urljoin

import redis
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Browser, Page

from intake import flood
from intake.steps import STEPS
from rainbowrail.demo.cast import ADE
from rainbowrail.devtools import logins
from rainbowrail.devtools.errors import CannotRun
from rainbowrail.devtools.world import World

PUBLIC_URLS = "rainbowrail.urls.public"
# What ADE's answers, which are facts, are called on the forms that ask for days.
DAY_FIELDS = {
    "events": "trial",
    "trial": "9",
    "harm_days": "7",
    "nights": "4",
    "money": "5",
    "region": "Nairobi",
    "consent_read": "on",
}
IN_DESPAIR = {**ADE, "suicidality": "plan"}  # so that the page with what helps at once has all that it can have
SOMEBODY = "5f0c2f0e-6f2d-4c52-9a53-0d6f1c2b3a49"  # who is with the writer; the list of people draws such ids
A_QUESTION = re.compile(r"/here/[0-9a-f-]{36}$")
AN_OFFER = re.compile(r"/here/read/[0-9a-f-]{36}$")


class Who(StrEnum):
    """Whose browser shows a page."""

    STRANGER = "has nothing in the browser"
    WRITER = "has answered everything and has a code"
    SENDER = "has just sent"
    RETURNED = "came back with the code and finds a question"
    ASKED = "came back and is asked for consent"
    AGREED = "came back and has given consent"
    IN_LINE = "pressed Send while very many write, and waits"


# Whose code of the demo opens the pages of somebody who came back.
CODE_OF = {Who.RETURNED: "Ade", Who.ASKED: "Ima", Who.AGREED: "Sol"}


@dataclass(frozen=True, slots=True)
class Way:
    """Who sees a page, and its paths, each with a name. `pressed`: its form is sent as it stands, to show its mistakes."""

    who: Who
    paths: Mapping[str, str]
    pressed: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """One page as one person sees it."""

    name: str
    who: Who
    path: str
    pressed: bool = False


WAYS: dict[str, Way] = {
    "intake:start": Way(Who.STRANGER, {"start": "/"}),
    "intake:begin": Way(Who.STRANGER, {"begin": "/begin"}),
    "intake:safety": Way(Who.STRANGER, {"safety": "/more"}),
    "intake:language": Way(Who.STRANGER, {"languages": "/languages"}),
    "intake:leave": Way(Who.STRANGER, {"left": "/leave"}),
    "intake:back": Way(Who.STRANGER, {"back": "/back"}),
    "intake:step": Way(
        Who.WRITER, {f"step-{number:02}-{step.slug}": f"/form/{step.slug}" for number, step in enumerate(STEPS, 1)}
    ),
    "intake:change": Way(Who.WRITER, {"change": "/form/s05/again"}),
    "intake:person": Way(Who.WRITER, {f"person-{page}": f"/form/s33/{SOMEBODY}/{page}" for page in (1, 2, 3)}),
    "intake:person_again": Way(Who.WRITER, {"person-change": f"/form/s33/{SOMEBODY}/1/again"}),
    "intake:person_remove": Way(Who.WRITER, {"person-remove": f"/form/s33/{SOMEBODY}/off"}),
    "intake:person_remove_again": Way(Who.WRITER, {"person-remove-change": f"/form/s33/{SOMEBODY}/off/again"}),
    "intake:advice": Way(Who.WRITER, {"advice": "/form/s01/now"}),
    "intake:check": Way(Who.WRITER, {"check": "/check"}),
    "intake:code": Way(Who.WRITER, {"code": "/code"}),
    "intake:send": Way(Who.WRITER, {"send": "/send"}),
    "intake:erase": Way(Who.WRITER, {"erase": "/erase"}),
    "intake:sent": Way(Who.SENDER, {"sent": "/sent"}),
    "intake:here": Way(Who.RETURNED, {"here": "/here"}),
    "intake:answer": Way(Who.RETURNED, {"answer": "{question}"}),
    "intake:answered": Way(Who.RETURNED, {"answered": "/here/done"}),
    "intake:write": Way(Who.RETURNED, {"write": "/here/write"}),
    "intake:files": Way(Who.RETURNED, {"files": "/here/files"}),
    "intake:own_code": Way(Who.RETURNED, {"own-code": "/here/code"}),
    "intake:new_code": Way(Who.RETURNED, {"new-code": "/here/code/new"}),
    "intake:second_code": Way(Who.RETURNED, {"second-code": "/here/code/more"}),
    "intake:plan": Way(Who.RETURNED, {"plan": "/here/plan"}),
    "intake:new_plan": Way(Who.RETURNED, {"new-plan": "/here/plan/new"}),
    "intake:offer": Way(Who.ASKED, {"consent": "{offer}"}),
    "intake:end_consent": Way(Who.AGREED, {"end-consent": "{offer}/end"}),
    "intake:delete_all": Way(Who.RETURNED, {"delete-all": "/here/end"}),
    "intake:gone": Way(Who.STRANGER, {"gone": "/end"}),
}
# Pages that no address of their own leads to.
OTHERS: tuple[Way, ...] = (
    Way(Who.STRANGER, {"back-mistaken": "/back"}, pressed=True),
    Way(Who.STRANGER, {"permission-mistaken": "/form/s31"}, pressed=True),
    Way(Who.STRANGER, {"session-over": "/here", "not-there": "/nowhere"}),
    Way(Who.SENDER, {"own-code-new": "/here/code"}),
    Way(Who.AGREED, {"consent-given": "{offer}"}),
    Way(Who.IN_LINE, {"turn": "/send"}),
)
# Addresses that show no page, with the reason.
NO_PAGES = {
    "healthz": "tells a machine that the process runs",
    "readyz": "tells a machine that the process can serve",
    "language": "takes a choice and leads back",
    "language_of": "sets the language and leads to the first page",
    "intake:piece": "takes a piece of a file from script",
}


def routes() -> list[str]:
    """Return the names of all addresses of the public door."""
    return list(dict.fromkeys(_names(get_resolver(PUBLIC_URLS).url_patterns, "")))


def _names(patterns: list[Any], space: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _names(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}"


def stops() -> list[Stop]:
    """Return every page, in the order in which somebody meets them."""
    ways = [*WAYS.values(), *OTHERS]
    return [Stop(name, way.who, path, way.pressed) for way in ways for name, path in way.paths.items()]


class Visitors:
    """One browser for each kind of visitor, each opened and led to where it must be when it is first asked for.

    `world` is one of the demo, whose people have codes that it printed.
    """

    def __init__(self, browser: Browser, world: World, **context: Any) -> None:
        self._browser, self._world, self._door, self._context = browser, world, world.public_url, context
        self._pages: dict[Who, Page] = {}

    def page_of(self, who: Who) -> Page:
        """Return the page of this visitor, brought to where the pages of `who` can be opened."""
        if who not in self._pages:
            self._pages[who] = page = self._browser.new_context(locale="en", **self._context).new_page()
            match who:
                case Who.WRITER:
                    answer(page, self._door, IN_DESPAIR)
                    page.goto(f"{self._door}/form/s33/{SOMEBODY}/1")
                    page.locator("main input[type=text]").first.fill("Sam")
                    _press(page)
                    take_the_code(page, self._door)
                case Who.SENDER | Who.IN_LINE:
                    answer(page, self._door, {"call_you": "Ife"}, only=("s05", "s31"))
                    take_the_code(page, self._door)
                    page.goto(f"{self._door}/send")
                    _press(page)
                case Who.RETURNED | Who.ASKED | Who.AGREED:
                    page.goto(f"{self._door}/back")
                    page.locator("[name=return_code]").fill(code_of(self._world, CODE_OF[who]))
                    _press(page)
        return self._pages[who]

    def show(self, stop: Stop, language: str) -> Page:
        """Open a page in a language, and send its form if it is to show its mistakes."""
        with flooded(self._world) if stop.who is Who.IN_LINE else nullcontext():
            page = self.page_of(stop.who)
            speak(page, self._door, language)
            page.goto(urljoin(self._door, self._path_of(stop, page)))
            if stop.pressed:
                _press(page)
        return page

    def _path_of(self, stop: Stop, page: Page) -> str:
        if "{" not in stop.path:
            return stop.path
        page.goto(f"{self._door}/here")
        links = page.locator("main a").evaluate_all("links => links.map(link => new URL(link.href).pathname)")
        return stop.path.format(
            question=next(filter(A_QUESTION.match, links), ""), offer=next(filter(AN_OFFER.match, links), "")
        )

    def close(self) -> None:
        for page in self._pages.values():
            page.context.close()


def code_of(world: World, name: str) -> str:
    """Return the return code of one of the demo's applicants, as `seed_demo` printed it. Raises CannotRun."""
    match = re.search(rf"{name}\s+([\d ]+)", (world.folder / "seeded.txt").read_text())
    if match is None:
        raise CannotRun(f"seed_demo printed no code of {name}")
    return match[1].strip()


@contextmanager
def flooded(world: World) -> Iterator[None]:
    """Let the door believe that very many write at once, as its own count would."""
    flag = f"limit:flag:{flood.FLAG}"
    with redis.Redis.from_url(world.access.redis_url(logins.ADMIN)) as client:
        client.set(flag, "1", ex=flood.CALM_SECONDS)
        try:
            yield
        finally:
            client.delete(flag)


def speak(page: Page, door: str, language: str) -> None:
    """Let this browser ask for pages in a language, as if the person had chosen it."""
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": f"{door}/"}])


def answer(page: Page, door: str, answers: Mapping[str, Any], *, only: tuple[str, ...] = ()) -> None:
    """Answer the questionnaire with these answers, all of its pages or `only` some."""
    for step in STEPS:
        if only and step.slug not in only:
            continue
        page.goto(f"{door}/form/{step.slug}")
        for name, value in {**answers, **DAY_FIELDS}.items():
            fill(page, name, value)
        with page.expect_event("domcontentloaded"):
            page.locator("main button[name=go]").click()


def take_the_code(page: Page, door: str) -> None:
    page.goto(f"{door}/check")
    _press(page)


def _press(page: Page) -> None:
    """Press the page's main button and wait for what follows."""
    with page.expect_event("domcontentloaded"):
        page.locator("main form .button[type=submit]").first.click()


def fill(page: Page, name: str, value: Any) -> None:
    """Give one field its value, if it is on this page."""
    for one in value if isinstance(value, list) else [value]:
        word = {True: "true", False: "false"}.get(one, str(one)) if isinstance(one, bool) else str(one)
        fields = page.locator(f'main [name="{name}"]')
        if fields.count() == 0:
            continue
        kind = fields.first.get_attribute("type")
        if kind in {"radio", "checkbox"}:
            choice = page.locator(f'main [name="{name}"][value="{word}"]')
            (choice if choice.count() else fields).first.check()
        elif fields.first.evaluate("field => field.tagName") == "SELECT":
            fields.first.select_option(word)
        else:
            fields.first.fill(word)
