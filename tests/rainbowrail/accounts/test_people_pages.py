"""The pages of people: list, invite, roles, close, and a lost second factor that two administrators reset."""

import re
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.urls import reverse

from rainbowrail.accounts import actions, inviting
from rainbowrail.accounts.models import FactorReset, Invitation, StaffSession, User
from rainbowrail.actors import SYSTEM
from rainbowrail.audit.models import AuditEvent
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.notifications.delivery import deliver
from rainbowrail.notifications.models import Notification
from rainbowrail.roles import SENTENCES, Role
from tests.clients import CarefulClient
from tests.factories.accounts import PASSWORD, enrol_app, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh(settings: Any) -> None:
    cache.clear()
    settings.STAFF_URL = "https://staff.example.org"


@pytest.fixture
def zoe() -> User:
    return make_staff(Role.ADMINISTRATOR, name="Zoe", email="zoe@example.org")


LINK = re.compile(r"https://staff\.example\.org(/account/invitation/\S+)")


def letter_with_link() -> EmailMessage:
    """Return the last mail that brings a link; others tell that a role was given."""
    return [letter for letter in mail.outbox if LINK.search(str(letter.body))][-1]


def link_mailed() -> str:
    """Send what waits, as the worker does, and return the path of the link in the last mail that brings one."""
    for row in Notification.objects.filter(state="waiting"):
        deliver(row.pk)
    match = LINK.search(str(letter_with_link().body))
    assert match
    return match[1]


def verbs_by(person: User) -> list[str]:
    return list(AuditEvent.objects.filter(actor_id=person.pk).order_by("id").values_list("verb", flat=True))


# --- the list ---


def test_an_administrator_sees_everybody_with_their_roles(staff_client: CarefulClient, hana: User, cleo: User) -> None:
    staff_client.force_login(hana)
    page = staff_client.get(reverse("account_people")).content.decode()
    assert "Cleo" in page and "cleo@example.org" in page and "Caseworker" in page


@pytest.mark.parametrize("who", ["cleo", "dana", "eli", "fay", "gus"])
@pytest.mark.parametrize("name", ["account_people", "account_invite"])
def test_nobody_else_does(staff_client: CarefulClient, who: str, name: str, request: pytest.FixtureRequest) -> None:
    staff_client.force_login(request.getfixturevalue(who))
    assert staff_client.get(reverse(name)).status_code == 403


@pytest.mark.parametrize("number", [3, 30])
def test_the_number_of_queries_does_not_grow(
    number: int, staff_client: CarefulClient, hana: User, django_assert_num_queries: Any
) -> None:
    for _ in range(number):
        make_staff(Role.CASEWORKER)
    staff_client.force_login(hana)
    with django_assert_num_queries(7):  # session, person, panic plan; people, invitations, resets, roles that wait
        assert staff_client.get(reverse("account_people")).status_code == 200


# --- inviting ---


def test_the_page_says_what_each_role_may_do(staff_client: CarefulClient, hana: User, cleo: User) -> None:
    staff_client.force_login(hana)
    for page in (reverse("account_invite"), reverse("account_person", args=[cleo.pk])):
        text = staff_client.get(page).content.decode()
        assert all(str(SENTENCES[role]) in text for role in Role)


def test_somebody_is_invited_sets_a_password_and_must_enrol(staff_client: CarefulClient, hana: User) -> None:
    staff_client.force_login(hana)
    response = staff_client.post(reverse("account_invite"), {"email": "Ida@Example.org", "roles": ["caseworker"]})
    assert response.headers["Location"] == reverse("account_people")
    link = link_mailed()
    assert letter_with_link().to == ["ida@example.org"]
    token = link.split("/")[3]
    assert token not in str(list(Invitation.objects.values()))

    ida = CarefulClient()
    assert ida.get(link).status_code == 200
    told = {"name": "Ida", "password": PASSWORD, "again": PASSWORD}
    assert ida.post(link, told).headers["Location"] == reverse("mfa_index")
    assert "One more step" in ida.get(reverse("mfa_index")).content.decode()
    assert ida.get("/").headers["Location"] == reverse("mfa_index")
    person = User.objects.get(email="ida@example.org")
    assert (person.roles, person.check_password(PASSWORD)) == ([], True)  # the role waits for a second person
    assert verbs_by(hana)[-2:] == ["accounts.person_invited", "accounts.role_put_forward"]
    assert "accounts.invitation_accepted" in verbs_by(person)


def test_the_mail_names_nobody_and_no_organisation(hana: User) -> None:
    inviting.invite("ida@example.org", roles=[Role.CASEWORKER], by=hana.actor)
    link_mailed()
    said = f"{letter_with_link().subject} {letter_with_link().body}".lower()
    assert not [word for word in ("rainbow", "hana", "lgbt", "refug", "caseworker") if word in said.replace("example.org", "")]


def test_a_link_works_once(hana: User) -> None:
    inviting.invite("ida@example.org", roles=[], by=hana.actor)
    link = link_mailed()
    told = {"name": "Ida", "password": PASSWORD, "again": PASSWORD}
    CarefulClient().post(link, told)
    again = CarefulClient().post(link, told | {"name": "Somebody else"})
    assert again.status_code == 404 and "does not work any more" in again.content.decode()
    assert User.objects.filter(email="ida@example.org").count() == 1


def test_a_link_runs_out_after_three_days(hana: User) -> None:
    with time_machine.travel("2026-11-21 10:00:00 +0000", tick=False) as clock:
        inviting.invite("ida@example.org", roles=[], by=hana.actor)
        link = link_mailed()
        clock.shift(72 * 3600 - 1)
        assert CarefulClient().get(link).status_code == 200
        clock.shift(1)
        assert CarefulClient().get(link).status_code == 404


def test_sending_again_makes_another_link_and_ends_the_former(staff_client: CarefulClient, hana: User) -> None:
    invitation = inviting.invite("ida@example.org", roles=[], by=hana.actor)
    first = link_mailed()
    staff_client.force_login(hana)
    staff_client.post(reverse("account_send_invitation_again", args=[invitation.pk]))
    second = link_mailed()
    assert first != second
    assert (CarefulClient().get(first).status_code, CarefulClient().get(second).status_code) == (404, 200)


def test_an_invitation_is_taken_back(staff_client: CarefulClient, hana: User) -> None:
    invitation = inviting.invite("ida@example.org", roles=[], by=hana.actor)
    link = link_mailed()
    staff_client.force_login(hana)
    assert "ida@example.org" in staff_client.get(reverse("account_people")).content.decode()
    staff_client.post(reverse("account_revoke_invitation", args=[invitation.pk]))
    assert CarefulClient().get(link).status_code == 404
    assert "ida@example.org" not in staff_client.get(reverse("account_people")).content.decode()
    with pytest.raises(NotPossible, match="taken back"):
        inviting.send_again(invitation, by=hana.actor)


def test_an_address_that_has_an_account_or_an_invitation_is_told(staff_client: CarefulClient, hana: User, cleo: User) -> None:
    inviting.invite("ida@example.org", roles=[], by=hana.actor)
    staff_client.force_login(hana)
    for email, said in (("cleo@example.org", "has an account"), ("ida@example.org", "invited already")):
        page = staff_client.post(reverse("account_invite"), {"email": email})
        assert page.status_code == 422 and said in page.content.decode()


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"name": "Ida", "password": "short", "again": "short"}, "too short"),
        ({"name": "Ida", "password": PASSWORD, "again": "another"}, "differ"),
        ({"name": "", "password": PASSWORD, "again": PASSWORD}, "name"),
    ],
)
def test_what_is_wrong_is_told_and_the_link_still_works(told: dict[str, str], said: str, hana: User) -> None:
    inviting.invite("ida@example.org", roles=[], by=hana.actor)
    link = link_mailed()
    page = CarefulClient().post(link, told)
    assert page.status_code == 422 and said in page.content.decode()
    assert CarefulClient().get(link).status_code == 200


def test_whoever_sets_no_password_is_offered_a_passkey_and_no_app(hana: User) -> None:
    inviting.invite("ida@example.org", roles=[], by=hana.actor)
    ida = CarefulClient()
    ida.post(link_mailed(), {"name": "Ida"})
    page = ida.get(reverse("mfa_index")).content.decode()
    assert reverse("mfa_add_webauthn") in page and reverse("mfa_activate_totp") not in page
    assert not User.objects.get(email="ida@example.org").has_usable_password()


# --- roles and closing ---


def test_roles_are_changed_on_record_and_end_the_sessions(staff_client: CarefulClient, hana: User, cleo: User) -> None:
    theirs = CarefulClient()
    theirs.force_login(cleo)
    staff_client.force_login(hana)
    staff_client.post(reverse("account_person", args=[cleo.pk]), {"roles": ["caseworker", "auditor"]})
    cleo.refresh_from_db()
    assert cleo.roles == ["auditor", "caseworker"]
    assert theirs.get("/").headers["Location"].startswith("/account/login/")
    assert not StaffSession.objects.filter(person=cleo).exists()
    assert verbs_by(hana)[-1] == "accounts.roles_changed"


def test_nobody_changes_their_own_roles_or_closes_themselves(staff_client: CarefulClient, hana: User, zoe: User) -> None:
    staff_client.force_login(hana)
    assert staff_client.post(reverse("account_person", args=[hana.pk]), {"roles": list(Role)}).status_code == 403
    assert staff_client.post(reverse("account_close_person", args=[hana.pk])).status_code == 403
    hana.refresh_from_db()
    assert (hana.roles, hana.is_active) == (["administrator"], True)
    assert "This is you" in staff_client.get(reverse("account_person", args=[hana.pk])).content.decode()


def test_the_last_administrator_stays(hana: User, zoe: User) -> None:
    actions.deactivate(zoe, by=hana.actor)
    for remove in (
        lambda: actions.deactivate(hana, by=SYSTEM),
        lambda: actions.change_roles(hana, roles=[Role.AUDITOR], by=SYSTEM),
    ):
        with pytest.raises(NotPossible, match="last administrator"):
            remove()


def test_closing_ends_every_session_at_once(staff_client: CarefulClient, hana: User, gus: User) -> None:
    theirs = CarefulClient()
    theirs.force_login(gus)
    staff_client.force_login(hana)
    staff_client.post(reverse("account_close_person", args=[gus.pk]))
    assert not StaffSession.objects.filter(person=gus).exists()
    assert theirs.get("/account/").headers["Location"].startswith("/account/login/")
    staff_client.post(reverse("account_reopen_person", args=[gus.pk]))
    gus.refresh_from_db()
    assert gus.is_active
    assert verbs_by(hana)[-2:] == ["accounts.person_deactivated", "accounts.person_reopened"]


# --- a lost password, a lost factor ---


def test_a_new_password_by_link_leaves_the_second_factor(staff_client: CarefulClient, hana: User, cleo: User) -> None:
    enrol_app(cleo)
    staff_client.force_login(hana)
    staff_client.post(reverse("account_send_password_link", args=[cleo.pk]))
    theirs = CarefulClient()
    new = "another long sentence nobody guesses"
    response = theirs.post(link_mailed(), {"password": new, "again": new})
    assert response.headers["Location"] == "/account/login/"
    cleo.refresh_from_db()
    assert cleo.check_password(new) and Authenticator.objects.filter(user=cleo).exists()
    assert "_auth_user_id" not in theirs.session


def test_a_lost_second_factor_takes_two_administrators(hana: User, zoe: User, cleo: User) -> None:
    enrol_app(cleo)
    first, second = CarefulClient(), CarefulClient()
    first.force_login(hana)
    second.force_login(zoe)
    first.post(reverse("account_ask_reset", args=[cleo.pk]))
    reset = FactorReset.objects.get()
    assert first.post(reverse("account_decide_reset", args=[reset.pk]), {"decision": "allow"}).status_code == 403
    assert Authenticator.objects.filter(user=cleo).exists()
    assert "Hana asks that Cleo may begin again" in second.get(reverse("account_people")).content.decode()
    second.post(reverse("account_decide_reset", args=[reset.pk]), {"decision": "allow"})
    cleo.refresh_from_db()
    assert not Authenticator.objects.filter(user=cleo).exists() and not cleo.has_usable_password()
    theirs = CarefulClient()
    assert theirs.post(link_mailed(), {"password": PASSWORD, "again": PASSWORD}).headers["Location"] == reverse("mfa_index")
    assert verbs_by(hana)[-2:] == ["accounts.reset_asked", "audit.refused"]  # she tried to allow it herself
    assert verbs_by(zoe)[-1] == "accounts.reset_allowed"


def test_a_reset_may_be_refused_and_then_nothing_changes(hana: User, zoe: User, cleo: User) -> None:
    enrol_app(cleo)
    reset = inviting.ask_reset(cleo, by=hana.actor)
    inviting.decide_reset(reset, allow=False, by=zoe.actor)
    assert Authenticator.objects.filter(user=cleo).exists()
    with pytest.raises(NotPossible, match="decided"):
        inviting.decide_reset(reset, allow=True, by=zoe.actor)


def test_nobody_resets_themselves(hana: User, zoe: User) -> None:
    with pytest.raises(NotAllowed, match="own account"):
        inviting.ask_reset(hana, by=hana.actor)
    reset = inviting.ask_reset(hana, by=zoe.actor)
    with pytest.raises(NotAllowed, match="own account"):
        inviting.decide_reset(reset, allow=True, by=hana.actor)
