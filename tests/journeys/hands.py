"""What everybody does with a page, finding things as a person does: by role and by label, never by id or class."""

import re
from collections.abc import Mapping, Sequence

from playwright.sync_api import Locator, Page, expect

type Told = str | bool | Sequence[str]
LANDMARK = "main"


def begins_with(label: str) -> re.Pattern[str]:
    """Match a label by its first words; it may go on, if only with "(optional)"."""
    return re.compile(rf"^\s*{re.escape(label)}(?![\w-])")


def fill(page: Page, told: Mapping[str, Told]) -> None:
    """Answer questions by their words: text, the choice of a list, one of several, several of many, or a tick."""
    for question, answer in told.items():
        group = page.get_by_role("group", name=begins_with(question))
        field = page.get_by_label(begins_with(question)).and_(page.locator("input, textarea, select"))
        expect(group.or_(field), f"one question is {question!r}").to_have_count(1)
        if group.count():
            for choice in [answer] if isinstance(answer, str) else list(answer) if not isinstance(answer, bool) else []:
                group.get_by_label(choice, exact=True).check()
        elif isinstance(answer, bool):
            field.set_checked(answer)
        elif isinstance(answer, str) and field.evaluate("field => field.tagName") == "SELECT":
            choice = field.locator("option").filter(has_text=begins_with(answer)).first
            field.select_option(choice.get_attribute("value"))
        else:
            field.fill(str(answer))


def press(page: Page, name: str) -> None:
    """Press the button of this name in the page's main part, and wait for the page that follows.

    What is read or done next is then of the new page, and nothing that was sent is cut off by it.
    """
    with page.expect_event("domcontentloaded"):
        press_and_stay(page, name)


def press_and_stay(page: Page, name: str) -> None:
    """Press a button that leads to no other page: a download, or something that a script does."""
    page.get_by_role(LANDMARK).get_by_role("button", name=name, exact=True).click()


def script_listens(page: Page) -> None:
    """Wait until the behaviours of the page, which load after it, are at work."""
    expect(page.locator("html")).to_have_attribute("data-script", "ready")


def follow(page: Page, name: str) -> None:
    """Follow the link of this name in the page's main part, and wait for the page it leads to."""
    with page.expect_event("domcontentloaded"):
        page.get_by_role(LANDMARK).get_by_role("link", name=name, exact=True).first.click()


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def sees(page: Page, text: str) -> None:
    """Wait until the page's main part shows this text. Fails when it does not within a few seconds."""
    expect(page.get_by_role(LANDMARK)).to_contain_text(text)


def sees_heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def section(page: Page, name: str) -> Locator:
    """Return the part of the page under this heading."""
    return page.get_by_role("region", name=name, exact=True)
