"""The main staff pages, by the rules of axe: no violation. Those of applicants are in test_pages."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.conftest import Ask
from tests.journeys.people import ReferralOfficer, TriageLead
from tests.journeys.stories import PARTS_FOR_CANADA, draft_for_canada
from tests.worlds import OpenBrowser, Running

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


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
