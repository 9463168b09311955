"""The staff door's own pages, as allauth draws them with our templates."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse

from rainbowrail.accounts.adapter import StaffAdapter
from rainbowrail.accounts.models import User
from rainbowrail.audit.models import AuditEvent
from tests.clients import CarefulClient
from tests.factories.accounts import PASSWORD

LOGIN = "/account/login/"


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def sign_in(client: CarefulClient, email: str, password: str = PASSWORD, **kwargs: object) -> object:
    return client.post(LOGIN, {"login": email, "password": password}, **kwargs)  # type: ignore[arg-type]


def test_a_member_of_staff_signs_in_and_out_and_both_are_on_record(staff_client: CarefulClient, cleo: User) -> None:
    assert staff_client.get(LOGIN).status_code == 200
    response = staff_client.post(LOGIN + "?next=/components/", {"login": "Cleo@Example.org ", "password": PASSWORD})
    assert (response.status_code, response.headers["Location"]) == (302, "/components/")
    staff_client.post("/account/logout/")
    assert "_auth_user_id" not in staff_client.session
    assert list(AuditEvent.objects.filter(actor_id=cleo.pk).order_by("id").values_list("verb", flat=True)) == [
        "accounts.signed_in",
        "accounts.signed_out",
    ]


def test_signing_in_leads_to_the_first_page_that_the_role_may_open(staff_client: CarefulClient, fay: User) -> None:
    response = staff_client.post(LOGIN, {"login": fay.email, "password": PASSWORD}, follow=True)
    assert response.redirect_chain[-1] == (reverse("audit:trail"), 302)


@pytest.mark.parametrize(("email", "password"), [("cleo@example.org", "wrong"), ("nobody@example.org", PASSWORD)])
def test_a_wrong_password_and_an_unknown_address_look_the_same(
    staff_client: CarefulClient, cleo: User, email: str, password: str
) -> None:
    page = sign_in(staff_client, email, password).content.decode()  # type: ignore[attr-defined]
    assert "not correct" in page and "_auth_user_id" not in staff_client.session


def test_a_closed_account_cannot_sign_in(staff_client: CarefulClient, cleo: User) -> None:
    User.objects.filter(pk=cleo.pk).update(is_active=False)
    sign_in(staff_client, "cleo@example.org", follow=True)
    assert "_auth_user_id" not in staff_client.session


def test_guessing_a_password_is_slowed_down(staff_client: CarefulClient, cleo: User) -> None:
    for _ in range(12):
        last = sign_in(staff_client, "cleo@example.org", "wrong")
    assert "Too many" in last.content.decode()  # type: ignore[attr-defined]
    sign_in(staff_client, "cleo@example.org")
    assert "_auth_user_id" not in staff_client.session


def test_the_limits_keep_no_address_of_a_browser() -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.9")
    kept = StaffAdapter(request).get_client_ip(request)
    assert "203" not in kept and len(kept) == 32
    assert kept == StaffAdapter(request).get_client_ip(request)


@pytest.mark.parametrize(
    "name",
    [
        "account_signup",
        "account_email",
        "account_reset_password",
        "account_change_password",
        "account_confirm_email",
        "mfa_add_webauthn",
        "socialaccount_login_error",
    ],
)
def test_pages_we_do_not_need_do_not_exist(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize(
    "address", ["/account/logout/", "/account/inactive/", "/account/reauthenticate/", "/account/second-factor/"]
)
def test_every_page_of_an_account_is_fit_to_be_shown(staff_client: CarefulClient, cleo: User, address: str) -> None:
    sign_in(staff_client, "cleo@example.org")
    assert staff_client.get(address).status_code == 200


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(staff_client: CarefulClient, cleo: User) -> None:
    cookie = sign_in(staff_client, "cleo@example.org").cookies["staff"]  # type: ignore[attr-defined]
    assert cookie["httponly"] and cookie["samesite"] == "Strict" and not cookie["max-age"]


# --- second factor ---


@pytest.fixture
def enrolled(staff_client: CarefulClient, cleo: User) -> str:
    """Enrol through the pages and return the secret that the page showed."""
    sign_in(staff_client, "cleo@example.org")
    assert staff_client.get("/account/second-factor/app/").status_code == 302  # first show that it is you
    staff_client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = staff_client.get("/account/second-factor/app/")
    secret = page.context["form"].secret
    assert secret in page.content.decode() and "<svg" in page.content.decode()
    response = staff_client.post("/account/second-factor/app/", {"code": code_now(secret)})
    assert response.status_code == 302, response.content.decode()
    return str(secret)


def code_now(secret: str) -> str:
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def test_the_secret_of_a_second_factor_is_sealed_in_the_database(enrolled: str) -> None:
    rows = [str(data) for data in Authenticator.objects.values_list("data", flat=True)]
    assert len(rows) == 2  # the app and the recovery codes
    assert not any(enrolled in row for row in rows)
    seeds = [RecoveryCodes(one) for one in Authenticator.objects.filter(type="recovery_codes")]
    assert seeds[0].get_unused_codes()[0] not in "".join(rows)


def test_signing_in_asks_for_the_code_and_the_code_opens(staff_client: CarefulClient, enrolled: str) -> None:
    staff_client.post("/account/logout/")
    cache.clear()  # the same half minute: the code was just used for enrolling
    response = sign_in(staff_client, "cleo@example.org", follow=True)
    assert "_auth_user_id" not in staff_client.session
    assert "Code from your app" in response.content.decode()  # type: ignore[attr-defined]
    staff_client.post("/account/second-factor/authenticate/", {"code": code_now(enrolled)})
    assert "_auth_user_id" in staff_client.session


def test_a_wrong_code_does_not_open(staff_client: CarefulClient, enrolled: str) -> None:
    staff_client.post("/account/logout/")
    sign_in(staff_client, "cleo@example.org")
    response = staff_client.post("/account/second-factor/authenticate/", {"code": "000000"})
    assert response.status_code == 200 and "_auth_user_id" not in staff_client.session


@pytest.mark.parametrize(
    "address",
    ["", "app/remove/", "recovery-codes/", "recovery-codes/new/", "reauthenticate/"],
)
def test_every_page_of_a_second_factor_is_fit_to_be_shown(staff_client: CarefulClient, enrolled: str, address: str) -> None:
    assert staff_client.get("/account/second-factor/" + address).status_code == 200
