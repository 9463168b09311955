"""The staff of the journeys. Their methods are sentences; they know the words on the pages and nothing behind them."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Self

from playwright.sync_api import BrowserContext, FilePayload, expect

from tests.journeys.hands import (
    Told,
    begins_with,
    fill,
    follow,
    press,
    press_and_stay,
    script_listens,
    section,
    sees,
    sees_heading,
)

LOOKS, BETWEEN_MS = 120, 500  # how often somebody looks again, and after how long


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
