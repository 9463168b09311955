"""An applicant without mouse or touch: Tab, arrows, Space and Enter, and always visible where one is."""

from playwright.sync_api import Page

from tests.journeys.conftest import Ask

MOST_TABS = 30
FOCUSED = """() => {
  const at = document.activeElement;
  const label = at.labels && at.labels.length ? at.labels[0] : at;
  return (label.innerText || "").trim();
}"""
VISIBLE = """() => {
  const at = document.activeElement;
  return [at, at.parentElement].some((part) => {
    const style = getComputedStyle(part);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
}"""


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the focus is on what bears this name. Fails when it is never reached, or cannot be seen there."""
    passed = []
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at == name:
            assert page.evaluate(VISIBLE), f"the focus on {name!r} cannot be seen"
            return
        passed.append(at)
    raise AssertionError(f"Tab never reaches {name!r}; it passes {passed}")


def test_the_first_pages_need_no_mouse(somebody: Ask) -> None:
    page = (person := somebody()).page
    page.goto(person.door)

    tab_to(page, "Skip to the content")
    page.keyboard.press("Enter")
    tab_to(page, "I am safe enough to go on")
    page.keyboard.press("Enter")
    person.sees_heading("Before you begin")

    tab_to(page, "Start, take the code later")
    page.keyboard.press("Enter")
    person.sees_heading("Who this is about")

    tab_to(page, "I do")
    page.keyboard.press("Space")
    tab_to(page, "Continue")
    page.keyboard.press("Enter")
    person.sees_heading("How safe are you now?")

    tab_to(page, "I am safe")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Continue")
    page.keyboard.press("Enter")
    person.sees_heading("How we may reach you")

    page.goto(f"{person.door}/form/s01")
    assert page.get_by_role("radio", name="Some danger").is_checked()


def test_leave_now_is_among_the_first_things_tab_reaches(somebody: Ask) -> None:
    page = (person := somebody()).page
    page.goto(f"{person.door}/form/s05")

    reached = []
    for _press in range(4):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(FOCUSED))

    assert "Leave now" in reached
