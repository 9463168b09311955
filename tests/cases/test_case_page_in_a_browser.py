"""The case page where only a browser can tell: a note is kept while it is typed, under the page's own policy, and its key."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from cases.models import Case
from cases.states import CaseState
from rainbowrail.accounts.models import User
from tests.clients import CarefulClient
from tests.factories.cases import make_case_in
from tests.journeys.hands import script_listens
from tests.rainbowrail.web.test_gallery_in_a_browser import HOST, answers_with

pytestmark = pytest.mark.django_db
NOTE = "She will call again on Tuesday."


@dataclass
class Desk:
    """A window with the drawn case page. What the page sends to be kept stands in `sent`; `door` says how that is answered."""

    page: Page
    keep: str
    sent: list[dict[str, list[str]]] = field(default_factory=list)
    door: str = "keeps"

    def answer(self, route: Route) -> None:
        self.sent.append(parse_qs(route.request.post_data or ""))
        if self.door == "is gone":
            route.abort()
        elif self.door == "asks to sign in":
            route.fulfill(status=302, headers={"Location": "/sign-in/"})
        else:
            route.fulfill(status=204)

    def types(self, text: str) -> None:
        self.page.get_by_label("Note", exact=True).press_sequentially(text)


@pytest.fixture
def case(cleo: User) -> Case:
    return make_case_in(CaseState.IN_REVIEW, owner=cleo)


@pytest.fixture
def desk(browser: Browser, staff_client: CarefulClient, cleo: User, case: Case) -> Iterator[Desk]:
    staff_client.force_login(cleo)
    drawn: Any = staff_client.get(f"/cases/{case.reference}/")
    policy = drawn.headers["Content-Security-Policy"]
    page = browser.new_page()
    desk = Desk(page, f"/cases/{case.reference}/typed/note/")

    def show(route: Route) -> None:
        headers = {"Content-Security-Policy": policy}
        route.fulfill(body=drawn.content.decode(), content_type="text/html; charset=utf-8", headers=headers)

    page.route("**/*", answers_with(""))
    page.route(f"{HOST}/cases/{case.reference}/", show)
    page.route(f"{HOST}{desk.keep}", desk.answer)
    page.clock.install()
    page.goto(f"{HOST}/cases/{case.reference}/")
    script_listens(page)
    yield desk
    page.context.close()


def test_what_is_typed_is_sent_once_some_seconds_after_the_last_key(desk: Desk) -> None:
    desk.types(NOTE)
    assert desk.sent == []
    desk.page.clock.fast_forward(5_000)
    expect(desk.page.get_by_text("Kept, sealed, until you save it.")).to_be_visible()
    (sent,) = desk.sent
    assert sent["text"] == [NOTE] and sent["csrfmiddlewaretoken"] and sent["once"]
    assert urlsplit(desk.page.url).query == ""


@pytest.mark.parametrize(
    ("door", "said"),
    [("is gone", "What you type is not being kept just now."), ("asks to sign in", "Your session has ended.")],
)
def test_the_page_says_when_it_is_not_kept_and_the_words_stay(door: str, said: str, desk: Desk) -> None:
    desk.door = door
    desk.types(NOTE)
    desk.page.clock.fast_forward(5_000)
    expect(desk.page.get_by_text(said)).to_be_visible()
    expect(desk.page.get_by_label("Note", exact=True)).to_have_value(NOTE)


def test_the_key_n_begins_a_note_and_is_a_letter_within_it(desk: Desk) -> None:
    desk.page.keyboard.press("n")
    expect(desk.page.get_by_label("Note", exact=True)).to_be_focused()
    desk.page.keyboard.press("n")
    expect(desk.page.get_by_label("Note", exact=True)).to_have_value("n")
