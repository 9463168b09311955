"""What a stolen browser session must not do: each of these pages asks for a factor again after ten minutes."""

from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse

from rainbowrail.accounts import standing
from rainbowrail.accounts.models import StaffSession, User
from rainbowrail.accounts.sessions import opened
from rainbowrail.audit.models import AuditEvent
from rainbowrail.roles import Role
from rainbowrail.web.recent import recent_of
from tests.architecture.test_doors import STAFF_URLS, address, pages
from tests.clients import CarefulClient
from tests.factories.accounts import code_now, enrol_app, make_staff

# Page, and where the person finds the button again: exports, keys, roles, erasing, factors. A later sensitive page joins here.
SENSITIVE = {
    "referrals:approve": "referrals:read",
    "referrals:file": "referrals:referral",
    "referrals:passphrase": "referrals:referral",
    "referrals:recipients": "",
    "referrals:recipient": "",
    "cases:erase": "",
    "cases:decide_erasure": "cases:erase",
    "cases:file_erase": "",
    "account_invite": "",
    "account_person": "",
    "account_close_person": "account_person",
    "account_reopen_person": "account_person",
    "account_send_password_link": "account_person",
    "account_ask_reset": "account_person",
    "account_decide_reset": "account_people",
    "account_send_invitation_again": "account_people",
    "account_revoke_invitation": "account_people",
    "mfa_add_webauthn": "",
    "mfa_activate_totp": "",
    "mfa_remove": "",
    "mfa_view_recovery_codes": "",
    "mfa_generate_recovery_codes": "mfa_view_recovery_codes",
}
ROUTED = {name: (entry, converters) for name, entry, converters in pages(STAFF_URLS)}


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


@pytest.mark.parametrize("name", SENSITIVE)
def test_it_wears_the_mark(name: str) -> None:
    mark = recent_of(ROUTED[name][0].callback)
    assert mark is not None and mark.form == SENSITIVE[name]


@pytest.mark.parametrize("name", SENSITIVE)
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
    if method == "get" or not SENSITIVE[name]:
        assert then == here
    else:
        assert then == address(STAFF_URLS, SENSITIVE[name], ROUTED[SENSITIVE[name]][1])


def test_nothing_of_the_form_is_kept(everyone: User, staff_client: CarefulClient) -> None:
    staff_client.force_login(everyone)
    let_ten_minutes_pass(staff_client)
    staff_client.post(reverse("account_invite"), {"email": "canary@example.org", "reason": "canary"})
    row = StaffSession.objects.get(person=everyone)
    assert "canary" not in str(opened(row)) and "canary" not in row.data


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
