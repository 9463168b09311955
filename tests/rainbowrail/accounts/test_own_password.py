"""Setting one's own password: the former one is asked for, every other session ends, and it is on record."""

import pytest
from django.core.cache import cache

from rainbowrail.accounts import inviting, standing
from rainbowrail.accounts.models import StaffSession, User
from rainbowrail.accounts.session_ending import mine
from rainbowrail.audit.kinds import Kind, kind_of
from rainbowrail.audit.models import AuditEvent
from rainbowrail.roles import Role
from tests.clients import CarefulClient
from tests.factories.accounts import PASSWORD, enrol_app, make_staff

pytestmark = pytest.mark.django_db
PAGE = "/account/password/"
NEW = "another long sentence, mine alone"


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def told(**changed: str) -> dict[str, str]:
    return {"former": PASSWORD, "password": NEW, "again": NEW, **changed}


def test_a_person_sets_a_new_password_and_goes_on_in_this_browser_alone(staff_client: CarefulClient, cleo: User) -> None:
    elsewhere = CarefulClient()
    elsewhere.force_login(cleo)
    staff_client.force_login(cleo)
    before = staff_client.session.session_key
    response = staff_client.post(PAGE, told())
    assert (response.status_code, response.headers["Location"]) == (302, "/account/sessions/")
    page = staff_client.get("/account/sessions/")
    assert page.status_code == 200 and "The new password is set" in page.content.decode()
    assert elsewhere.get("/account/sessions/").status_code == 302
    assert staff_client.session.session_key != before
    assert len(mine(cleo, staff_client.session.session_key)) == StaffSession.objects.count() == 1
    cleo.refresh_from_db()
    assert cleo.check_password(NEW) and not cleo.check_password(PASSWORD)


def test_it_is_on_record_under_the_persons_name_and_counts_as_signing_in(staff_client: CarefulClient, cleo: User) -> None:
    staff_client.force_login(cleo)
    staff_client.post(PAGE, told())
    line = AuditEvent.objects.get(verb="accounts.password_changed")
    assert (line.actor_id, line.thing_id, line.detail) == (cleo.pk, str(cleo.pk), {})
    assert kind_of(line.verb) is Kind.SIGN_IN


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"former": "not this one, surely"}, "This is not your password."),
        ({"again": "a slip of the fingers"}, "The two passwords differ."),
        ({"password": "short", "again": "short"}, "too short"),
        ({"former": ""}, "This field is required."),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_changes(
    staff_client: CarefulClient, cleo: User, changed: dict[str, str], sentence: str
) -> None:
    staff_client.force_login(cleo)
    response = staff_client.post(PAGE, told(**changed))
    html = response.content.decode()
    assert response.status_code == 422 and sentence in html
    assert PASSWORD not in html and NEW not in html
    cleo.refresh_from_db()
    assert cleo.check_password(PASSWORD)


def test_an_open_browser_is_no_place_to_guess_in(staff_client: CarefulClient, cleo: User) -> None:
    staff_client.force_login(cleo)
    answers = [staff_client.post(PAGE, told(former=f"guess {number}")).status_code for number in range(7)]
    assert answers == [422] * 6 + [429]
    failures = AuditEvent.objects.filter(verb="accounts.sign_in_failed", thing_id=str(cleo.pk))
    assert {line.detail["kind"] for line in failures} == {"password"} and failures.count() == 6


def test_whoever_has_a_passkey_only_sets_one_without_a_former_one(staff_client: CarefulClient, cleo: User) -> None:
    cleo.set_unusable_password()
    cleo.save()
    staff_client.force_login(cleo)
    assert "Your password until now" not in staff_client.get(PAGE).content.decode()
    assert staff_client.post(PAGE, {"password": NEW, "again": NEW}).status_code == 302
    cleo.refresh_from_db()
    assert cleo.check_password(NEW)


def test_after_ten_minutes_a_factor_is_asked_for_first(staff_client: CarefulClient, cleo: User) -> None:
    enrol_app(cleo)
    staff_client.force_login(cleo)
    session = staff_client.session
    session[standing.KEY] = session[standing.KEY] | {"at": session[standing.KEY]["at"] - 601}
    session.save()
    assert staff_client.post(PAGE, told()).headers["Location"].startswith("/account/confirm/")
    cleo.refresh_from_db()
    assert cleo.check_password(PASSWORD)


def test_whoever_has_no_second_factor_does_not_come_here(staff_client: CarefulClient, cleo: User) -> None:
    staff_client.force_password_login(cleo)
    assert staff_client.post(PAGE, told()).headers["Location"] == "/account/second-factor/"


@pytest.mark.parametrize("password", [" spaces at both ends of it ", "e\u0301te\u0301 comme hiver, et toujours"])
def test_a_password_opens_as_it_was_typed_whichever_keyboard_wrote_it(password: str, cleo: User) -> None:
    """A space at the end, and an accent that one keyboard writes as one character and the next as two."""
    invitation = inviting.let_set_password(cleo, by=make_staff(Role.ADMINISTRATOR).actor)
    link = f"/account/invitation/{inviting.new_link(invitation.pk)}/"
    assert CarefulClient().post(link, {"password": password, "again": password}).status_code == 302
    enrol_app(cleo)
    response = CarefulClient().post("/account/login/", {"login": cleo.email, "password": password})
    assert response.headers.get("Location", "") == "/account/second-factor/authenticate/"
