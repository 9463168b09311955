"""The line breaks while a page is sent: nothing typed is lost, and nothing arrives twice."""

import pytest
from playwright.sync_api import Error, Page, expect

from tests.journeys.conftest import Ask
from tests.journeys.hands import fill, press_and_stay, script_listens, sees_heading

WORDS = "They came to my brother's shop and asked for me."


def line_breaks_on(page: Page, button: str) -> None:
    """Press the button while nothing gets through, and see the browser's own page that says so."""
    page.context.set_offline(True)
    with page.expect_event("requestfailed"):
        press_and_stay(page, button)
    page.wait_for_url("chrome-error://**")
    page.context.set_offline(False)


def sends_again(page: Page) -> None:
    """Reload, as the browser's page offers: it sends what was typed once more."""
    try:
        page.reload()
    except Error as error:  # the reload of a page that failed is told as interrupted by the page that follows
        assert "interrupted" in str(error)


@pytest.mark.parametrize("script", [True, False])
def test_a_page_that_did_not_arrive_is_sent_again_with_all_that_was_typed(somebody: Ask, script: bool) -> None:
    page = (person := somebody(java_script_enabled=script)).page
    page.goto(f"{person.door}/form/s29")
    if script:
        script_listens(page)
    fill(page, {"What else should we know?": WORDS})
    line_breaks_on(page, "Continue")
    sends_again(page)
    sees_heading(page, "How you found us")

    page.goto(f"{person.door}/form/s29")
    expect(page.get_by_label("What else should we know?")).to_have_value(WORDS)


def test_a_double_click_adds_one_person_and_sends_one_request(somebody: Ask) -> None:
    page = (person := somebody(java_script_enabled=False)).page
    page.goto(f"{person.door}/form/s33")
    page.get_by_role("link", name="Add a person").click()
    sees_heading(page, "A person with you")
    fill(page, {"What shall we call this person?": "Akiki"})
    page.get_by_role("main").get_by_role("button", name="Continue", exact=True).dblclick()
    sees_heading(page, "Akiki")
    page.goto(f"{person.door}/form/s33")
    expect(page.get_by_role("main").get_by_role("listitem")).to_have_count(1)
