"""What a stolen browser session must not do: each of these pages asks for a factor again after ten minutes."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse

from cases.states import CaseState
from rainbowrail.accounts import standing
from rainbowrail.accounts.models import StaffSession, User
from rainbowrail.accounts.sessions import opened
from rainbowrail.audit.models import AuditEvent
from rainbowrail.roles import Role
from rainbowrail.web.exports import lets_out
from rainbowrail.web.recent import recent_of
from tests.architecture.test_doors import STAFF_URLS, address, original, pages
from tests.clients import CarefulClient
from tests.factories.accounts import code_now, enrol_app, make_staff
from tests.factories.cases import make_case_in

ROUTED = {name: (entry, converters) for name, entry, converters in pages(STAFF_URLS)}
# Every view with the mark, and the page where the person finds the button again ("" is the view itself).
MARKED = {name: mark.form for name, (entry, _) in ROUTED.items() if (mark := recent_of(entry.callback))}
# Where roles, keys, erasing, release and the panic plan are worked: what has no mark there says here why not.
GUARDED = (
    "rainbowrail.accounts.views.factors", "rainbowrail.accounts.views.own_password",
    "rainbowrail.accounts.views.people", "rainbowrail.accounts.views.roles", "rainbowrail.panic.views",
    "cases.views.access", "cases.views.codes", "cases.views.erasing", "cases.views.leaving", "referrals.views.packet",
    "referrals.views.recipients",
)  # fmt: skip
UNASKED = {
    "mfa_index": "only shows which factors there are, without their secrets",
    "account_people": "only shows who works here",
    "account_roles": "only shows which roles wait; answering is another address, which asks",
    "panic:plan": "only shows the plan",
    "panic:ask_end": "ends nothing; a second person does, and is asked",
    "panic:keep": "leaves the plan in force",
    "cases:access": "only shows who asks, of cases one sees or asked for",
    "cases:ask_access": "opens nothing; a lead decides",
    "cases:decide_access": "what it opens opens for somebody else, who is asked for whatever harms",
    "cases:new_code": "puts on record who was recognised; another address makes the code, and asks",
    "cases:leavers": "only shows who works here",
    "cases:erasures": "only shows what is to be decided",
    "cases:postpone": "keeps what would be erased",
    "referrals:read": "a look at one's own work, on record as a look",
    "referrals:submit": "releases nothing; a second person approves, and is asked",
    "referrals:told": "notes that the passphrase was told; it is shown on another page, which asks",
}
# What leaves the building without the question, and why.
LOOKS = {
    "cases:file_copy": "a picture on the page, on record as a look; whatever a browser keeps is taken by another address",
    "cases:reading_copy": "the same look, in a colleague's place",
}


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def everyone(db: None) -> User:
    """One person with every role, so that no page is refused for another reason."""
    return make_staff(*Role, name="Ida", email="ida@example.org")


def let_ten_minutes_pass(client: CarefulClient) -> None:
    session = client.session
    session[standing.KEY] = session[standing.KEY] | {"at": session[standing.KEY]["at"] - 601}
    session.save()


def test_the_walk_finds_the_pages_by_their_marks() -> None:
    assert {"account_person", "cases:erase", "referrals:file", "panic:begin", "audit:table", "account_password"} <= set(MARKED)


def test_whatever_is_added_where_much_harm_can_be_done_asks_again_or_says_why_not() -> None:
    unasked = {
        name for name, (entry, _) in ROUTED.items() if original(entry.callback).__module__ in GUARDED and name not in MARKED
    }
    assert unasked == set(UNASKED)


def test_whatever_leaves_the_building_asks_again() -> None:
    assert {name for name, (entry, _) in ROUTED.items() if lets_out(entry.callback)} - set(MARKED) == set(LOOKS)


@pytest.mark.parametrize("name", MARKED)
@pytest.mark.parametrize("method", ["get", "post"])
def test_after_ten_minutes_it_leads_to_the_page_that_asks_and_from_there_to_the_form(
    name: str, method: str, everyone: User, staff_client: CarefulClient
) -> None:
    staff_client.force_login(everyone)
    let_ten_minutes_pass(staff_client)
    here = address(STAFF_URLS, name, ROUTED[name][1])
    response = getattr(staff_client, method)(here, {"reason": "what was typed"} if method == "post" else None)
    to = urlsplit(response.headers["Location"])
    assert (response.status_code, to.path) == (302, reverse("account_confirm"))
    (then,) = parse_qs(to.query)["next"]
    if method == "get" or not MARKED[name]:
        assert then == here
    else:
        assert then == address(STAFF_URLS, MARKED[name], ROUTED[MARKED[name]][1])


def test_nothing_of_the_form_is_kept(everyone: User, staff_client: CarefulClient) -> None:
    staff_client.force_login(everyone)
    let_ten_minutes_pass(staff_client)
    staff_client.post(reverse("account_invite"), {"email": "canary@example.org", "reason": "canary"})
    row = StaffSession.objects.get(person=everyone)
    assert "canary" not in str(opened(row)) and "canary" not in row.data


def test_the_colleagues_who_were_chosen_as_heirs_are_found_chosen_again(everyone: User, staff_client: CarefulClient) -> None:
    leaver, heir, other = make_staff(Role.CASEWORKER), make_staff(Role.CASEWORKER), make_staff(Role.CASEWORKER)
    make_case_in(CaseState.IN_REVIEW, owner=leaver)
    staff_client.force_login(everyone)
    page = reverse("cases:hand_over", args=[leaver.pk])
    let_ten_minutes_pass(staff_client)
    asked = staff_client.post(page, {"heirs": [heir.pk, "canary"]})
    (then,) = parse_qs(urlsplit(asked.headers["Location"]).query)["next"]
    assert then == f"{page}?heirs={heir.pk}"
    staff_client.force_login(everyone)
    shown = staff_client.get(then).content.decode()
    chosen = [tag for tag in re.findall(r"<input[^>]*>", shown) if "checked" in tag]
    assert [f'value="{heir.pk}"' in tag for tag in chosen] == [True]
    assert f'value="{other.pk}"' in shown
    assert staff_client.get(f"{page}?heirs=canary&heirs=%00&heirs={'9' * 40}").status_code == 200


def test_within_ten_minutes_nobody_is_asked(everyone: User, staff_client: CarefulClient) -> None:
    staff_client.force_login(everyone)
    assert staff_client.get(reverse("account_invite")).status_code == 200


def test_a_code_confirms_leads_back_and_is_on_record(everyone: User, staff_client: CarefulClient) -> None:
    secret = enrol_app(everyone)
    staff_client.force_login(everyone)
    let_ten_minutes_pass(staff_client)
    to = staff_client.get(reverse("account_invite")).headers["Location"]
    page = staff_client.get(to)
    assert "Please show that it is you" in page.content.decode()
    wrong = staff_client.post(to, {"code": "000000"})
    assert wrong.status_code == 200 and "does not fit" in wrong.content.decode()
    response = staff_client.post(reverse("account_confirm"), {"code": code_now(secret), "next": reverse("account_invite")})
    assert response.headers["Location"] == reverse("account_invite")
    assert staff_client.get(reverse("account_invite")).status_code == 200
    assert AuditEvent.objects.get(verb="accounts.confirmed").detail == {"kind": "app"}


@pytest.mark.parametrize("then", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_it_leads_nowhere_else(then: str, everyone: User, staff_client: CarefulClient) -> None:
    secret = enrol_app(everyone)
    staff_client.force_login(everyone)
    response = staff_client.post(reverse("account_confirm"), {"code": code_now(secret), "next": then})
    assert response.headers["Location"] == reverse("account_home")


def test_a_clock_that_was_put_back_opens_nothing_longer(everyone: User, staff_client: CarefulClient) -> None:
    with time_machine.travel("2026-11-21 10:00:00 +0000", tick=False) as clock:
        staff_client.force_login(everyone)
        clock.shift(-60)
        assert staff_client.get(reverse("account_invite")).status_code == 302
