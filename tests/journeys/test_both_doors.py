"""Somebody opens each door in a real browser."""

from playwright.sync_api import Page

from rainbowrail.devtools.world import World


def test_each_door_greets_in_the_language_of_the_browser(world: World, page: Page) -> None:
    for door in (world.public_url, world.staff_url):
        answer = page.goto(door)
        assert answer and answer.ok
        assert page.locator("html").get_attribute("lang") == "en"
        assert page.locator("h1").count() == 1


def test_nothing_of_the_staff_side_is_found_at_the_public_door(world: World, page: Page) -> None:
    for path in ("/account/login/", "/trail/", "/referrals/", "/components/"):
        answer = page.goto(f"{world.public_url}{path}")
        assert answer and answer.status == 404
