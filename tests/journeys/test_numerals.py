"""Numbers that script puts on a page stand in the numerals of the language, as those of the server do."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Ask
from tests.journeys.hands import script_listens
from tests.worlds import Running

ROOM, LEFT = 20_000, 50


@pytest.mark.parametrize(("language", "shown"), [("ar", "٥٠"), ("fa", "۵۰"), ("ur", "50"), ("sw", "50")])
def test_the_room_left_is_counted_in_the_numerals_of_the_language(
    somebody: Ask, running: Running, language: str, shown: str
) -> None:
    page = somebody().page
    page.goto(f"{running.public}/language/{language}")
    page.goto(f"{running.public}/form/s29")
    script_listens(page)

    page.get_by_role("textbox").fill("a" * (ROOM - LEFT))

    expect(page.locator(".field__count")).to_contain_text(shown)
