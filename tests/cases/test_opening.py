"""A drained request becomes a case, once, scored, sealed, at its place in the queue."""

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.utils import timezone

from cases import actions, tasks
from cases.models import Case, UrgencyScore
from cases.models.case_move import CaseMove
from cases.states import CaseState, NextStep, ScoredBy
from cases.urgency.bands import Band
from intake.models import RequestStatus
from intake.signals import help_request_submitted
from intake.states import PublicStatus
from rainbowrail.accounts.models import User
from rainbowrail.actors import ActorKind
from rainbowrail.audit.models import AuditEvent
from rainbowrail.crypto import fields
from rainbowrail.notifications.models import Notification
from tests.factories.cases import CALM, EMERGENCY, make_case, make_case_in, make_help_request

pytestmark = pytest.mark.django_db


def test_a_submitted_request_opens_a_case_that_is_scored_and_has_a_next_step() -> None:
    request = make_help_request(CALM)

    help_request_submitted.send(sender=type(request), help_request=request)

    case = Case.objects.get(help_request=request)
    assert (case.state, case.owner, case.country, case.language) == (CaseState.RECEIVED, None, "CAN", "en")
    assert case.band == Band.NORMAL
    assert case.received_at == request.received_hour
    assert case.next_step == NextStep.READ
    assert case.next_step_on is not None
    assert case.latest_score is not None
    assert case.latest_score.score == case.score
    assert case.latest_score.words()["reasons"]


def test_opening_twice_makes_one_case() -> None:
    request = make_help_request()
    first = actions.open_case(request)
    assert actions.open_case(request) == first
    assert (Case.objects.count(), UrgencyScore.objects.count()) == (1, 1)


def test_a_request_of_which_nothing_is_known_is_elevated_and_not_last() -> None:
    case = make_case({})
    assert (case.band, str(case.score)) == (Band.ELEVATED, "60.1")


def test_what_the_policy_said_is_sealed() -> None:
    case = make_case(EMERGENCY)
    score = case.latest_score
    assert score is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT result FROM cases_urgencyscore WHERE id = %s", [score.pk])
        (raw,) = cursor.fetchone()
    for sentence in score.words()["reasons"]:
        assert sentence.encode() not in bytes(raw)
    assert bytes(raw) == bytes(fields.raw(score, "result"))


def test_no_time_of_the_drain_is_kept_finer_than_the_hour() -> None:
    case = make_case(EMERGENCY)
    score = case.latest_score
    event = AuditEvent.objects.get(case_id=case.pk)
    assert score is not None
    kept = [case.received_at, score.scored_at, score.in_force_at, event.at]
    assert all((at.minute, at.second, at.microsecond) == (0, 0, 0) for at in kept if at)
    assert event.actor_kind == ActorKind.APPLICANT


def test_each_lead_is_told_of_an_emergency_once_while_it_waits(dana: User, cleo: User) -> None:
    make_case(EMERGENCY)
    make_case(EMERGENCY)
    notice = Notification.objects.get()
    assert (notice.kind, notice.about_id.int) == ("cases.new_emergency", dana.pk)


def test_nobody_is_told_of_a_calm_request(dana: User) -> None:
    make_case(CALM)
    assert not Notification.objects.exists()


def test_the_sweep_opens_what_was_missed_and_nothing_twice() -> None:
    missed, done = make_help_request(), make_case()
    assert tasks.open_missed() == 1
    assert tasks.open_missed() == 0
    assert Case.objects.get(help_request=missed) != done


def test_a_case_that_cannot_be_scored_rolls_the_delivery_back() -> None:
    """The drain then keeps the delivery aside with its box: a person may be behind it."""
    request = make_help_request({"threat_now": "a word the policy does not know"})
    with pytest.raises(ValueError, match="threat_now"), transaction.atomic():
        help_request_submitted.send(sender=type(request), help_request=request)
    assert not Case.objects.exists()


def test_the_sweep_goes_on_past_a_request_that_cannot_be_scored() -> None:
    make_help_request({"threat_now": "a word the policy does not know"}, received_at=datetime(2026, 1, 1, tzinfo=UTC))
    make_help_request(CALM)
    assert tasks.open_missed() == 1
    assert Case.objects.count() == 1


def test_a_received_case_says_received_to_the_applicant() -> None:
    case = make_case()
    assert RequestStatus.objects.get(pk=case.help_request_id).status == PublicStatus.RECEIVED


def test_the_history_cannot_be_rewritten() -> None:
    case = make_case_in(CaseState.IN_REVIEW)
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        CaseMove.objects.filter(case=case).update(moved_at=timezone.now())


def test_a_policy_row_names_no_person() -> None:
    score = make_case().latest_score
    assert score is not None
    assert (score.scored_by, score.by, score.rests_on) == (ScoredBy.POLICY, None, None)
