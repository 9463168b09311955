"""Every page of the public door, in a browser at 320 pixels: light enough for a slow line, and open to whoever cannot see it.

The rules are those of WCAG 2.2 AA, with the contrast of AAA; see rainbowrail/devtools/weights.py for the limits.
"""

import re

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from rainbowrail.devtools.weights import MOST_HTML, Weight, most_bytes, weigh
from tests.worlds import Running

AT_ONCE = ("en", "ar")
LATER = [code for code, _name in settings.LANGUAGES if code not in AT_ONCE]


def faults_in(language: str, browser: Browser, running: Running) -> list[str]:
    return [line for one in weigh(browser, running.world, [language]) for line in one.broken_limits()]


@pytest.mark.parametrize("language", AT_ONCE)
def test_every_page_is_light_and_open_to_everybody(language: str, browser: Browser, running: Running) -> None:
    assert faults_in(language, browser, running) == []


@pytest.mark.heavy
@pytest.mark.parametrize("language", LATER)
def test_every_page_in_the_other_languages(language: str, browser: Browser, running: Running) -> None:
    assert faults_in(language, browser, running) == []


def test_a_page_that_is_too_heavy_is_told() -> None:
    heavy = Weight("start", "sw", html=MOST_HTML + 1, raw=20_000, styles=9_000, style_requests=2, wrong=["image-alt at img"])
    told = list(heavy.broken_limits())
    assert len(told) == 4
    assert all(line.startswith("start in sw: ") for line in told)


def test_the_weight_is_that_of_the_page_as_it_is_sent(running: Running, browser: Browser) -> None:
    """What is counted is never less than what was sent, and not much more."""
    page = browser.new_page()
    answer = page.goto(f"{running.public}/back")
    assert answer is not None and answer.header_value("content-encoding") == "gzip"
    sent = int(answer.header_value("content-length") or 0)
    counted = most_bytes(answer.body(), compressed=True)
    page.context.close()
    assert sent <= counted + 30 and counted <= sent + 130


def test_what_changes_each_time_does_not_change_the_weight() -> None:
    page = b'<input name="csrfmiddlewaretoken" value="%s"><a href="/here/%s">'
    one = page % (b"x" * 64, b"7d2b5a34-0c1e-4b52-9d55-0e6a1b1f2c3d")
    other = page % (re.sub(b"x", b"kQ", b"x" * 32), b"11111111-2222-4333-8444-555555555555")
    assert most_bytes(one, compressed=True) == most_bytes(other, compressed=True)
