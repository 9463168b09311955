"""The gallery and the public layout in a real browser: nothing for axe to say, nothing wider than a phone, a way out."""

import mimetypes
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from playwright.sync_api import Browser, Page, Route, expect

from rainbowrail.web import gallery
from tests.journeys.hands import script_listens

HOST = "http://door.test"
STATIC = Path(settings.BASE_DIR) / "static"
CSP = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'"
RULES = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

PUBLIC_PAGE = """
{% extends "layouts/public.html" %}{% load crispy_forms_tags %}
{% block main %}
  <h1>Where are you now?</h1>
  <form method="post">{% crispy wrong_form %}<button class="button" type="submit">Continue</button></form>
  {% include "components/progress.html" with step=3 steps=9 %}
  {% include "components/return_code.html" with shown=shown_code %}
  {% include "components/summary_list.html" %}
{% endblock %}
"""


def answers_with(html: str) -> Callable[[Route], None]:
    """Return what answers a window: the html under our policy, the static files beside it, and elsewhere an ordinary page."""

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file)[0] or "application/octet-stream")
        elif path == "/form":
            route.fulfill(body=html, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": CSP})
        else:
            route.fulfill(body="<title>Weather</title>", content_type="text/html; charset=utf-8")

    return answer


def opened(browser: Browser, html: str, *, width: int = 1280, scheme: str = "light", script: bool = True) -> Page:
    """Show the html in a new window of this width and colours."""
    context = browser.new_context(
        viewport={"width": width, "height": 720},
        color_scheme="dark" if scheme == "dark" else "light",
        java_script_enabled=script,
    )
    page = context.new_page()
    page.route("**/*", answers_with(html))
    page.goto(f"{HOST}/before")
    page.goto(f"{HOST}/form")
    return page


def gallery_page(language: str) -> str:
    with translation.override(language):
        return render_to_string("components/gallery.html", gallery.examples(), RequestFactory().get("/"))


@pytest.fixture
def public_page(settings: pytest.FixtureRequest) -> str:
    settings.ROOT_URLCONF = "rainbowrail.urls.public"  # type: ignore[attr-defined]
    return Template(PUBLIC_PAGE).render(Context(gallery.examples()))


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": RULES, "preload": False}).response["violations"]
    return [f"{one['id']}: {[node['target'] for node in one['nodes']]}" for one in found]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_axe_has_nothing_to_say_of_any_component(browser: Browser, language: str, width: int, scheme: str) -> None:
    page = opened(browser, gallery_page(language), width=width, scheme=scheme)

    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_has_nothing_to_say_of_a_public_page_with_errors(browser: Browser, public_page: str, scheme: str) -> None:
    page = opened(browser, public_page, width=320, scheme=scheme)

    assert violations(page) == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_component_is_wider_than_a_small_phone(browser: Browser, language: str) -> None:
    page = opened(browser, gallery_page(language), width=320)

    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_the_page_breaks_none_of_its_own_rules(browser: Browser, public_page: str) -> None:
    page = opened(browser, public_page)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.reload()
    script_listens(page)

    assert said == []


def test_the_reader_begins_at_the_summary_of_errors(browser: Browser, public_page: str) -> None:
    page = opened(browser, public_page)

    # Not wait_for_function: it evaluates a string inside the page, which the page's own policy forbids.
    expect(page.locator(".errors")).to_be_focused()
    page.get_by_role("alert").get_by_role("link", name="What may we call you?").click()
    assert page.evaluate("document.activeElement.id") == "id_called"


def test_leave_now_replaces_the_page_in_the_history(browser: Browser, public_page: str) -> None:
    page = opened(browser, public_page)
    script_listens(page)

    page.get_by_role("link", name="Leave now").click()
    page.wait_for_url("**/leave*")
    page.go_back()

    assert page.url == f"{HOST}/before"


def test_esc_three_times_leaves_and_twice_does_not(browser: Browser, public_page: str) -> None:
    page = opened(browser, public_page)
    script_listens(page)

    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert page.url == f"{HOST}/form"
    page.keyboard.press("Escape")
    page.wait_for_url("**/leave*")


def test_the_page_is_covered_before_the_network_answers(browser: Browser, public_page: str) -> None:
    page = opened(browser, public_page)
    script_listens(page)

    seen = page.evaluate(
        """() => {
            document.querySelector(".leave__link").click();
            return [getComputedStyle(document.body).visibility, document.title];
        }"""
    )

    assert seen == ["hidden", "…"]


def test_leave_now_needs_no_script(browser: Browser, public_page: str) -> None:
    page = opened(browser, public_page, script=False)

    page.get_by_role("link", name="Leave now").click()

    page.wait_for_url("**/leave*")


def test_a_long_answer_counts_down_as_the_server_counts(browser: Browser, public_page: str) -> None:
    page = opened(browser, public_page)
    area = page.get_by_label("In your own words")

    area.fill("ع" * 4990 + "🏠" * 4)

    page.get_by_text("Room left, in characters: 6").wait_for()
