"""Drafts go after seven days, sessions when they are over; nothing else goes."""

import pytest
import time_machine
from django.utils import timezone

from intake.models import Draft, HelpRequest, ReturnCode, Visit
from intake.retention import expire
from rainbowrail.audit.models import AuditEvent
from tests.factories.intake import draft, sent

pytestmark = pytest.mark.django_db


def test_a_draft_lives_seven_days_from_the_last_answer() -> None:
    draft()
    now = timezone.now()
    with time_machine.travel(now + timezone.timedelta(days=7)):
        expire()
        assert Draft.objects.count() == 1
    with time_machine.travel(now + timezone.timedelta(days=8)):
        assert expire() == 1
    assert not Draft.objects.exists()
    assert AuditEvent.objects.get(verb="intake.expired").detail == {"count": 1}


def test_a_session_goes_when_it_is_over_and_the_request_stays() -> None:
    sent()
    expire()
    assert Visit.objects.count() == 2
    with time_machine.travel(timezone.now() + timezone.timedelta(hours=3)):
        expire()
    assert not Visit.objects.exists()
    assert HelpRequest.objects.count() == 1
    assert ReturnCode.objects.count() == 2
