"""The page of roles that wait for a second person, and what other pages say of them."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from rainbowrail.accounts import actions, granting, inviting
from rainbowrail.accounts.models import RoleGrant, User
from rainbowrail.accounts.models.role_grant import WhyNot
from rainbowrail.roles import SENTENCES, Role
from tests.clients import CarefulClient
from tests.factories.accounts import PASSWORD, enrol_app, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def hana(hana: User) -> User:
    enrol_app(hana)
    return hana


@pytest.fixture
def dana(dana: User) -> User:
    enrol_app(dana)
    return dana


@pytest.fixture
def grant(hana: User, gus: User) -> RoleGrant:
    """Hana gave Gus the role of a caseworker."""
    actions.change_roles(gus, roles=[Role.CASEWORKER], by=hana.actor)
    return RoleGrant.objects.get()


def at(person: User) -> CarefulClient:
    client = CarefulClient()
    client.force_login(person)
    return client


def answer(grant: RoleGrant, by: User, **told: str) -> Any:
    return at(by).post(reverse("account_answer_role", args=[grant.pk]), told, follow=True)


def roles_of(person: User) -> list[str]:
    return User.objects.get(pk=person.pk).roles


def test_a_lead_reads_who_gives_what_to_whom_and_agrees(dana: User, gus: User, grant: RoleGrant) -> None:
    page = at(dana).get(reverse("account_roles")).content.decode()
    for said in ("Gus", "gus@example.org", "Hana", "Caseworker", str(SENTENCES[Role.CASEWORKER]), "without a second factor"):
        assert said in page
    assert "You have agreed" in answer(grant, dana, answer="agree").content.decode()
    assert roles_of(gus) == ["caseworker"]
    assert "Nothing waits" in at(dana).get(reverse("account_roles")).content.decode()
    assert "agreed" in at(dana).get(reverse("account_roles") + "?show=all").content.decode()


def test_a_refusal_needs_a_reason(dana: User, gus: User, grant: RoleGrant) -> None:
    assert "choose why" in answer(grant, dana, answer="refuse").content.decode()
    assert RoleGrant.objects.waiting().exists()
    assert "Refused" in answer(grant, dana, answer="refuse", why=WhyNot.NOT_NEEDED).content.decode()
    page = at(dana).get(reverse("account_roles") + "?show=all").content.decode()
    assert "they do not need this role" in page and roles_of(gus) == []


def test_whoever_gave_it_may_take_it_back_and_not_agree(hana: User, dana: User, gus: User, grant: RoleGrant) -> None:
    page = at(hana).get(reverse("account_roles")).content.decode()
    assert 'value="agree"' not in page and 'value="withdraw"' in page
    assert 'value="withdraw"' not in at(dana).get(reverse("account_roles")).content.decode()
    assert at(hana).post(reverse("account_answer_role", args=[grant.pk]), {"answer": "agree"}).status_code == 403
    assert "Taken back" in answer(grant, hana, answer="withdraw").content.decode()
    assert "answered already" in answer(grant, dana, answer="agree").content.decode()
    assert roles_of(gus) == []


@pytest.mark.parametrize("who", ["cleo", "eli", "fay", "gus"])
def test_nobody_else_opens_the_list_or_answers(who: str, grant: RoleGrant, request: pytest.FixtureRequest) -> None:
    client = at(request.getfixturevalue(who))
    assert client.get(reverse("account_roles")).status_code == 403
    assert client.post(reverse("account_answer_role", args=[grant.pk]), {"answer": "agree"}).status_code == 403
    assert RoleGrant.objects.waiting().exists()


def test_an_unknown_answer_or_role_is_not_found(dana: User, grant: RoleGrant) -> None:
    assert answer(grant, dana, answer="perhaps").status_code == 404
    nothing = reverse("account_answer_role", args=["00000000-0000-0000-0000-000000000000"])
    assert at(dana).post(nothing, {"answer": "agree"}).status_code == 404
    assert at(dana).get(nothing).status_code == 405


def test_agreeing_asks_for_a_factor_that_was_shown_a_moment_ago(dana: User, gus: User, grant: RoleGrant) -> None:
    client = at(dana)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        response = client.post(reverse("account_answer_role", args=[grant.pk]), {"answer": "agree"})
    assert response.headers["Location"].startswith(reverse("account_confirm")) and roles_of(gus) == []


@pytest.mark.parametrize("number", [2, 12])
def test_the_number_of_queries_does_not_grow(
    number: int, hana: User, dana: User, grant: RoleGrant, django_assert_num_queries: Any
) -> None:
    for each in range(number):
        inviting.invite(f"somebody{each}@example.org", roles=[Role.CASEWORKER], by=hana.actor)
    client = at(dana)
    with django_assert_num_queries(5):  # session, person, panic plan; roles, who could agree
        assert client.get(reverse("account_roles")).status_code == 200


def test_the_page_of_the_person_says_what_waits(hana: User, gus: User, grant: RoleGrant) -> None:
    page = at(hana).get(reverse("account_person", args=[gus.pk])).content.decode()
    assert "given by <bdi>Hana</bdi>, waits until" in page and "Nobody can agree yet" in page
    enrol_app(make_staff(Role.MANAGER))
    assert "Nobody can agree yet" not in at(hana).get(reverse("account_person", args=[gus.pk])).content.decode()


def test_the_list_of_people_says_how_many_roles_wait_and_the_invitation_which(hana: User, grant: RoleGrant) -> None:
    inviting.invite("ida@example.org", roles=[Role.TRIAGE_LEAD], by=hana.actor)
    page = at(hana).get(reverse("account_people")).content.decode()
    assert "2 roles wait for a second person" in page
    assert "Triage lead: waits for a second person" in page


def test_whoever_was_invited_reads_that_the_role_waits(hana: User) -> None:
    invitation = inviting.invite("ida@example.org", roles=[Role.CASEWORKER], by=hana.actor)
    ida = inviting.accept(inviting.new_link(invitation.pk), name="Ida", password=PASSWORD)
    page = at(ida).get(reverse("account_home")).content.decode()
    assert "Almost there" in page and str(SENTENCES[Role.CASEWORKER]) in page
    assert at(ida).get("/").headers["Location"] == reverse("account_home")
    assert at(ida).get("/search/").status_code in {403, 404}


def test_the_list_says_when_nobody_could_agree_and_the_operator_does(hana: User, gus: User, grant: RoleGrant) -> None:
    assert "manage.py staff agree" in at(hana).get(reverse("account_roles")).content.decode()
    out = StringIO()
    call_command("staff", "agree", gus.email, stdout=out)
    assert "caseworker" in out.getvalue() and roles_of(gus) == ["caseworker"]
    assert "whoever runs the host" in at(hana).get(reverse("account_roles") + "?show=all").content.decode()
    with pytest.raises(CommandError, match="No role waits"):
        call_command("staff", "agree", gus.email)


def test_saving_the_page_of_a_person_as_it_is_changes_nothing(hana: User, dana: User, gus: User, grant: RoleGrant) -> None:
    client = at(hana)
    client.post(reverse("account_person", args=[gus.pk]), {"roles": ["caseworker"]})
    assert RoleGrant.objects.get().is_waiting and roles_of(gus) == []
    granting.agree(grant, by=dana.actor)
    client.post(reverse("account_person", args=[gus.pk]), {"roles": ["caseworker"]})
    assert RoleGrant.objects.count() == 1 and roles_of(gus) == ["caseworker"]
