"""Every staff page in a browser, found by the URL table: nothing for axe to say in light and dark, nothing wider than a phone.

The pages are drawn first, by the client of the tests, for somebody who has every role; the browser then shows what was drawn.
Once with something real on each, once in states that few see, once with nothing in the database, where each page says what
will stand there.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from rainbowrail.accounts import languages
from rainbowrail.roles import Role
from tests.clients import STAFF_URLS, CarefulClient
from tests.factories.accounts import make_staff
from tests.rainbowrail.web.test_gallery_in_a_browser import HOST, answers_with, opened
from tests.staff_pages import Drawn, draw, draw_mistakes, draw_states, make_scene
from tests.staff_walk import addresses

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What every run looks at; the rest is looked at by `make test-full`.
ALWAYS = {"cases:queue", "cases:case", "cases:note", "cases:care", "cases:reading", "account_person", "components:shortcuts"}
MOST_BYTES = 150_000  # of the HTML of one page, uncompressed
# All rules where pages differ most; the other two looks change colours and widths alone, so only those are asked about there.
LOOKS = [(320, "dark", RULES), (320, "light", []), (1280, "light", RULES), (1280, "dark", [])]
COLOURS = ["color-contrast"]
# The whole walk in parts, so that no part runs long; every process draws the pages once.
PARTS = 6

pytestmark = pytest.mark.django_db


_drawn: dict[str, Drawn] = {}


def empty_pages(language: str = "") -> Drawn:
    """Draw every page that needs no argument, with nothing in the database but one person who has every role."""
    drawn, client, everybody = Drawn(), CarefulClient(), make_staff(*Role, name="Everybody")
    languages.choose(everybody, language)
    client.force_login(everybody)
    for one in addresses():
        if not one.arguments:
            drawn.take(one.name, client.get(reverse(one.name, urlconf=STAFF_URLS)))
    return drawn


def draw_rare() -> Drawn:
    """Draw what few see: every stage of a referral, a panic plan in force, and every form that was sent empty."""
    states, mistakes = draw_states(make_scene()), draw_mistakes(make_scene())
    return Drawn(states.pages | mistakes.pages, states.unfit | mistakes.unfit)


def once(name: str, make: Callable[[], Drawn]) -> Drawn:
    """Draw the pages once for all tests of a process."""
    if name not in _drawn:
        _drawn[name] = make()
    return _drawn[name]


@pytest.fixture
def full(db: None) -> dict[str, str]:
    return once("full", lambda: draw(make_scene())).pages


@pytest.fixture
def rare(db: None) -> dict[str, str]:
    return once("rare", draw_rare).pages


@pytest.fixture
def empty(db: None) -> dict[str, str]:
    return once("empty", empty_pages).pages


def faults_of(page: Page, name: str, rules: list[str]) -> Iterator[str]:
    only = {"type": "tag", "values": rules} if rules else {"type": "rule", "values": COLOURS}
    found = page.evaluate("only => axe.run(document, {runOnly: only, preload: false})", only)["violations"]
    yield from (f"{name}: {one['id']} at {[node['target'] for node in one['nodes']][:3]}" for one in found)
    if (wider := page.evaluate(WIDER)) > 0:
        yield f"{name}: {wider} pixels wider than the screen"


def too_heavy(pages: dict[str, str]) -> list[str]:
    return [name for name, html in pages.items() if len(html.encode()) > MOST_BYTES]


def look_at(browser: Browser, pages: dict[str, str]) -> list[str]:
    """Show each page once, in one window that is made narrow and wide, light and dark."""
    found, axe = [], Axe().axe_script
    page = browser.new_page()
    for name, html in pages.items():
        page.unroute_all()
        page.route("**/*", answers_with(html))
        page.goto(f"{HOST}/form")
        page.evaluate(axe)
        for width, scheme, rules in LOOKS:
            page.set_viewport_size({"width": width, "height": 720})
            # Without motion colours change at once, and none is measured on its way from light to dark.
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
            found += list(faults_of(page, f"{name} at {width} in {scheme}", rules))
    page.context.close()
    return found


def part_of(pages: dict[str, str], part: int) -> dict[str, str]:
    return {name: pages[name] for name in sorted(pages)[part::PARTS]}


def test_the_pages_one_works_with_most(browser: Browser, full: dict[str, str]) -> None:
    assert set(full) >= ALWAYS
    assert too_heavy(full) == []
    assert look_at(browser, {name: html for name, html in full.items() if name in ALWAYS}) == []


def test_every_address_shows_something_real(full: dict[str, str]) -> None:
    """A page that is added later stands here until tests/staff_pages.py knows what real thing its address is about."""
    assert len(full) >= 90
    assert _drawn["full"].unfit == {}


def test_the_folded_menu_opens_by_keyboard_and_within_a_phone(browser: Browser, empty: dict[str, str]) -> None:
    page = opened(browser, empty["cases:queue"], width=320, script=False)
    more = page.get_by_role("navigation", name="Menu").get_by_text("More", exact=True)
    more.focus()
    page.keyboard.press("Enter")
    unfolded = page.locator(".fold[open] .fold__list")
    expect(unfolded).to_be_visible()
    box = unfolded.bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 320
    page.keyboard.press("Tab")
    expect(unfolded.get_by_role("link").first).to_be_focused()
    assert page.evaluate(WIDER) <= 0
    page.context.close()


@pytest.mark.heavy
@pytest.mark.parametrize("part", range(PARTS))
def test_every_staff_page(part: int, browser: Browser, full: dict[str, str]) -> None:
    assert look_at(browser, part_of(full, part)) == []


@pytest.mark.heavy
@pytest.mark.parametrize("part", range(PARTS))
def test_every_stage_every_mistake_and_a_panic_plan(part: int, browser: Browser, rare: dict[str, str]) -> None:
    assert len(rare) >= 60
    assert look_at(browser, part_of(rare, part)) == []


@pytest.mark.heavy
@pytest.mark.parametrize("part", range(PARTS))
def test_every_staff_page_when_there_is_nothing_yet(part: int, browser: Browser, empty: dict[str, str]) -> None:
    assert look_at(browser, part_of(empty, part)) == []


def test_every_list_without_lines_says_what_will_stand_there(empty: dict[str, str]) -> None:
    assert too_heavy(empty) == []
    bare = [name for name, html in empty.items() if re.search(r"<tbody>\s*</tbody>", html)]
    assert bare == []
    silent = [name for name in ("cases:queue", "cases:erasures", "referrals:list") if 'class="empty"' not in empty[name]]
    assert silent == []
