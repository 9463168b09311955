"""An account that may be in other hands is closed at once, whatever its owner holds; nothing that they held is lost."""

import pytest
from django.urls import reverse

from cases import actions as cases
from cases import leaving, orphans
from cases.models import Case
from cases.states import CaseState, HiddenWhy
from rainbowrail.accounts import actions, granting, inviting, standing
from rainbowrail.accounts.models import Invitation, RoleGrant, StaffSession, User
from rainbowrail.actors import SYSTEM
from rainbowrail.audit.models import AuditEvent
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.notifications import delivery
from rainbowrail.notifications.models import Notification
from rainbowrail.roles import Role
from tests.clients import CarefulClient
from tests.factories.accounts import PASSWORD, make_staff
from tests.factories.cases import make_case_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def luz(dana: User) -> User:
    """Somebody with two open cases."""
    person = make_staff(Role.CASEWORKER, name="Luz", email="luz@example.org")
    for _ in range(2):
        make_case_in(CaseState.IN_REVIEW, owner=person, lead=dana)
    return person


def suspend(client: CarefulClient, person: User) -> str:
    response = client.post(reverse("account_suspend_person", args=[person.pk]), follow=True)
    return str(response.content.decode())


def test_one_click_closes_it_while_they_own_cases_and_ends_their_session(
    staff_client: CarefulClient, hana: User, luz: User
) -> None:
    theirs = CarefulClient()
    theirs.force_login(luz)
    staff_client.force_login(hana)
    with pytest.raises(NotPossible, match="Open cases: 2"):
        actions.deactivate(luz, by=hana.actor)
    assert "Close it at once" in staff_client.get(reverse("account_person", args=[luz.pk])).content.decode()

    assert "The account is closed at once" in suspend(staff_client, luz)

    luz.refresh_from_db()
    assert not luz.is_active and not StaffSession.objects.filter(person=luz).exists()
    assert theirs.get("/").headers["Location"].startswith("/account/login/")
    theirs.post("/account/login/", {"login": luz.email, "password": PASSWORD})
    assert "_auth_user_id" not in theirs.session
    assert AuditEvent.objects.get(verb="accounts.person_suspended").actor_id == hana.pk


def test_what_they_held_is_named_to_leads_and_to_doctor_until_it_is_handed_over(
    staff_client: CarefulClient, hana: User, luz: User, dana: User, cleo: User
) -> None:
    staff_client.force_login(dana)
    page = reverse("cases:leavers")
    assert "still hold something" not in staff_client.get(page).content.decode()
    assert list(orphans.complaints()) == []
    actions.suspend(luz, by=hana.actor)
    shown = staff_client.get(page).content.decode()
    assert "still hold something" in shown and reverse("cases:hand_over", args=[luz.pk]) in shown
    assert "2 open cases belong to somebody who cannot work on them" in " ".join(orphans.complaints())

    staff_client.post(reverse("cases:hand_over", args=[luz.pk]), {"heirs": [cleo.pk]})

    assert "still hold something" not in staff_client.get(page).content.decode()
    assert list(orphans.complaints()) == []


@pytest.mark.parametrize("most", [1, 2, 3])
def test_the_list_of_closed_accounts_says_how_many_do_not_stand_on_it(
    most: int, staff_client: CarefulClient, dana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.views.leaving.MOST_CLOSED", most)
    for _ in range(3):
        owner = make_staff(Role.CASEWORKER)
        make_case_in(CaseState.IN_REVIEW, owner=owner, lead=dana)
        User.objects.filter(pk=owner.pk).update(is_active=False)
    staff_client.force_login(dana)
    shown = staff_client.get(reverse("cases:leavers")).content.decode()
    said = {1: "And 2 more accounts", 2: "And 1 more account,"}
    assert [words in shown for words in said.values()] == [most == number for number in said]


def test_a_case_that_is_hidden_from_whoever_looks_does_not_show_there(hana: User, luz: User, dana: User) -> None:
    other = make_staff(Role.TRIAGE_LEAD, name="Noor")
    for case in Case.objects.filter(owner=luz):
        cases.restrict(case, people=[other], why=HiddenWhy.KNOWS, by=dana.actor)
    actions.suspend(luz, by=hana.actor)
    assert list(leaving.closed_with_something_left(dana.actor)) == [luz]
    assert list(leaving.closed_with_something_left(other.actor)) == []


def test_everybody_who_leads_gets_a_mail_that_names_nobody(hana: User, luz: User, dana: User, mailoutbox: list[object]) -> None:
    actions.suspend(luz, by=hana.actor)
    rows = Notification.objects.filter(kind="accounts.closed_at_once")
    assert {row.about_id.int for row in rows} == {hana.pk, dana.pk}
    for row in rows:
        delivery.deliver(row.pk)
    assert len(mailoutbox) == 2 and "Luz" not in str([vars(mail) for mail in mailoutbox])


def test_links_to_them_and_in_their_name_end_and_so_does_what_they_gave(hana: User) -> None:
    zoe = make_staff(Role.ADMINISTRATOR, name="Zoe")
    inviting.let_set_password(zoe, by=hana.actor)
    second_self = inviting.invite("zoe.two@example.org", roles=[Role.AUDITOR, Role.CASEWORKER], by=zoe.actor)
    kept = inviting.invite("new@example.org", roles=[Role.AUDITOR], by=hana.actor)

    actions.suspend(zoe, by=hana.actor)

    assert list(Invitation.objects.open()) == [kept]
    assert not granting.grants_of(second_self).waiting().exists()
    assert RoleGrant.objects.get(invitation=second_self).answer == "lapsed"


def test_pressing_twice_is_closing_once_and_it_opens_again_with_its_roles_waiting(hana: User, luz: User) -> None:
    actions.suspend(luz, by=hana.actor)
    actions.suspend(luz, by=hana.actor)
    assert AuditEvent.objects.filter(verb="accounts.person_suspended").count() == 1
    assert actions.reopen(luz, by=hana.actor).roles == []
    assert [grant.role for grant in granting.grants_of(luz).waiting()] == ["caseworker"]


def test_only_an_administrator_does_it_with_a_fresh_sign_in_and_never_to_oneself(
    staff_client: CarefulClient, hana: User, dana: User, luz: User
) -> None:
    for by in (dana, luz):
        with pytest.raises(NotAllowed):
            actions.suspend(luz, by=by.actor)
    with pytest.raises(NotAllowed, match="their own account"):
        actions.suspend(hana, by=hana.actor)
    with pytest.raises(NotPossible, match="last administrator"):
        actions.suspend(hana, by=SYSTEM)
    staff_client.force_login(hana)
    session = staff_client.session
    session[standing.KEY] = session[standing.KEY] | {"at": session[standing.KEY]["at"] - 601}
    session.save()
    asked = staff_client.post(reverse("account_suspend_person", args=[luz.pk]))
    assert asked.headers["Location"].startswith(reverse("account_confirm"))
    luz.refresh_from_db()
    assert luz.is_active
