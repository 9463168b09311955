"""Leave now: one press, and nothing of it is left in the browser."""

import pytest
from playwright.sync_api import Page, Response

from tests.journeys.applicant import Applicant
from tests.journeys.conftest import Ask
from tests.journeys.hands import script_listens

NAME = "Zuhura the seventh"


def somebody_in_the_middle(somebody: Ask, *, script: bool) -> Applicant:
    """A person who was on another site before, has answered one page, and is typing on the next."""
    applicant = somebody(java_script_enabled=script)
    applicant.page.goto("about:blank")
    applicant.page.goto(f"{applicant.door}/form/s05")
    applicant.answers("Your name here", {"What shall we call you?": NAME})
    applicant.page.goto(f"{applicant.door}/form/s05")
    assert shows(applicant.page, NAME), "the name is on the page while the person is there"
    return applicant


def shows(page: Page, words: str) -> bool:
    typed = page.get_by_role("textbox").evaluate_all("fields => fields.map(field => field.value)")
    return words in page.content() or words in typed


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_leaving_clears_the_browser_and_back_shows_nothing(somebody: Ask, script: bool) -> None:
    applicant = somebody_in_the_middle(somebody, script=script)
    answers: list[Response] = []
    applicant.page.on("response", lambda answer: answers.append(answer) if answer.url.endswith("/leave") else None)

    applicant.leaves_now()

    (answer,) = answers
    assert answer.header_value("clear-site-data") == '"cache", "cookies", "storage"'
    assert applicant.page.context.cookies() == []
    for _press in range(3):
        applicant.page.go_back()
        assert not shows(applicant.page, NAME)


def test_the_draft_is_gone_from_the_server_too(somebody: Ask) -> None:
    applicant = somebody_in_the_middle(somebody, script=True)
    cookies = applicant.page.context.cookies()

    applicant.leaves_now()
    applicant.page.context.add_cookies(cookies)  # as from a thief's copy
    applicant.page.goto(f"{applicant.door}/form/s05")

    assert not shows(applicant.page, NAME)


def test_esc_three_times_leaves_from_the_middle_of_typing(somebody: Ask) -> None:
    applicant = somebody_in_the_middle(somebody, script=True)
    script_listens(applicant.page)

    applicant.page.get_by_label("What shall we call you?").press("Escape")
    applicant.page.keyboard.press("Escape")
    applicant.page.keyboard.press("Escape")

    applicant.page.wait_for_url("**/leave")


def test_nothing_private_stands_in_the_history(somebody: Ask) -> None:
    """Titles and addresses stay on a shared phone: they must not tell what was asked or answered."""
    applicant = somebody(java_script_enabled=True)
    seen: list[str] = []
    for path in ("", "/begin", "/form/s01", "/form/s15", "/form/s28", "/back", "/more"):
        applicant.page.goto(applicant.door + path)
        seen.append(applicant.page.title().lower())
    told = " ".join(seen)
    for word in ("help", "rainbow", "danger", "safe", "queer", "gay", "asylum", "violence"):
        assert word not in told
