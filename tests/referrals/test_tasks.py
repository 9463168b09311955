from datetime import timedelta
from typing import Any

import pytest
from celery.exceptions import Retry
from django.utils import timezone

from rainbowrail.notifications.models import Notification
from referrals import tasks
from referrals.models import Referral
from referrals.states import BuildProblem, ReferralState
from tests.factories.referrals import make_referral_in

pytestmark = pytest.mark.django_db


def test_the_task_makes_the_file() -> None:
    referral = make_referral_in(ReferralState.BUILDING)
    tasks.build_packet(str(referral.pk))
    assert Referral.objects.get(pk=referral.pk).state == ReferralState.READY


def test_an_unforeseen_failure_is_tried_again_and_then_named(monkeypatch: pytest.MonkeyPatch) -> None:
    referral = make_referral_in(ReferralState.BUILDING)

    def breaks(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("no room")

    monkeypatch.setattr("referrals.actions.building.seal_packet", breaks)
    monkeypatch.setattr(tasks.build_packet, "apply_async", lambda *args, **kwargs: None)
    with pytest.raises((Retry, RuntimeError)):
        tasks.build_packet(str(referral.pk))
    assert Referral.objects.get(pk=referral.pk).state == ReferralState.BUILDING
    tasks.build_packet.push_request(retries=tasks.TRIES - 1)
    try:
        with pytest.raises(RuntimeError):
            tasks.build_packet.run(str(referral.pk))
    finally:
        tasks.build_packet.pop_request()
    referral = Referral.objects.get(pk=referral.pk)
    assert (referral.state, referral.problem) == (ReferralState.BUILD_FAILED, BuildProblem.UNEXPECTED)


def test_the_sweep_finds_only_what_was_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    referral = make_referral_in(ReferralState.BUILDING)
    asked: list[Any] = []
    monkeypatch.setattr(tasks.build_packet, "apply_async", lambda args, **kwargs: asked.append(args))
    tasks.build_missed()
    assert asked == []
    Referral.objects.filter(pk=referral.pk).update(changed_at=timezone.now() - timedelta(minutes=3))
    tasks.build_missed()
    assert asked == [(str(referral.pk),)]


def test_officers_hear_of_a_case_that_is_ready() -> None:
    make_referral_in(ReferralState.DRAFT)
    assert Notification.objects.filter(kind="referrals.case_ready").exists()
