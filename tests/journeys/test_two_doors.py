"""Two doors, one vault: neither knows the other's pages, and the public process holds nothing that opens anything."""

from playwright.sync_api import Page

from tests.worlds import OpenBrowser, Running


def test_each_door_greets_in_the_language_of_the_browser(running: Running, open_browser: OpenBrowser) -> None:
    page = open_browser().new_page()
    for door in (running.public, running.staff):
        answer = page.goto(door)
        assert answer and answer.ok
        assert page.locator("html").get_attribute("lang") == "en"
        assert page.locator("h1").count() == 1
