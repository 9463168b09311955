"""The people of the journeys. Their methods are sentences; they know the words on the pages and nothing behind them."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Self

from playwright.sync_api import BrowserContext, FilePayload, expect

from tests.journeys.hands import (
    Told,
    begins_with,
    fill,
    follow,
    heading,
    press,
    press_and_stay,
    script_listens,
    section,
    sees,
    sees_heading,
)

type Questions = Iterable[tuple[str, Mapping[str, Told]]]
LOOKS, BETWEEN_MS = 120, 500  # how often somebody looks again, and after how long


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


class Colleague:
    """Somebody of the staff, signed in with one browser through the demo door, as after both factors.

    `tests/journeys/test_sign_in.py` goes the way of a person with a password and a passkey.
    """

    name, first_page = "", "Who waits"

    def __init__(self, browser: BrowserContext, door: str) -> None:
        self.page, self.door = browser.new_page(), door
        self.page.goto(f"{door}/demo/")
        press(self.page, f"Enter as {self.name}")
        sees_heading(self.page, self.first_page)

    def goes_to(self, place: str) -> Self:
        """Follow a line of the menu, which may stand folded behind “More”."""
        menu = self.page.get_by_role("navigation", name="Menu")
        line = menu.get_by_role("link", name=place, exact=True)
        if not line.is_visible():
            menu.get_by_text("More", exact=True).click()
        line.click()
        return self

    def opens_case(self, reference: str) -> Self:
        self.page.goto(f"{self.door}/cases/{reference}/")
        sees_heading(self.page, reference)
        return self

    def asks_to_open(self, reference: str, *, reason: str) -> None:
        self.page.goto(f"{self.door}/access/ask/?reference={reference}")
        fill(self.page, {"Why you need to open it": reason})
        press(self.page, "Ask a lead")
        self.is_told("The leads are asked.")

    def opens_referral(self, address: str) -> Self:
        self.page.goto(address)
        return self

    def is_told(self, sentence: str) -> None:
        """Wait for the sentence that says, once, what was just done."""
        expect(self.page.get_by_role("status").filter(has_text=sentence)).to_be_visible()


class Caseworker(Colleague):
    name = "Cleo"

    def sees_in_the_queue(self, *, country: str, reasons: str) -> str:
        """Wait for the line of a new request that nobody has taken; return its reference."""
        takes = self.page.get_by_role("button", name=begins_with("Take"))
        row = self.page.get_by_role("row").filter(has_text=country).filter(has_text=reasons).filter(has=takes)
        for _look in range(LOOKS):
            if row.count():
                break
            self.page.wait_for_timeout(BETWEEN_MS)
            self.page.reload()
        expect(row).to_have_count(1)
        return row.get_by_role("rowheader").get_by_role("link").inner_text()

    def takes_the_case(self) -> None:
        press(self.page, "Take this case")
        sees(self.page, "In review")

    def reads(self, *words: str) -> None:
        for said in words:
            sees(self.page, said)

    def opens_who_it_is(self, *words: str) -> None:
        press(self.page, "Open who it is")
        for said in words:
            expect(section(self.page, "Who it is")).to_contain_text(said)

    def notes(self, text: str) -> None:
        fill(self.page, {"Note": text})
        press(self.page, "Keep the note")
        expect(section(self.page, "Notes")).to_contain_text(text)

    def types_without_saving(self, text: str) -> None:
        """Type a note, wait until it is kept for when the session ends, and go elsewhere."""
        script_listens(self.page)
        fill(self.page, {"Note": text})
        sees(self.page, "Kept, sealed, until you save it.")
        self.page.goto(self.door)

    def asks(self, question: str) -> None:
        self._unfolds("Ask a question")
        fill(self.page, {"Question": question})
        press(self.page, "Send the question")
        expect(section(self.page, "With the person")).to_contain_text(question)

    def writes(self, message: str) -> None:
        self._unfolds("Ask a question")
        follow(self.page, "Or write a message that needs no answer")
        fill(self.page, {"Message": message})
        press(self.page, "Send the message")
        expect(section(self.page, "With the person")).to_contain_text(message)

    def sees_the_answer(self, answer: str) -> None:
        for _look in range(LOOKS):
            if section(self.page, "With the person").get_by_text(answer).count():
                return
            self.page.wait_for_timeout(BETWEEN_MS)
            self.page.reload()
        expect(section(self.page, "With the person")).to_contain_text(answer)

    def looks_at_the_file(self, *words: str) -> None:
        """Wait for the clean copy of the file with these words in its name, and look at it unblurred."""
        line = section(self.page, "Files").get_by_role("listitem")
        for said in words:
            line = line.filter(has_text=said)
        for _look in range(LOOKS):
            if line.get_by_text("Clean copy", exact=True).count():
                break
            self.page.wait_for_timeout(BETWEEN_MS)
            self.page.reload()
        line.get_by_role("link").click()
        follow(self.page, "Show it clearly")

    def assesses(self, *, verification: str, summary: str) -> None:
        follow(self.page, "Assess")
        fill(
            self.page,
            {"How sure are we of the account?": verification, "What was found, and how": summary},
        )
        self.page.get_by_role("main").get_by_role("button").first.click()
        expect(section(self.page, "Assessment")).to_contain_text(summary)

    def verifies(self) -> None:
        press(self.page, "Account is verified")
        self.is_told("The case is now: Verified.")

    def closes(self, *, why: str, reason: str) -> None:
        follow(self.page, "Close the case")
        fill(self.page, {"Why it closes": why, "Reason": reason})
        press(self.page, "Close the case")
        sees(self.page, "Closed on")

    def _unfolds(self, summary: str) -> None:
        """Open the fold unless it is open."""
        fold = self.page.get_by_role("main").get_by_role("group").filter(has=self.page.get_by_text(summary, exact=True))
        if not fold.get_by_role("textbox").first.is_visible():
            self.page.get_by_text(summary, exact=True).click()


class TriageLead(Caseworker):
    name = "Dana"

    def marks_ready(self) -> None:
        press(self.page, "Ready for referral")
        self.is_told("The case is now: Ready for referral.")

    def brings_in(self, partner: str, file: FilePayload) -> None:
        """Add an organisation and bring in its file: checked first, then chosen again."""
        self.goes_to("Partners")
        fill(self.page, {"Name": partner})
        press(self.page, "Add")
        follow(self.page, "Import requests from a file")
        for button, said in (("Check the file", "Ready to come in"), ("Import the good rows", "Came in now")):
            self.page.locator("input[type=file]").set_input_files([file])
            press(self.page, button)
            sees(self.page, said)

    def reads_and_approves(self, *words: str) -> None:
        follow(self.page, "Read and decide")
        sees_heading(self.page, "What the office would be told")
        for said in words:
            sees(self.page, said)
        press(self.page, "Approve")


class ReferralOfficer(Colleague):
    name = "Eli"

    def begins_a_referral(self, reference: str, *, official: str, language: str = "English") -> str:
        """Begin from the list of cases that are ready; return the referral's address."""
        self.goes_to("Referrals")
        line = self.page.get_by_role("listitem").filter(has_text=reference)
        line.get_by_role("link", name=begins_with("Begin a referral")).click()
        fill(self.page, {"For whose eyes": official, "Language of the document": language})
        press(self.page, "Begin")
        self.is_told("The referral is begun.")
        return self.page.url

    def records_consent(self, *, parts: Iterable[str], note: str = "") -> None:
        follow(self.page, "Record consent")
        sees(self.page, "You decide part by part what is in it")
        fill(
            self.page,
            {
                "Which parts may this official be told?": list(parts),
                "How they said so": "Spoken, and written down by me",
                "Note": note,
            },
        )
        press(self.page, "Record consent")

    def writes(self, told: Mapping[str, Told]) -> None:
        follow(self.page, "Write")
        fill(self.page, told)
        press(self.page, "Save and read it through")

    def asks_for_approval(self) -> None:
        sees_heading(self.page, "What the office would be told")
        sees(self.page, "Nothing stands in the way")
        press(self.page, "Ask for approval")

    def waits_for_the_file(self) -> None:
        for _look in range(LOOKS):
            if self.page.get_by_role("button", name="Download the sealed file").count():
                return
            self.page.wait_for_timeout(BETWEEN_MS)
            self.page.reload()
        sees(self.page, "Download the sealed file")

    def downloads(self, into: Path) -> Path:
        with self.page.expect_download() as got:
            press_and_stay(self.page, "Download the sealed file")
        path = into / got.value.suggested_filename
        got.value.save_as(path)
        return path

    def records_the_hand_over(self, how: str) -> None:
        follow(self.page, "It was handed over")
        fill(self.page, {"How it reached them": how})
        press(self.page, "Record it")

    def records_the_receipt(self, number: str) -> None:
        follow(self.page, "The receipt was confirmed")
        fill(self.page, {"The office's number for the case": number})
        press(self.page, "Record it")

    def records_the_answer(self, *, answer: str, words: str) -> None:
        follow(self.page, "The office answered")
        fill(self.page, {"What the office answered": answer, "In their words": words})
        press(self.page, "Record the answer")
