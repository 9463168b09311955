"""A mail about a case goes to whoever owns it when it is sent, and to nobody from whom it is hidden by then."""

import pytest

from cases import actions
from cases.actions.contact import hear_contact_stopped
from cases.actions.erasing import hear_wish
from cases.models import Case
from cases.notifications import ANSWER_CAME, CASE_GIVEN, CONTACT_STOPPED
from cases.states import CaseState
from rainbowrail.accounts.models import User
from rainbowrail.notifications.kinds import NotificationKind
from rainbowrail.notifications.models import Notification
from tests.factories.cases import make_case_in

pytestmark = pytest.mark.django_db
OF_OWNER = (ANSWER_CAME, CASE_GIVEN, CONTACT_STOPPED)


@pytest.fixture
def closed(cleo: User, dana: User) -> Case:
    """A closed case keeps its owner, also when they hide it from themselves."""
    return make_case_in(CaseState.CLOSED, owner=cleo, lead=dana)


@pytest.mark.parametrize("kind", OF_OWNER, ids=lambda kind: kind.name)
def test_no_mail_goes_to_an_owner_from_whom_the_case_is_hidden_by_then(
    kind: NotificationKind, closed: Case, cleo: User, dana: User
) -> None:
    assert kind.recipient(closed.pk) == cleo.email
    restriction = actions.declare_conflict(closed, by=cleo.actor)
    assert kind.recipient(closed.pk) is None
    actions.lift_restriction(restriction, by=dana.actor)
    assert kind.recipient(closed.pk) == cleo.email


@pytest.mark.parametrize("hear", [hear_contact_stopped, hear_wish])
def test_what_somebody_must_look_at_goes_to_the_leads_instead(hear: object, closed: Case, cleo: User, dana: User) -> None:
    actions.declare_conflict(closed, by=cleo.actor)
    Notification.objects.all().delete()
    hear(closed.help_request)  # type: ignore[operator]
    assert [one.kind for one in Notification.objects.all()] == ["cases.look_at_case"]
