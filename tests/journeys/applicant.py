"""Somebody who asks for help. Their methods are sentences; they know the words on the pages and nothing behind them."""

import re
from collections.abc import Iterable, Mapping

from playwright.sync_api import BrowserContext, FilePayload, expect

from tests.journeys.hands import (
    Told,
    fill,
    follow,
    heading,
    press,
    press_and_stay,
    script_listens,
    sees,
    sees_heading,
)

type Questions = Iterable[tuple[str, Mapping[str, Told]]]


class Applicant:
    """Somebody who asks for help, with one browser. `code` is what they wrote on paper."""

    def __init__(self, browser: BrowserContext, door: str, *, code: str = "") -> None:
        self.page, self.door, self.code = browser.new_page(), door, code

    # --- before sending ---

    def reads_what_will_happen(self) -> None:
        self.page.goto(self.door)
        sees_heading(self.page, "You can ask for help here")
        sees(self.page, "You get a code of 25 digits")
        follow(self.page, "I am safe enough to go on")

    def begins_without_a_code(self) -> None:
        follow(self.page, "Start, take the code later")

    def answers(self, page_title: str, told: Mapping[str, Told], *, then: str = "Continue") -> None:
        """Answer one page, which must be the one of this title."""
        sees_heading(self.page, page_title)
        fill(self.page, told)
        press(self.page, then)
        if heading(self.page) == "Before you go on":  # what helps at once, for somebody in great danger
            follow(self.page, "Go on")

    def answers_all(self, questions: Questions) -> None:
        for page_title, told in questions:
            self.answers(page_title, told)

    def adds_a_person(self, called: str) -> None:
        """Put somebody on the list of the people with them, and say no more than what to call them."""
        follow(self.page, "Add a person")
        self.answers("A person with you", {"What shall we call this person?": called})
        self.answers(called, {})
        self.answers(called, {})

    def mistypes(self, question: str, text: str) -> None:
        """Answer with something that the page cannot take; it says so and is shown again."""
        fill(self.page, {question: text})
        press(self.page, "Continue")
        sees(self.page, "Please check")

    def cookie_secrets(self) -> list[str]:
        """Return what this browser's cookies hold, without their signatures."""
        return [str(cookie["value"]).split(":")[0] for cookie in self.page.context.cookies() if cookie.get("name") == "visit"]

    def skips(self) -> None:
        press(self.page, "Skip")

    def takes_the_code(self) -> str:
        """Write the code on paper, from the page that shows it."""
        sees_heading(self.page, "Your code")
        self.code = self.page.get_by_role("group", name="Your return code").inner_text().strip()
        return self.code

    def confirms_the_code(self) -> None:
        """Type the third group back, as the page asks."""
        fill(self.page, {"Write the third group of five digits": self.code.split()[2]})
        press(self.page, "Compare")
        sees(self.page, "You have written it down well")

    def sees(self, text: str) -> None:
        sees(self.page, text)

    def sees_heading(self, text: str) -> None:
        sees_heading(self.page, text)

    def stops_for_now(self) -> None:
        follow(self.page, "Stop for now")
        sees_heading(self.page, "This page is empty")

    def takes_the_code_again(self) -> str:
        """Read the code on the page that thanks."""
        return self.page.get_by_role("group", name="Your return code").inner_text().strip()

    def goes_on_with_the_questions(self) -> None:
        follow(self.page, "Go on with the questions")

    def goes_on_to_the_code(self) -> None:
        """Leave the page that checks the answers; who has no code yet is given one."""
        sees_heading(self.page, "Check what you wrote")
        press(self.page, "Continue to send")

    def goes_on_to_send(self) -> None:
        """From the page with the code, or from the one that checks the answers."""
        main = self.page.get_by_role("main")
        onward = re.compile("Continue to send$")
        main.get_by_role("link", name=onward).or_(main.get_by_role("button", name=onward)).click()

    def sends(self) -> None:
        sees_heading(self.page, "Send it now?")
        press(self.page, "Send")
        sees_heading(self.page, "We have it")

    def sends_a_short_request(self, *, name: str, country: str = "") -> str:
        """Answer next to nothing, give the permission, send; return the code."""
        self.page.goto(f"{self.door}/form/s05")
        self.answers("Your name here", {"What shall we call you?": name})
        if country:
            self.page.goto(f"{self.door}/form/s09")
            self.answers("The country you are in", {"Which country are you in now?": country})
        self.page.goto(f"{self.door}/form/s31")
        self.answers("Your permission", {"You may keep what I wrote and read it": True})
        self.goes_on_to_the_code()
        code = self.takes_the_code()
        self.goes_on_to_send()
        self.sends()
        return code

    # --- coming back ---

    def comes_back(self) -> None:
        """Open the first page and type the code."""
        self.page.goto(self.door)
        follow(self.page, "I have a code")
        fill(self.page, {"Your code": self.code})
        press(self.page, "Open")

    def finds_the_draft_with(self, *said: str) -> None:
        sees_heading(self.page, "Check what you wrote")
        for words in said:
            sees(self.page, words)

    def sees_where_things_stand(self, word: str) -> None:
        self.page.goto(f"{self.door}/here")
        sees_heading(self.page, "Where things stand")
        sees(self.page, word)

    def sees_the_question(self, question: str) -> None:
        sees_heading(self.page, "Where things stand")
        sees(self.page, question)

    def cannot_read_again(self, *said: str) -> None:
        for words in said:
            expect(self.page.locator("html")).not_to_contain_text(words)

    def replies(self, answer: str) -> None:
        follow(self.page, "Answer")
        fill(self.page, {"Your answer": answer})
        press(self.page, "Send")
        sees_heading(self.page, "We have your answer")

    def adds_files(self, *files: FilePayload) -> None:
        """Choose files on the page for it and send them; without script one at a time."""
        if len(files) > 1:
            script_listens(self.page)
        self.page.get_by_label("File").set_input_files(list(files))
        press_and_stay(self.page, "Send this file")

    def may_be_called(self, *, number: str, word: str) -> None:
        """Change the contact plan to a call, with the word that proves who answers."""
        self.page.goto(f"{self.door}/here/plan/new")
        told = {
            "May we contact you?": "By phone call",
            "Your phone number with the country code": number,
            "A word that proves it is you": word,
        }
        fill(self.page, told)
        press(self.page, "Send")
        sees(self.page, "We have noted it")

    def leaves_now(self) -> None:
        self.page.get_by_role("link", name="Leave now").click()
        sees_heading(self.page, "This page is empty")
