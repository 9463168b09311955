"""A code changed while something else is done with it, on real connections."""

import threading
from typing import Any

import pytest
from django.db import connections, transaction

from intake import access, actions, codes
from intake.drain import drain
from intake.models import Answer, Delivery, ReturnCode
from intake.opened import OpenVisit
from intake.staff_codes import make_code
from intake.states import Audience
from rainbowrail.actors import Actor, ActorKind
from rainbowrail.crypto import datakeys
from rainbowrail.errors import NotPossible
from tests.factories.intake import sent
from tests.intake.test_at_the_same_time import at_once

pytestmark = pytest.mark.django_db(transaction=True)
CLEO = Actor(ActorKind.STAFF, staff_id=1)


def session(code: str) -> str:
    with datakeys.scope():
        visit = access.open_by_code(code)
    assert isinstance(visit, OpenVisit)
    return visit.secret


def change(secret: str) -> str:
    with transaction.atomic():
        visit = access.find_visit(secret, lock=True)
        if visit is None:
            return ""
        codes.change_code(visit, token="t")
        return visit.code


def test_of_two_browsers_that_change_the_code_at_once_one_does() -> None:
    done = sent()
    drain()
    one, other = session(done.code), session(done.code)
    results = at_once(lambda: change(one), lambda: change(other))
    won = [result for result in results if isinstance(result, str) and result]
    assert len(won) == 1, results
    assert all(result == "" or isinstance(result, NotPossible) for result in results if result not in won)
    assert ReturnCode.objects.filter(help_request_id=done.visit.help_request_id).count() == 2
    with datakeys.scope():
        assert isinstance(access.open_by_code(won[0]), OpenVisit)
        assert access.open_by_code(done.code) is None


@pytest.mark.parametrize("turn", range(4))
def test_an_answer_that_meets_a_change_is_either_sent_or_refused_and_never_half(turn: int) -> None:
    done = sent()
    drain()
    one, other = session(done.code), session(done.code)
    drain()

    def write() -> str:
        with transaction.atomic():
            visit = access.find_visit(other, lock=True)
            if visit is None:
                return "ended"
            actions.write(visit, "I am at my aunt's.", token="w")
            return "sent"

    changed, written = at_once(lambda: change(one), write)
    assert changed
    assert isinstance(changed, str)
    assert written in {"sent", "ended"} or isinstance(written, NotPossible)
    drain()
    assert Answer.objects.count() == (written == "sent")
    assert Delivery.objects.waiting().count() == Delivery.objects.quarantined().count() == 0


def test_somebody_who_writes_waits_for_a_change_that_is_under_way_and_is_then_refused() -> None:
    done = sent()
    drain()
    mine, theirs = session(done.code), session(done.code)
    is_changed, go_on = threading.Event(), threading.Event()
    outcome: list[Any] = []

    def slow_change() -> None:
        with datakeys.scope(), transaction.atomic():
            visit = access.find_visit(mine, lock=True)
            assert visit is not None
            codes.change_code(visit, token="t")
            is_changed.set()
            go_on.wait(10)
        connections.close_all()

    def write() -> None:
        try:
            with datakeys.scope(), transaction.atomic():
                visit = access.find_visit(theirs, lock=True)
                assert visit is not None
                actions.write(visit, "late", token="w")
        except NotPossible as error:
            outcome.append(error)
        finally:
            connections.close_all()

    changing = threading.Thread(target=slow_change)
    changing.start()
    assert is_changed.wait(20)
    writing = threading.Thread(target=write)
    writing.start()
    writing.join(0.5)
    assert writing.is_alive()
    go_on.set()
    changing.join(20)
    writing.join(20)
    assert "changed in another browser" in str(outcome[0])


def test_a_code_made_by_staff_and_a_change_at_once_leave_one_pair() -> None:
    done = sent()
    drain()
    secret = session(done.code)
    at_once(lambda: change(secret), lambda: make_code(done.visit.help_request_id, Audience.PERSON, by=CLEO))
    assert ReturnCode.objects.filter(help_request_id=done.visit.help_request_id).count() == 2
