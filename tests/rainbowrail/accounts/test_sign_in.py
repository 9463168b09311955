"""The staff door's own pages: a password, a second factor, and nothing before both."""

import re
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.cache import cache
from django.urls import NoReverseMatch, reverse

from rainbowrail.accounts import standing
from rainbowrail.accounts.models import User
from rainbowrail.audit.models import AuditEvent
from rainbowrail.web.doors import DoorKind, door_of
from tests.architecture.test_doors import STAFF_URLS, address, pages
from tests.clients import CarefulClient
from tests.factories.accounts import PASSWORD, code_now, enrol_app

LOGIN = "/account/login/"
SECOND = "/account/second-factor/authenticate/"


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def sign_in(client: CarefulClient, email: str, password: str = PASSWORD, **kwargs: Any) -> Any:
    return client.post(LOGIN, {"login": email, "password": password}, **kwargs)


def verbs_of(person: User) -> list[str]:
    return list(AuditEvent.objects.filter(actor_id=person.pk).order_by("id").values_list("verb", flat=True))


def is_signed_in(client: CarefulClient) -> bool:
    return "_auth_user_id" in client.session


# --- password and code ---


def test_a_member_of_staff_signs_in_with_both_factors_and_out_and_all_is_on_record(
    staff_client: CarefulClient, cleo: User
) -> None:
    secret = enrol_app(cleo)
    assert staff_client.get(LOGIN).status_code == 200
    response = staff_client.post(LOGIN + "?next=/components/", {"login": "Cleo@Example.org ", "password": PASSWORD})
    assert response.headers["Location"] == SECOND and not is_signed_in(staff_client)
    response = staff_client.post(SECOND, {"code": code_now(secret)})
    assert (response.status_code, response.headers["Location"]) == (302, "/components/")
    assert staff_client.get("/components/").status_code == 200
    staff_client.post("/account/logout/")
    assert not is_signed_in(staff_client)
    assert verbs_of(cleo) == ["accounts.signed_in", "accounts.signed_out"]


def test_signing_in_leads_to_the_first_page_that_the_role_may_open(staff_client: CarefulClient, fay: User) -> None:
    secret = enrol_app(fay)
    sign_in(staff_client, fay.email)
    response = staff_client.post(SECOND, {"code": code_now(secret)}, follow=True)
    assert response.redirect_chain[-1] == (reverse("audit:trail"), 302)


@pytest.mark.parametrize(("email", "password"), [("cleo@example.org", "wrong"), ("nobody@example.org", PASSWORD)])
def test_a_wrong_password_and_an_unknown_address_look_the_same(
    staff_client: CarefulClient, cleo: User, email: str, password: str
) -> None:
    page = sign_in(staff_client, email, password).content.decode()
    assert "not correct" in page and not is_signed_in(staff_client)


def test_a_failure_is_on_record_without_the_address_that_was_typed(staff_client: CarefulClient, cleo: User) -> None:
    sign_in(staff_client, "cleo@example.org", "wrong")
    sign_in(staff_client, "somebody@elsewhere.example", "wrong")
    lines = AuditEvent.objects.filter(verb="accounts.sign_in_failed").order_by("id")
    assert [(line.actor_kind, line.thing_id, line.detail) for line in lines] == [
        ("system", str(cleo.pk), {"kind": "password"}),
        ("system", "", {"kind": "password"}),
    ]


def test_a_wrong_code_does_not_open_and_is_on_record(staff_client: CarefulClient, cleo: User) -> None:
    enrol_app(cleo)
    sign_in(staff_client, cleo.email)
    response = staff_client.post(SECOND, {"code": "000000"})
    assert "does not fit" in response.content.decode() and not is_signed_in(staff_client)
    assert AuditEvent.objects.get(verb="accounts.sign_in_failed").detail == {"kind": "code"}


def test_a_code_works_once(staff_client: CarefulClient, cleo: User) -> None:
    secret = enrol_app(cleo)
    code = code_now(secret)
    sign_in(staff_client, cleo.email)
    staff_client.post(SECOND, {"code": code})
    staff_client.post("/account/logout/")
    sign_in(staff_client, cleo.email)
    staff_client.post(SECOND, {"code": code})
    assert not is_signed_in(staff_client)


def test_a_closed_account_cannot_sign_in(staff_client: CarefulClient, cleo: User) -> None:
    User.objects.filter(pk=cleo.pk).update(is_active=False)
    sign_in(staff_client, "cleo@example.org", follow=True)
    assert not is_signed_in(staff_client)


@pytest.mark.parametrize(
    "name",
    [
        "account_signup", "account_email", "account_reset_password", "account_change_password", "account_confirm_email",
        "account_reauthenticate", "mfa_reauthenticate", "mfa_signup_webauthn", "socialaccount_login_error",
    ],
)  # fmt: skip
def test_pages_we_do_not_need_do_not_exist(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(staff_client: CarefulClient, cleo: User) -> None:
    cookie = sign_in(staff_client, "cleo@example.org").cookies["staff"]
    assert cookie["httponly"] and cookie["samesite"] == "Strict" and not cookie["max-age"]


@pytest.mark.parametrize("address", [LOGIN, "/account/inactive/"])
def test_every_open_page_is_fit_to_be_shown(staff_client: CarefulClient, address: str) -> None:
    assert staff_client.get(address).status_code == 200


# --- nothing before both ---


@pytest.mark.parametrize("role", ["cleo", "dana", "eli", "fay", "hana", "gus"])
def test_nobody_reaches_anything_with_a_password_alone(
    role: str, staff_client: CarefulClient, request: pytest.FixtureRequest
) -> None:
    """Every page of the staff door, those of later apps too: it leads to the enrolment, and the enrolment itself opens."""
    staff_client.force_password_login(request.getfixturevalue(role))
    opened = set()
    for name, entry, converters in pages(STAFF_URLS):
        door = door_of(entry.callback)
        assert door is not None
        if door.kind is DoorKind.OPEN:
            continue
        for method in (staff_client.get, staff_client.post):
            response = method(address(STAFF_URLS, name, converters))
            if (response.status_code, response.headers.get("Location")) != (302, reverse("mfa_index")):
                opened.add(name)
    assert opened == {"mfa_index", "mfa_add_webauthn", "mfa_activate_totp"}


def test_somebody_without_a_second_factor_sees_no_menu(staff_client: CarefulClient, dana: User) -> None:
    staff_client.force_password_login(dana)
    page = staff_client.get(reverse("mfa_index")).content.decode()
    assert "One more step" in page and "Sign out" in page
    assert reverse("cases:search") not in page and reverse("audit:footprint") not in page


def test_a_session_from_before_the_enrolment_is_not_raised_by_it(cleo: User) -> None:
    """Somebody with a stolen password waits signed in; the owner enrols; the thief's session opens nothing and ends."""
    thief = CarefulClient()
    thief.force_password_login(cleo)
    enrol_app(cleo)
    assert thief.get("/").headers["Location"].startswith(LOGIN)
    assert not is_signed_in(thief)


def test_a_session_from_before_cannot_add_a_factor_of_its_own(cleo: User) -> None:
    thief = CarefulClient()
    thief.force_password_login(cleo)
    enrol_app(cleo)
    assert thief.get(reverse("mfa_add_webauthn")).headers["Location"].startswith(LOGIN)


def test_the_mark_of_one_person_is_no_mark_of_another(staff_client: CarefulClient, cleo: User, dana: User) -> None:
    staff_client.force_password_login(dana)
    session = staff_client.session
    session[standing.KEY] = standing.mark_of(cleo)
    session.save()
    assert staff_client.get("/").headers["Location"] == reverse("mfa_index")


# --- enrolling an app ---


@pytest.fixture
def enrolled(staff_client: CarefulClient, cleo: User, django_capture_on_commit_callbacks: Any) -> str:
    """Enrol through the pages and return the secret that the page showed."""
    sign_in(staff_client, "cleo@example.org")
    page = staff_client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    assert secret in page.content.decode() and "<svg" in page.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        response = staff_client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)})
    assert response.headers["Location"] == reverse("mfa_view_recovery_codes"), response.content.decode()
    return str(secret)


def test_whoever_enrols_sees_the_recovery_codes_and_then_everything(staff_client: CarefulClient, enrolled: str) -> None:
    page = staff_client.post(reverse("mfa_view_recovery_codes")).content.decode()
    assert len(re.findall(r'<bdi dir="ltr">\d{12}</bdi>', page)) == 10
    assert staff_client.get("/").status_code == 200


def test_whoever_has_an_app_is_led_to_the_page_that_says_so(staff_client: CarefulClient, enrolled: str) -> None:
    for ask in (staff_client.get, staff_client.post):
        assert ask(reverse("mfa_activate_totp")).headers["Location"] == reverse("mfa_index")


def test_enrolling_is_on_record(staff_client: CarefulClient, enrolled: str, cleo: User) -> None:
    lines = AuditEvent.objects.filter(verb="accounts.factor_added", actor_id=cleo.pk)
    assert {line.detail["kind"] for line in lines} >= {"app"}


def test_the_secret_of_a_second_factor_is_sealed_in_the_database(enrolled: str) -> None:
    rows = [str(data) for data in Authenticator.objects.values_list("data", flat=True)]
    assert len(rows) == 2  # the app and the recovery codes
    assert not any(enrolled in row for row in rows)
    seeds = [RecoveryCodes(one) for one in Authenticator.objects.filter(type="recovery_codes")]
    assert seeds[0].get_unused_codes()[0] not in "".join(rows)


# --- recovery codes ---


def codes_shown(client: CarefulClient) -> list[str]:
    return re.findall(r'<bdi dir="ltr">(\d{12})</bdi>', client.post(reverse("mfa_view_recovery_codes")).content.decode())


def test_recovery_codes_are_shown_once_and_counted_afterwards(staff_client: CarefulClient, enrolled: str) -> None:
    assert len(codes_shown(staff_client)) == 10
    assert codes_shown(staff_client) == []
    assert "10 codes are left" in staff_client.get(reverse("mfa_view_recovery_codes")).content.decode()


def test_only_the_button_shows_the_recovery_codes(staff_client: CarefulClient, enrolled: str) -> None:
    """A browser that looks ahead, or asks for the head alone, does not use up the one time."""
    for ask in (staff_client.head, staff_client.get):
        page = ask(reverse("mfa_view_recovery_codes")).content.decode()
        assert not re.findall(r"\d{12}", page)
    assert "Show the codes" in page
    assert len(codes_shown(staff_client)) == 10
    assert "Show the codes" not in staff_client.get(reverse("mfa_view_recovery_codes")).content.decode()


def test_a_recovery_code_opens_once_and_its_use_is_on_record(staff_client: CarefulClient, enrolled: str, cleo: User) -> None:
    code = codes_shown(staff_client)[0]
    staff_client.post("/account/logout/")
    sign_in(staff_client, cleo.email)
    staff_client.post(SECOND, {"code": code})
    assert is_signed_in(staff_client)
    assert "9 codes are left" in staff_client.get(reverse("mfa_index")).content.decode()
    staff_client.post("/account/logout/")
    sign_in(staff_client, cleo.email)
    staff_client.post(SECOND, {"code": code})
    assert not is_signed_in(staff_client)
    assert "accounts.recovery_code_used" in verbs_of(cleo)


def test_new_codes_end_the_old_ones(staff_client: CarefulClient, enrolled: str) -> None:
    old = codes_shown(staff_client)
    staff_client.post(reverse("mfa_generate_recovery_codes"))
    new = codes_shown(staff_client)
    assert len(new) == 10 and not set(old) & set(new)


# --- removing ---


def test_the_last_second_factor_stays(staff_client: CarefulClient, enrolled: str, cleo: User) -> None:
    app = Authenticator.objects.get(user=cleo, type="totp")
    page = reverse("mfa_remove", args=[app.pk])
    assert "This is your last one" in staff_client.get(page).content.decode()
    assert staff_client.post(page).status_code == 409
    assert Authenticator.objects.filter(pk=app.pk).exists()


def test_a_factor_of_somebody_else_does_not_exist(staff_client: CarefulClient, cleo: User, dana: User) -> None:
    enrol_app(dana)
    staff_client.force_login(cleo)
    theirs = Authenticator.objects.get(user=dana, type="totp")
    assert staff_client.post(reverse("mfa_remove", args=[theirs.pk])).status_code == 404


# --- guessing ---


def test_guessing_a_password_is_slowed_down_and_never_locks_for_long(staff_client: CarefulClient, cleo: User) -> None:
    with time_machine.travel("2026-11-21 10:00:00 +0000", tick=False) as clock:
        for _ in range(6):
            assert sign_in(staff_client, cleo.email, "wrong").status_code == 200
        refused = sign_in(staff_client, cleo.email)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "2")
        assert "not locked" in refused.content.decode() and not is_signed_in(staff_client)
        for _ in range(30):
            clock.shift(61)
            sign_in(staff_client, cleo.email, "wrong")
        assert int(sign_in(staff_client, cleo.email).headers["Retry-After"]) <= 60
        clock.shift(61)
        sign_in(staff_client, cleo.email)
        assert is_signed_in(staff_client)


def test_one_account_does_not_slow_another(staff_client: CarefulClient, cleo: User, dana: User) -> None:
    for _ in range(7):
        last = sign_in(staff_client, cleo.email, "wrong")
    assert last.status_code == 429
    sign_in(staff_client, dana.email)
    assert is_signed_in(staff_client)


def test_guessing_a_code_is_slowed_down(staff_client: CarefulClient, cleo: User) -> None:
    secret = enrol_app(cleo)
    sign_in(staff_client, cleo.email)
    for _ in range(7):
        last = staff_client.post(SECOND, {"code": "000000"})
    assert last.status_code == 429
    staff_client.post(SECOND, {"code": code_now(secret)})
    assert not is_signed_in(staff_client)


def test_a_flood_over_many_accounts_meets_the_budget(staff_client: CarefulClient) -> None:
    with time_machine.travel("2026-11-21 10:00:00 +0000", tick=False) as clock:
        answers = [sign_in(staff_client, f"person{number}@example.org", "wrong").status_code for number in range(41)]
        assert answers == [200] * 40 + [429]
        clock.shift(10)
        assert sign_in(staff_client, "person50@example.org", "wrong").status_code == 200


def test_the_limits_keep_no_address_of_a_browser_and_no_mail_address(cleo: User) -> None:
    kept: dict[str, Any] = {}
    client = CarefulClient(REMOTE_ADDR="203.0.113.9")
    sign_in(client, cleo.email, "wrong")
    kept = dict(cache._cache)  # type: ignore[attr-defined]  # the memory of the tests' cache
    assert kept
    assert not [1 for item in kept.items() if "203.0" in str(item) or "cleo" in str(item)]
