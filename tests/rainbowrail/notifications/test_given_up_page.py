"""The page of notices that did not leave."""

import uuid

import pytest

from rainbowrail.accounts.models import User
from rainbowrail.notifications.models import Notification
from rainbowrail.notifications.states import NotificationState
from tests.clients import CarefulClient

PAGE = "/notices/"


@pytest.fixture
def notice(db: None) -> Notification:
    return Notification.objects.create(
        kind="test.news", about_id=uuid.uuid4(), state=NotificationState.GIVEN_UP, tries=7, reason_code="mail.SMTPDataError"
    )


def test_a_lead_sees_what_did_not_leave_and_why(staff_client: CarefulClient, dana: User, notice: Notification) -> None:
    staff_client.force_login(dana)
    page = staff_client.get(PAGE).content.decode()
    assert "test.news" in page and "mail.SMTPDataError" in page and str(notice.about_id) not in page


def test_an_administrator_may_retry(staff_client: CarefulClient, hana: User, notice: Notification) -> None:
    staff_client.force_login(hana)
    response = staff_client.post(f"{PAGE}{notice.pk}/retry/", follow=True)
    assert "Every notice has left." in response.content.decode()
    notice.refresh_from_db()
    assert notice.state == NotificationState.WAITING


def test_a_caseworker_may_neither_look_nor_retry(staff_client: CarefulClient, cleo: User, notice: Notification) -> None:
    staff_client.force_login(cleo)
    assert staff_client.get(PAGE).status_code == 403
    assert staff_client.post(f"{PAGE}{notice.pk}/retry/").status_code == 403


def test_a_notice_that_is_not_there_any_more_is_told(staff_client: CarefulClient, dana: User, db: None) -> None:
    staff_client.force_login(dana)
    assert staff_client.post(f"{PAGE}{uuid.uuid4()}/retry/").status_code == 409


def test_looking_does_not_retry(staff_client: CarefulClient, dana: User, notice: Notification) -> None:
    staff_client.force_login(dana)
    assert staff_client.get(f"{PAGE}{notice.pk}/retry/").status_code == 405
