"""What each page of the public door weighs, and what axe finds on it, as a real browser meets it for the first time.

Sizes are what is sent, for a browser that takes gzip, with all of the random bytes that a page may have more (decision 0033).
What differs each time (tokens, ids) is set to one value before it is measured, so that two tables can be compared.
"""

import gzip
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Page, Request

from rainbowrail.devtools.errors import CannotRun
from rainbowrail.devtools.reach import Stop, Visitors, stops
from rainbowrail.devtools.world import World
from rainbowrail.web.compression import CompressedPages

# Bytes. Two round trips of a new connection carry about 14 KB: what fits is there at once, however slow the line.
MOST_HTML, MOST_IN_ALL, MOST_STYLE_REQUESTS = 6_000, 14_000, 1
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"runOnly": STANDARDS, "rules": {"color-contrast-enhanced": {"enabled": True}}, "preload": False}
NARROW = {"width": 320, "height": 640}
CHANGING = (
    (re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]+'), rb"\g<1>" + b"0123456789abcdef" * 4),
    (re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), b"01234567-89ab-4cde-8f01-23456789abcd"),
    (re.compile(rb'(name="once" [^>]*value=")[^"]+'), rb"\g<1>0123456789abcdefghijkl"),
)
WIDER = """() => [...document.querySelectorAll("body *")].filter((part) => {
  const box = part.getBoundingClientRect();
  const hidden = part.matches(".skip, .visually-hidden");
  return !hidden && box.width && (box.right > innerWidth + 1 || box.left < -1);
}).map((part) => part.className || part.tagName)"""


@dataclass(frozen=True, slots=True)
class Weight:
    """One page in one language. Sizes in bytes: `html` and `styles` as sent, `raw` before compression; `wrong` in sentences."""

    page: str
    language: str
    html: int
    raw: int
    styles: int
    style_requests: int
    wrong: list[str] = field(default_factory=list)

    def broken_limits(self) -> Iterator[str]:
        here = f"{self.page} in {self.language}"
        if self.html > MOST_HTML:
            yield f"{here}: {self.html} bytes of HTML, at most {MOST_HTML}"
        if self.html + self.styles > MOST_IN_ALL:
            yield f"{here}: {self.html + self.styles} bytes with styles, at most {MOST_IN_ALL}"
        if self.style_requests != MOST_STYLE_REQUESTS:
            yield f"{here}: {self.style_requests} requests for styles, should be {MOST_STYLE_REQUESTS}"
        yield from (f"{here}: {one}" for one in self.wrong)


def weigh(
    browser: Browser, world: World, languages: Iterable[str], *, pages: Sequence[Stop] = (), axe: bool = True
) -> Iterator[Weight]:
    """Weigh every page (or `pages`) in each language, on a narrow screen; languages written from the right in the dark."""
    for language in languages:
        scheme = "dark" if language in settings.LANGUAGES_BIDI else "light"
        visitors = Visitors(browser, world, viewport=NARROW, color_scheme=scheme)
        try:
            for stop in pages or stops():
                yield _weigh_one(visitors, stop, language, axe=axe)
        finally:
            visitors.close()


def _weigh_one(visitors: Visitors, stop: Stop, language: str, *, axe: bool) -> Weight:
    page = visitors.page_of(stop.who)
    asked: list[Request] = []

    def hear(one: Request) -> None:
        asked.append(one)

    page.on("request", hear)
    visitors.show(stop, language)
    page.wait_for_load_state()
    page.remove_listener("request", hear)
    shown = next(one for one in reversed(asked) if one.is_navigation_request() and one.url.split("#")[0] == page.url)
    if (response := shown.response()) is None:
        raise CannotRun(f"{page.url} was asked for and never answered")
    body = response.body()
    after = asked[asked.index(shown) :]
    styles = [one for one in after if one.resource_type == "stylesheet"]
    wrong = [f"asks for a font, {one.url}" for one in after if one.resource_type == "font"]
    wrong += [f"wider than the screen: {part}" for part in page.evaluate(WIDER)]
    wrong += [f"is in {spoken}"] if (spoken := page.locator("html").get_attribute("lang")) != language else []
    return Weight(
        page=stop.name,
        language=language,
        html=most_bytes(body, compressed=response.headers.get("content-encoding") == "gzip"),
        raw=len(body),
        styles=sum(bytes_of(one) for one in styles),
        style_requests=len(styles),
        wrong=wrong + (violations(page) if axe else []),
    )


def bytes_of(asked: Request) -> int:
    """Return how many bytes of a file are sent, also when this browser had it already."""
    response = asked.response()
    return int(response.header_value("content-length") or 0) if response else 0


def most_bytes(body: bytes, *, compressed: bool) -> int:
    """Return the most bytes that this page is sent with."""
    for pattern, same in CHANGING:
        body = pattern.sub(same, body)
    if not compressed:
        return len(body)
    return len(gzip.compress(body, compresslevel=6, mtime=0)) + CompressedPages.max_random_bytes + 1


def violations(page: Page) -> list[str]:
    """Return what breaks WCAG 2.2 AA, or the contrast of AAA, each with where it is."""
    found: list[dict[str, Any]] = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']} at {[node['target'] for node in one['nodes']]}" for one in found]


def kilobytes(number: int) -> str:
    """Return bytes as thousands, rounded up to a tenth, so that a few bytes more or less make no difference."""
    return f"{math.ceil(number / 100) / 10:.1f}"


def table(weights: Iterable[Weight]) -> str:
    """Return the page-by-page table in Markdown: a line a page, a column a language."""
    by_page: dict[str, dict[str, Weight]] = {}
    for one in weights:
        by_page.setdefault(one.page, {})[one.language] = one
    languages = list(dict.fromkeys(code for row in by_page.values() for code in row))
    lines = [
        f"| page | {' | '.join(languages)} | CSS | requests | violations |",
        f"|---|{'---:|' * (len(languages) + 3)}",
    ]
    for page, row in by_page.items():
        cells = [f"{kilobytes(one.html)} ({kilobytes(one.raw)})" for one in row.values()]
        styles = kilobytes(max(one.styles for one in row.values()))
        requests = max(one.style_requests for one in row.values())
        wrong = sum(len(one.wrong) for one in row.values())
        lines.append(f"| {page} | {' | '.join(cells)} | {styles} | {requests} | {wrong} |")
    return "\n".join(lines)
