"""A caseworker without a mouse: the keys of the list, which never fire while somebody types."""

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Ask
from tests.journeys.hands import script_listens, sees_heading
from tests.journeys.people import Caseworker

FOCUSED_ROW = "() => document.activeElement.closest('tr')?.querySelector('a').textContent.trim() ?? ''"


def press_keys(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def rests_on(page: Page, reference: str) -> None:
    page.wait_for_function(f"reference => ({FOCUSED_ROW})() === reference", arg=reference)


def test_through_the_queue_into_a_case_and_to_its_note(cleo: Caseworker, somebody: Ask) -> None:
    somebody().sends_a_short_request(name="Keala", country="Palau")
    cleo.sees_in_the_queue(country="Palau", reasons="")
    page = cleo.page
    script_listens(page)
    references = page.get_by_role("rowheader").get_by_role("link").all_inner_texts()

    press_keys(page, "j")
    rests_on(page, references[0])
    for reference in references[1:3]:
        press_keys(page, "j")
        rests_on(page, reference)
    press_keys(page, "k")
    rests_on(page, references[max(len(references[:3]) - 2, 0)])

    here = page.evaluate(FOCUSED_ROW)
    with page.expect_event("domcontentloaded"):
        press_keys(page, "o")
    sees_heading(page, here)
    script_listens(page)
    with page.expect_event("domcontentloaded"):
        press_keys(page, "g", "q")
    sees_heading(page, "Who waits")
    script_listens(page)
    press_keys(page, "/")
    expect(page.get_by_label("Name, e-mail or number")).to_be_focused()


def test_the_list_opens_with_a_question_mark_and_closes_with_escape(cleo: Caseworker) -> None:
    page = cleo.page
    script_listens(page)
    press_keys(page, "?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("In a list: the next line")
    press_keys(page, "Escape")
    expect(dialog).to_be_hidden()


def test_no_key_fires_while_somebody_types(cleo: Caseworker) -> None:
    page = cleo.page
    script_listens(page)
    field = page.get_by_label("Name, e-mail or number")
    field.focus()
    page.keyboard.type("g q j ? n /")
    expect(field).to_have_value("g q j ? n /")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(field).to_be_focused()


def test_switched_off_no_key_does_anything(cleo: Caseworker) -> None:
    page = cleo.page
    keys = page.url.rstrip("/") + "/components/keys/"
    page.goto(keys)
    with page.expect_event("domcontentloaded"):
        page.get_by_role("button", name="Switch the shortcuts off").click()
    try:
        script_listens(page)
        press_keys(page, "?", "g", "q")
        expect(page.locator("dialog")).to_have_count(0)
        sees_heading(page, "Keyboard shortcuts")
    finally:
        page.goto(keys)
        with page.expect_event("domcontentloaded"):
            page.get_by_role("button", name="Switch the shortcuts on").click()
    expect(page.get_by_role("button", name="Switch the shortcuts off")).to_be_visible()
