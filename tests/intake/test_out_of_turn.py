"""Something that did not open at first is opened later: it takes effect as of when it arrived, whatever was opened since."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from cases.models import ErasurePlan
from cases.states import ErasureWhy
from intake import actions, contact_plans
from intake.drain import drain
from intake.finding import Known
from intake.models import Answer, ContactStop, Delivery, HelpRequest, Message, RequestStatus, ReturnCode
from intake.notifications import contact_plan
from intake.signals import plan_changed
from intake.staff_actions import ask
from intake.staff_codes import lift_stop, make_code
from intake.states import Audience, DeliveryState
from rainbowrail.actors import Actor, ActorKind
from rainbowrail.crypto import datakeys
from tests.clients import PublicClient
from tests.factories.intake import Sent
from tests.intake.coming_back import comes_back, takes_new_code, takes_second_code
from tests.intake.test_contact_plans import NEW, OLD, changes, confirms, found_by, reachable

pytestmark = pytest.mark.django_db
CLEO = Actor(ActorKind.STAFF, staff_id=1)
BO = "bo@example.org"


def back(days_ago: int = 1) -> tuple[Sent, PublicClient]:
    """Somebody who came back with their code, and nothing of theirs waits."""
    done = reachable(days_ago)
    browser = comes_back(done.code)
    drain()
    return done, browser


def set_aside(*, days_ago: int = 0) -> None:
    """What waits is kept aside, as if it had not opened; it came so many days ago."""
    came = {"received_hour": timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(days=days_ago)}
    assert Delivery.objects.waiting().update(state=DeliveryState.QUARANTINED, **came)


def put_back() -> None:
    Delivery.objects.quarantined().update(state=DeliveryState.WAITING)
    drain()
    assert not Delivery.objects.unopened().exists()


def day(days_ago: int) -> date:
    return timezone.localdate() - timedelta(days=days_ago)


# --- contact plans ---


def test_a_plan_takes_its_place_and_does_not_become_the_newest() -> None:
    done, browser = back()
    changes(browser)
    set_aside(days_ago=2)
    changes(browser, contact_channel="email", contact_address=BO)
    drain()
    put_back()
    plans = contact_plans.history(done.request)
    assert [row.plan.get("address") for row in plans] == [BO, NEW, OLD]
    assert [row.ended_on for row in plans] == [None, day(0), plans[1].since_on]
    assert contact_plan(done.visit.help_request_id)["address"] == BO


def test_the_index_and_whoever_looks_for_leaks_know_a_plan_that_came_late() -> None:
    done, browser = back()
    changes(browser)
    set_aside()
    changes(browser, contact_channel="email", contact_address=BO)
    drain()
    put_back()
    assert {plan.get("address") for plan in contact_plans.ever(done.request)} == {BO, NEW, OLD}
    for wanted in (Known(phones={NEW}), Known(emails={BO})):
        assert found_by(wanted) == [done.visit.person_id]


def test_a_plan_after_which_nothing_came_is_in_force_however_late_it_is_opened() -> None:
    done, browser = back()
    changes(browser)
    set_aside(days_ago=3)
    confirms(comes_back(done.code))
    drain()
    put_back()
    assert contact_plan(done.visit.help_request_id)["address"] == NEW


def test_nobody_is_told_of_a_new_plan_that_is_old_by_now() -> None:
    told: list[HelpRequest] = []

    def hear(help_request: HelpRequest, **_: Any) -> None:
        told.append(help_request)

    _done, browser = back()
    changes(browser)
    set_aside()
    changes(browser, contact_channel="email", contact_address=BO)
    drain()
    plan_changed.connect(hear)
    try:
        put_back()
    finally:
        plan_changed.disconnect(hear)
    assert told == []


def test_still_right_is_said_of_the_plan_that_was_in_force_then() -> None:
    done, browser = back(days_ago=20)
    confirms(browser)
    set_aside(days_ago=5)
    changes(browser)
    drain()
    put_back()
    newest, first = contact_plans.history(done.request)
    assert (newest.plan["address"], newest.plan["confirmed_on"]) == (NEW, day(0).isoformat())
    assert (first.plan["address"], first.plan["confirmed_on"]) == (OLD, day(5).isoformat())


def test_an_older_still_right_does_not_undo_a_newer_one() -> None:
    done, browser = back(days_ago=20)
    confirms(browser)
    set_aside(days_ago=5)
    confirms(comes_back(done.code))
    drain()
    put_back()
    assert contact_plan(done.visit.help_request_id)["confirmed_on"] == day(0).isoformat()


# --- answers and the day of the last word ---


def test_an_answer_that_came_earlier_does_not_take_back_the_day_of_the_last_one() -> None:
    done, _browser = back()
    question = ask(done.visit.help_request_id, "Is it safe to call?", by=CLEO)
    for text, token in (("No.", "a"), ("Yes, now it is.", "b")):
        with datakeys.scope():
            done.visit.hold_conversation_key()
            actions.answer(done.visit, question.id, text, token=token)
        if text == "No.":
            set_aside(days_ago=4)
    drain()
    put_back()
    assert Message.objects.get().answered_on == day(0)
    assert RequestStatus.objects.get(id=done.visit.help_request_id).heard_on == day(0)
    with datakeys.scope():
        said = [answer.text for answer in Answer.objects.order_by("received_hour")]
    assert said == ["No.", "Yes, now it is."]


# --- what stops counts whenever it is opened ---


def test_a_sign_of_duress_stops_contact_even_where_staff_allowed_it_meanwhile() -> None:
    done, browser = back()
    second = takes_second_code(browser, done.code)
    drain()
    comes_back(second)
    drain()
    comes_back(second)
    set_aside(days_ago=1)
    lift_stop(done.visit.help_request_id, by=CLEO, reason="They are at a friend's.")
    put_back()
    assert ContactStop.objects.filter(help_request_id=done.visit.help_request_id, lifted_on=None).count() == 1


def test_a_wish_to_be_deleted_counts_even_after_staff_made_a_new_code() -> None:
    done, browser = back()
    browser.post(browser.url("intake:delete_all"), {"return_code": done.code})
    set_aside(days_ago=2)
    make_code(done.visit.help_request_id, Audience.PERSON, by=CLEO)
    put_back()
    assert ErasurePlan.objects.get(case__help_request_id=done.visit.help_request_id).why == ErasureWhy.WISH
    assert not ReturnCode.objects.filter(help_request_id=done.visit.help_request_id).exists()


# --- what has no order ---


def test_a_changed_code_is_heard_of_late_and_goes_on_opening() -> None:
    done, browser = back()
    code = takes_new_code(browser, done.code)
    set_aside()
    confirms(browser)
    drain()
    put_back()
    newest = comes_back(code)
    assert newest.get(newest.url("intake:here")).status_code == 200
