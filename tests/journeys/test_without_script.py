"""The applicant's whole way with script switched off, and a look at a small phone in a language that is read from the right."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Ask
from tests.journeys.people import Caseworker
from tests.journeys.stories import Story, all_pages
from tests.worlds import SMALL_PHONE

NAKATO = Story(
    name="Nakato",
    e_mail="nakato.nobody@example.org",
    city="Mombasa",
    own_words="I write from a phone that is not mine, in the minutes while it charges.",
    answer="I can be reached on Sunday when they are all away.",
)


def test_the_whole_way_of_an_applicant_needs_no_script(somebody: Ask, cleo: Caseworker) -> None:
    nakato = somebody(java_script_enabled=False, viewport=SMALL_PHONE)
    nakato.reads_what_will_happen()
    nakato.begins_without_a_code()
    nakato.answers_all(all_pages(NAKATO))
    nakato.finds_the_draft_with(NAKATO.name, NAKATO.own_words)
    nakato.goes_on_to_the_code()
    code = nakato.takes_the_code()
    nakato.confirms_the_code()
    nakato.goes_on_to_send()
    nakato.sends()
    nakato.leaves_now()

    case = cleo.sees_in_the_queue(country="Kenya", reasons="shelter is certain for 7 nights")
    cleo.opens_case(case)
    cleo.reads(NAKATO.own_words)
    cleo.takes_the_case()
    cleo.asks("When is it safe to call you?")

    nakato = somebody(code=code, java_script_enabled=False, viewport=SMALL_PHONE)
    nakato.comes_back()
    nakato.sees_the_question("When is it safe to call you?")
    nakato.replies(NAKATO.answer)
    cleo.sees_the_answer(NAKATO.answer)


def test_a_mistake_is_told_and_what_was_typed_is_kept(somebody: Ask) -> None:
    nakato = somebody(java_script_enabled=False)
    nakato.page.goto(f"{nakato.door}/form/s13")
    nakato.answers("How long you can stay there", {"For how many more nights": "many"})
    nakato.sees_heading("How long you can stay there")
    nakato.sees("Write a whole number, such as 3.")
    expect(nakato.page.get_by_label("For how many more nights are you sure of this place?")).to_have_value("many")


def is_not_wider_than_the_phone(page: Page) -> None:
    wide = page.locator("body *").evaluate_all(
        "parts => parts.filter(part => part.getBoundingClientRect().right > innerWidth + 1"
        " || part.getBoundingClientRect().left < -1).map(part => part.className || part.tagName)"
    )
    assert [name for name in wide if name not in {"skip", "visually-hidden"}] == [], page.url


@pytest.mark.parametrize("script", [False, True], ids=["without script", "with script"])
def test_pages_fit_a_small_phone_from_right_to_left(somebody: Ask, script: bool) -> None:
    rami = somebody(java_script_enabled=script, viewport=SMALL_PHONE)
    rami.page.goto(f"{rami.door}/languages")
    rami.page.get_by_role("button", name="العربية").click()
    pages = ("/", "/begin", "/more", "/form/s01", "/form/s03", "/form/s09", "/form/s13", "/form/s28", "/form/s29", "/form/s31")
    for path in pages:
        rami.page.goto(rami.door + path)
        expect(rami.page.locator("html")).to_have_attribute("dir", "rtl")
        expect(rami.page.locator("html")).to_have_attribute("lang", "ar")
        is_not_wider_than_the_phone(rami.page)
    rami.page.goto(f"{rami.door}/begin")
    rami.page.get_by_role("main").get_by_role("button").click()  # the code first
    for path in ("/code", "/check", "/erase"):
        rami.page.goto(rami.door + path)
        expect(rami.page.locator("html")).to_have_attribute("dir", "rtl")
        is_not_wider_than_the_phone(rami.page)
    rami.page.goto(f"{rami.door}/code")
    shown = rami.page.get_by_role("main").locator("bdi").first.inner_text().strip()
    assert set(shown) <= set("٠١٢٣٤٥٦٧٨٩ \n"), "the code stands in the numerals of the language"
