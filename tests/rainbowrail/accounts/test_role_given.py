"""What is told by mail when roles are given, so that nobody becomes two people unseen."""

import pytest
from django.template.loader import render_to_string

from rainbowrail.accounts import actions, granting, inviting
from rainbowrail.accounts.models import RoleGrant, User
from rainbowrail.accounts.notifications import ROLE_BEGINS, ROLE_GIVEN, ROLE_REFUSED, ROLE_WAITS
from rainbowrail.notifications.kinds import NotificationKind
from rainbowrail.notifications.models import Notification
from rainbowrail.roles import Role
from tests.factories.accounts import enrol_app, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def watchers(dana: User, cleo: User) -> tuple[User, User]:
    """An administrator, who acts, and a lead; Cleo, a caseworker, is told nothing."""
    enrol_app(dana)
    return make_staff(Role.ADMINISTRATOR), dana


def told(kind: NotificationKind) -> set[int]:
    return {each.about_id.int for each in Notification.objects.filter(kind=kind.name)}


def test_an_invitation_with_a_role_that_takes_two_is_told_also_to_whoever_gave_it(watchers: tuple[User, User]) -> None:
    administrator, lead = watchers
    inviting.invite("second.self@example.org", roles=[Role.TRIAGE_LEAD], by=administrator.actor)
    assert told(ROLE_WAITS) == {administrator.pk, lead.pk}
    assert told(ROLE_GIVEN) == set()


def test_the_agreement_is_told_and_whoever_begins_gets_a_mail(watchers: tuple[User, User], gus: User) -> None:
    administrator, lead = watchers
    actions.change_roles(gus, roles=[Role.CASEWORKER], by=administrator.actor)
    granting.agree(RoleGrant.objects.get(), by=lead.actor)
    assert told(ROLE_GIVEN) == {administrator.pk, lead.pk}
    assert told(ROLE_BEGINS) == {gus.pk}


def test_an_auditor_and_a_role_that_goes_are_not_told(watchers: tuple[User, User], cleo: User) -> None:
    administrator, _lead = watchers
    actions.change_roles(cleo, roles=[Role.AUDITOR], by=administrator.actor)
    assert not Notification.objects.filter(kind__startswith="accounts.role").exists()


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (ROLE_WAITS, "begins when a second person agrees"),
        (ROLE_GIVEN, "with which one opens cases"),
        (ROLE_REFUSED, "did not agree"),
        (ROLE_BEGINS, "You can begin"),
    ],
)
def test_each_mail_says_what_happened_and_leads_to_the_staff_door(kind: NotificationKind, says: str) -> None:
    text = render_to_string(kind.text_template, {"staff_url": "https://desk.example"})
    assert says in text and text.strip().endswith("https://desk.example")
    assert render_to_string(kind.subject_template, {}).strip()
