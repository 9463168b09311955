"""One journey full of canary words, told once; then everything is seized and searched."""

import json
import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, FilePayload

from tests.journeys.applicant import Applicant
from tests.journeys.people import Caseworker, ReferralOfficer, TriageLead
from tests.journeys.stories import PARTS_FOR_CANADA, Story, all_pages, draft_for_canada
from tests.rainbowrail.crypto import hostile
from tests.seizure import places
from tests.seizure.search import needles, search
from tests.worlds import DESK, PHONE, Running

LATIN, ARABIC = "bcdfghjklmnpqrstvwxz", "ضصثقفغعهخحجدشسيبلاتنمكطئءرىةوزظ"
BAND_REASON = "shelter is certain for 7 nights"


def rare(alphabet: str, length: int) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))


@dataclass
class Canaries:
    """Words that stand in no other world: one stem for what an applicant and staff write, one in Arabic letters.

    The address has a stem of its own, because a mail must bear it.
    """

    latin: str = field(default_factory=lambda: rare(LATIN, 12))
    arabic: str = field(default_factory=lambda: rare(ARABIC, 10))
    address: str = field(default_factory=lambda: rare(LATIN, 12))
    _count: int = 0

    def word(self, what: str) -> str:
        """Return a new canary, in both alphabets; `what` names it for whoever finds it."""
        self._count += 1
        return f"{self.latin}{self._count} {self.arabic} {what}"

    def stems(self) -> list[str]:
        return [self.latin, self.arabic, self.address]


@dataclass
class Told:
    """What was told in the journey, and what was found on the way: `early` while it was not over yet."""

    canaries: Canaries
    code: str = ""
    secrets: list[str] = field(default_factory=list)
    early: dict[str, dict[str, bytes]] = field(default_factory=dict)
    seen_with_the_code: str = ""
    seen_with_files: str = ""
    message: str = ""

    def wanted(self) -> dict[bytes, str]:
        """Return all that must not be found anywhere, in every form."""
        digits = self.code.replace(" ", "")
        arabic = digits.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
        parts = [self.code, self.code.replace(" ", "-"), digits[:10], digits[5:15], digits[10:20], digits[15:], arabic[:15]]
        groups = self.code.split()
        pairs = [f"{one} {two}" for one, two in pairwise(groups)]
        return needles([*self.canaries.stems(), *self.secrets, *(parts + pairs if digits else [])])

    def look(self, haystacks: Iterator[places.Haystack]) -> dict[str, dict[str, bytes]]:
        """Return what is found, by place."""
        wanted = self.wanted()
        return {place: found for place, data in haystacks if (found := search(wanted, data))}

    def look_early(self, running: Running, moment: str) -> None:
        """Seize what is quick to take, in the middle of the journey."""
        for haystacks in (places.database(running), places.redis_memory(running), places.everything_else(running)):
            for place, found in self.look(haystacks).items():
                self.early[f"{moment}: {place}"] = found


def story_of(canaries: Canaries) -> Story:
    return Story(
        name=canaries.word("name"),
        e_mail=f"{canaries.address}@example.org",
        city=canaries.word("city"),
        own_words=canaries.word("own words"),
        answer=canaries.word("answer"),
    )


def files_of(canaries: Canaries) -> list[FilePayload]:
    """A picture whose name and EXIF are canaries, and a text that is one."""
    return [
        {
            "name": f"{canaries.word('file name')}.jpg",
            "mimeType": "image/jpeg",
            "buffer": hostile.picture(size=(600, 400), told=canaries.latin),
        },
        {
            "name": f"{canaries.word('second file name')}.txt",
            "mimeType": "text/plain",
            "buffer": (canaries.word("file content") * 50).encode(),
        },
    ]


def partners_file_of(canaries: Canaries) -> FilePayload:
    """One row that a partner collected; what it says is a canary in every column that takes words."""
    row = {
        "external_id": canaries.word("row"),
        "consent_given_on": datetime.now(UTC).date().isoformat(),
        "consent_how": "spoken",
        "call_you": canaries.word("row name"),
        "region": canaries.word("row region"),
        "own_words": canaries.word("row words"),
        "contact_person_address": canaries.word("row address"),
    }
    return {"name": f"{canaries.latin}.json", "mimeType": "application/json", "buffer": json.dumps([row]).encode()}


@pytest.fixture(scope="module")
def told(running: Running, browser: Browser) -> Iterator[Told]:
    """Tell the journey: a draft in two browsers, sent while nobody works, read, asked, answered, referred."""
    canaries = Canaries()
    story, told = story_of(canaries), Told(canaries)
    with ExitStack() as stack:

        def phone() -> Applicant:
            context = browser.new_context(viewport=PHONE, locale="en")  # type: ignore[arg-type]
            stack.callback(context.close)
            return Applicant(context, running.public, code=told.code)

        def desk[Person: Caseworker | ReferralOfficer](person: type[Person]) -> Person:
            context = browser.new_context(viewport=DESK, locale="en")  # type: ignore[arg-type]
            stack.callback(context.close)
            return person(context, running.staff)

        ade = phone()
        ade.reads_what_will_happen()
        ade.begins_without_a_code()
        for title, answers in all_pages(story):
            if title == "The people with you":
                ade.adds_a_person(canaries.word("household"))
            if title == "How long you can stay there":
                ade.mistypes("For how many more nights are you sure of this place?", canaries.word("mistake"))
            ade.answers(title, answers)
        ade.goes_on_to_the_code()
        told.code = ade.takes_the_code()
        told.secrets += ade.cookie_secrets()
        told.look_early(running, "draft")

        running.world.children["worker"].stop()
        ade.goes_on_to_send()
        ade.sends()
        told.secrets += ade.cookie_secrets()
        told.look_early(running, "sent, not opened")
        running.world.children["worker"].start()

        cleo, dana, eli = desk(Caseworker), desk(TriageLead), desk(ReferralOfficer)
        case = cleo.sees_in_the_queue(country="Kenya", reasons=BAND_REASON)
        cleo.opens_case(case)
        cleo.takes_the_case()
        cleo.notes(canaries.word("note"))
        cleo.types_without_saving(canaries.word("unsaved"))
        eli.asks_to_open(case, reason=canaries.word("reason to open"))
        dana.brings_in("Harbour House", partners_file_of(canaries))
        cleo.opens_case(case)
        cleo.asks(canaries.word("question"))
        told.message = canaries.word("message")
        cleo.writes(told.message)

        ade = phone()
        ade.comes_back()
        ade.sees(told.message)
        ade.replies(story.answer)
        ade.page.goto(f"{ade.door}/here/files")
        ade.adds_files(*files_of(canaries))
        ade.sees("Today 2 files arrived.")
        told.seen_with_files = ade.page.content()
        ade.page.goto(f"{ade.door}/here")
        told.seen_with_the_code = ade.page.content()
        number = f"+256700{secrets.randbelow(10**6):06}"
        ade.may_be_called(number=number, word=canaries.word("plan"))
        told.secrets += [number[1:], *ade.cookie_secrets()]
        told.look_early(running, "open, with text that nobody saved")

        cleo.opens_case(case)
        cleo.sees_the_answer(story.answer)
        cleo.looks_at_the_file(canaries.latin, ".jpg")
        cleo.opens_case(case)
        cleo.assesses(verification="Plausible", summary=canaries.word("assessment"))
        cleo.verifies()
        dana.opens_case(case)
        dana.marks_ready()
        referral = eli.begins_a_referral(case, official="Robin Official")
        eli.records_consent(parts=PARTS_FOR_CANADA, note=canaries.word("consent note"))
        eli.writes(draft_for_canada(canaries.word("legal name"), canaries.word("claim")))
        eli.asks_for_approval()
        dana.opens_referral(referral)
        dana.reads_and_approves(canaries.latin)
        eli.opens_referral(referral)
        eli.waits_for_the_file()
        eli.records_the_hand_over("On a medium, in person")
        eli.records_the_receipt(canaries.word("number"))
        eli.records_the_answer(answer="Accepted", words=canaries.word("outcome"))
        dana.opens_case(case)
        dana.closes(why="Arrived in a safe country", reason=canaries.word("reason"))
        yield told
