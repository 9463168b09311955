"""Every applicant page and the main staff pages, by the rules of axe: no violation, in light and dark, small and wide."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from intake.steps import STEPS
from tests.journeys.conftest import Ask
from tests.journeys.people import Applicant, Caseworker, ReferralOfficer, TriageLead
from tests.journeys.stories import PARTS_FOR_CANADA, draft_for_canada
from tests.worlds import OpenBrowser, Running

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WORST = "I think I could be killed or badly hurt today or tomorrow"
QUESTION = "Is the place still safe?"


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": RULES, "preload": False}).response["violations"]
    return [f"{page.url}: {one['id']} at {[node['target'] for node in one['nodes']]}" for one in found]


class Looks:
    """Collects what axe finds, so that one run tells everything."""

    def __init__(self, page: Page) -> None:
        self.page, self.found = page, list[str]()

    def here(self) -> None:
        self.found += violations(self.page)

    def at(self, address: str) -> None:
        self.page.goto(address)
        self.here()


@pytest.fixture(params=["light", "dark"])
def applicant(request: pytest.FixtureRequest, somebody: Ask) -> Iterator[Applicant]:
    yield somebody(color_scheme=request.param)


def test_every_page_of_an_applicant(applicant: Applicant, cleo: Caseworker) -> None:
    looks = Looks(applicant.page)
    for path in ("/", "/begin", "/more", "/languages", "/back"):
        looks.at(applicant.door + path)
    applicant.page.goto(f"{applicant.door}/form/s01")
    applicant.answers("How safe are you now?", {"How much danger are you in today?": WORST})
    looks.at(f"{applicant.door}/form/s01/now")
    for step in STEPS:
        looks.at(f"{applicant.door}/form/{step.slug}")
    applicant.page.goto(f"{applicant.door}/form/s31")
    applicant.answers("Your permission", {})
    applicant.sees("Without it we cannot help")
    looks.here()  # the page with its errors
    applicant.answers("Your permission", {"You may keep what I wrote": True})
    looks.here()  # the page that checks the answers
    applicant.goes_on_to_the_code()
    looks.here()
    for path in ("/erase", "/send"):
        looks.at(applicant.door + path)
    applicant.sends()
    looks.here()

    case = cleo.sees_in_the_queue(country="Not stated", reasons="killed or badly hurt")
    cleo.opens_case(case)
    cleo.takes_the_case()
    cleo.asks(QUESTION)
    looks.at(f"{applicant.door}/here")
    applicant.page.get_by_role("link", name="Answer", exact=True).click()
    looks.here()
    applicant.page.goto(f"{applicant.door}/here")
    applicant.replies("Yes.")
    looks.here()
    looks.at(f"{applicant.door}/leave")
    looks.at(f"{applicant.door}/sent")  # the session is over
    looks.at(f"{applicant.door}/nowhere")
    assert looks.found == []


def test_the_main_pages_of_staff(
    open_browser: OpenBrowser, running: Running, somebody: Ask, dana: TriageLead, eli: ReferralOfficer
) -> None:
    somebody().sends_a_short_request(name="Sosefina", country="Tonga")
    stranger = Looks(open_browser().new_page())
    stranger.at(running.staff)

    lead = Looks(dana.page)
    case = dana.sees_in_the_queue(country="Tonga", reasons="")
    lead.here()
    dana.opens_case(case)
    dana.takes_the_case()
    for path in ("", "ask/", "tell/", "assess/", "next-step/", "urgency/", "move/close/", "move/verify/"):
        lead.at(f"{running.staff}/cases/{case}/{path}")
    for path in ("/?band=urgent&stage=received", "/?country=VAT", "/referrals/", "/referrals/officials/", "/components/"):
        lead.at(running.staff + path)

    dana.opens_case(case)
    dana.verifies()
    dana.marks_ready()
    officer = Looks(eli.page)
    referral = eli.begins_a_referral(case, official="Robin Official")
    officer.here()
    officer.at(f"{referral}consent/")
    eli.opens_referral(referral)
    eli.records_consent(parts=PARTS_FOR_CANADA)
    officer.at(f"{referral}write/")
    eli.opens_referral(referral)
    eli.writes(draft_for_canada("SOMEBODY Example", "They came at night."))
    officer.here()
    for path in ("/referrals/", f"/referrals/new/{case}/"):
        officer.at(running.staff + path)
    assert stranger.found + lead.found + officer.found == []
