"""Each night the worker shreds what is due."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from cases import actions
from cases.models import ErasurePlan
from cases.states import CloseReason
from rainbowrail.accounts.models import User
from rainbowrail.celery import app
from rainbowrail.crypto.models import DataKey
from rainbowrail.privacy import erased
from rainbowrail.privacy.tasks import shred_due
from tests.factories.cases import make_case

pytestmark = pytest.mark.django_db


def test_the_clock_asks_for_it_once_a_day() -> None:
    (entry,) = [entry for entry in app.conf.beat_schedule.values() if entry["task"] == shred_due.name]
    assert entry["schedule"].hour == {2}
    assert len(entry["schedule"].minute) == 1


def test_a_night_plans_and_shreds(dana: User) -> None:
    case = make_case()
    actions.close_case(case, close_reason=CloseReason.INFORMED, reason="Done.", by=dana.actor)
    ErasurePlan.objects.all().delete()
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        shred_due()
        shred_due()
    assert not DataKey.objects.filter(subject_id=case.pk).exists()


def test_a_night_after_a_restore_forgets_again_whom_the_restore_could_not(tmp_path: object, settings: object) -> None:
    case = make_case()
    settings.ERASED_DIR = tmp_path  # type: ignore[attr-defined]
    erased.append(case.help_request.person_id, case.pk)
    shred_due()
    assert case.erased_on == timezone.localdate()
