"""Giving a role that opens cases is told to every lead and administrator, so that nobody becomes two people unseen."""

import pytest
from django.template.loader import render_to_string

from rainbowrail.accounts import actions, inviting
from rainbowrail.accounts.models import User
from rainbowrail.accounts.notifications import ROLE_GIVEN
from rainbowrail.notifications.models import Notification
from rainbowrail.roles import Role
from tests.factories.accounts import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def watchers(dana: User, cleo: User) -> tuple[User, User]:
    """An administrator, who acts, and a lead; Cleo, a caseworker, is told nothing."""
    return make_staff(Role.ADMINISTRATOR), dana


def told() -> set[int]:
    return {each.about_id.int for each in Notification.objects.filter(kind="accounts.role_given")}


def test_an_invitation_with_a_role_that_opens_cases_is_told(watchers: tuple[User, User]) -> None:
    administrator, lead = watchers
    inviting.invite("second.self@example.org", roles=[Role.TRIAGE_LEAD], by=administrator.actor)
    assert told() == {administrator.pk, lead.pk}


def test_so_is_such_a_role_given_later_and_no_other_change(watchers: tuple[User, User]) -> None:
    administrator, lead = watchers
    somebody = make_staff(Role.AUDITOR)
    actions.change_roles(somebody, roles=[Role.AUDITOR, Role.ADMINISTRATOR], by=administrator.actor)
    assert told() == set()
    actions.change_roles(somebody, roles=[Role.AUDITOR, Role.CASEWORKER], by=administrator.actor)
    assert told() == {administrator.pk, lead.pk}
    Notification.objects.all().delete()
    actions.change_roles(somebody, roles=[Role.CASEWORKER], by=administrator.actor)
    assert told() == set()


def test_the_mail_names_nobody_and_leads_to_the_staff_door() -> None:
    text = render_to_string(ROLE_GIVEN.text_template, {"staff_url": "https://desk.example"})
    assert "may now open cases" in text
    assert text.strip().endswith("https://desk.example")
