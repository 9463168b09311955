"""An applicant without mouse or touch, in a language of their own: told in English, looked for in the language."""

from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import BrowserContext, expect

from tests.worlds import Running

MOST_TABS = 80
AT = """() => {
  const at = document.activeElement;
  const label = at.labels && at.labels.length ? at.labels[0] : at;
  const seen = [at, at.parentElement].some((part) => {
    const style = part && getComputedStyle(part);
    return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
  return {
    words: (label.innerText || "").trim(), kind: at.type || at.tagName.toLowerCase(), name: at.name || "",
    checked: Boolean(at.checked), seen, inMain: Boolean(at.closest("main")),
  };
}"""


class Typist:
    """Tab, Space, Enter, arrows and letters; `language` is chosen on the first page, in its own script."""

    def __init__(self, browser: BrowserContext, running: Running, language: tuple[str, str], *, country: str) -> None:
        self.page, self.door, self.code = browser.new_page(), running.public, ""
        self.language, self.language_name = language
        self.country = country

    def in_their_words(self, words: str) -> str:
        with translation.override(self.language):
            return gettext(words)

    # --- keys ---

    def presses(self, key: str, times: int = 1) -> None:
        for _press in range(times):
            self.page.keyboard.press(key)

    def is_at(self) -> dict[str, str | bool]:
        found: dict[str, str | bool] = self.page.evaluate(AT)
        return found

    def tabs_to(self, words: str, *, translated: bool = True) -> None:
        """Press Tab until the focus is on what begins with these words. Fails when it never is or cannot be seen."""
        wanted = self.in_their_words(words) if translated else words
        passed = []
        for _press in range(MOST_TABS):
            self.presses("Tab")
            at = self.is_at()
            if str(at["words"]).startswith(wanted):
                assert at["seen"], f"the focus on {wanted!r} cannot be seen"
                return
            passed.append(at["words"])
        raise AssertionError(f"Tab never reaches {wanted!r} on {self.page.url}; it passes {passed}")

    def enters(self) -> None:
        """Press Enter and wait for the page that follows."""
        with self.page.expect_event("domcontentloaded"):
            self.presses("Enter")

    def goes(self, words: str) -> None:
        """Come to a link or button by Tab and press Enter on it."""
        self.tabs_to(words)
        self.enters()

    def types(self, field: str, text: str) -> None:
        self.tabs_to(field)
        self.page.keyboard.insert_text(text)

    # --- what is on the page ---

    def heading(self) -> str:
        return self.page.get_by_role("heading", level=1).inner_text()

    def sees_heading(self, words: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.in_their_words(words))

    def sees(self, text: str) -> None:
        expect(self.page.get_by_role("main")).to_contain_text(text)

    # --- the way ---

    def opens_the_first_page_in_their_language(self) -> None:
        self.page.goto(self.door)
        if self.language != "en":
            self.tabs_to(self.language_name, translated=False)
            self.enters()
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)
        self.sees_heading("You can ask for help here")

    def begins_without_a_code(self) -> None:
        self.goes("I am safe enough to go on")
        self.goes("Start, take the code later")

    def answers_every_page(self) -> int:
        """Take the first choice of every question and the own country, until the page that checks; return how many pages."""
        pages = 0
        while self.heading() != self.in_their_words("Check what you wrote"):
            if self.heading() == self.in_their_words("Before you go on"):
                self.goes("Go on")
                continue
            self.answers_the_page()
            pages += 1
        return pages

    def answers_the_page(self) -> None:
        onward, ticked = self.in_their_words("Continue"), False
        for _press in range(MOST_TABS):
            self.presses("Tab")
            at = self.is_at()
            if at["kind"] == "radio" and not at["checked"]:
                self.presses("Space")
            elif at["kind"] == "checkbox" and not ticked:
                self.presses("Space")
                ticked = True
            elif at["name"] == "current_country":
                self.presses("ArrowDown", self._place_of_the_country())
            elif at["words"] == onward and at["inMain"]:
                self.enters()
                return
        raise AssertionError(f"Tab never reaches {onward!r} on {self.page.url}")

    def _place_of_the_country(self) -> int:
        values: list[str] = self.page.locator("[name=current_country] option").evaluate_all(
            "options => options.map(option => option.value)"
        )
        return values.index(self.country)

    def takes_the_code(self) -> None:
        self.goes("Continue to send")
        self.sees_heading("Your code")
        self.code = self.page.get_by_role("group", name=self.in_their_words("Your return code")).inner_text().strip()
        self.goes("I have it. Continue to send")

    def sends(self) -> None:
        self.sees_heading("Send it now?")
        self.goes("Send")
        self.sees_heading("We have it")

    def comes_back_with(self, code: str) -> None:
        self.goes("I have a code")
        self.types("Your code", code)
        self.enters()
        self.sees_heading("Where things stand")

    def answers_the_question(self, question: str, answer: str) -> None:
        self.sees(question)
        self.goes("We have a question for you.")
        self.sees(question)
        self.types("Your answer", answer)
        self.goes("Send")
        self.sees_heading("We have your answer")

    def leaves_now(self) -> None:
        self.goes("Leave now")
        self.sees_heading("This page is empty")
