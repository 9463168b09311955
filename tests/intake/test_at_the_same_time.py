"""Two at once, on real connections: two presses of *send*, two workers, two windows."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections, transaction

from intake import access, actions
from intake.drain import drain
from intake.models import Answer, Delivery, Draft, HelpRequest
from intake.signals import help_request_submitted
from intake.staff_actions import ask
from intake.states import DeliveryState
from rainbowrail.actors import Actor, ActorKind
from rainbowrail.crypto import datakeys
from tests.factories.intake import draft, sent

pytestmark = pytest.mark.django_db(transaction=True)
CLEO = Actor(ActorKind.STAFF, staff_id=1)


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Run the jobs in threads that start together; return what each gave, or the error it raised."""
    barrier = threading.Barrier(len(jobs))
    results: list[Any] = [None] * len(jobs)

    def run(index: int, job: Callable[[], Any]) -> None:
        try:
            barrier.wait(10)
            with datakeys.scope():
                results[index] = job()
        except Exception as error:
            results[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index, job)) for index, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_two_presses_of_send_make_one_request() -> None:
    secret = draft().secret

    def press() -> bool:
        with transaction.atomic():
            opened = access.find_draft(secret, lock=True)
            if opened is None:
                return access.has_echo(secret)
            actions.submit(opened, language="en")
            return True

    assert at_once(press, press) == [True, True]
    assert HelpRequest.objects.count() == Delivery.objects.count() == 1
    assert not Draft.objects.exists()


def test_two_windows_saving_at_once_keep_both_answers() -> None:
    secret = draft().secret

    def save(key: str) -> None:
        with transaction.atomic():
            opened = access.find_draft(secret, lock=True)
            assert opened is not None
            actions.save_step(opened, {key: "said"}, language="en")

    assert at_once(lambda: save("heard"), lambda: save("region")) == [None, None]
    with transaction.atomic():
        opened = access.find_draft(secret, lock=False)
    assert opened is not None
    assert (opened.answers["heard"], opened.answers["region"]) == ("said", "said")


def test_two_workers_share_the_work_and_open_each_delivery_once() -> None:
    heard: list[Any] = []

    def hear(help_request: HelpRequest, **_: Any) -> None:
        heard.append(help_request.id)

    requests = [sent() for _ in range(6)]
    help_request_submitted.connect(hear)
    try:
        opened = at_once(drain, drain)
    finally:
        help_request_submitted.disconnect(hear)
    assert sum(opened) == 6
    assert sorted(heard) == sorted(one.visit.help_request_id for one in requests)


def test_a_row_that_another_worker_holds_is_stepped_over() -> None:
    held, free = sent(), sent()
    is_held, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Delivery.objects.select_for_update().get(id=held.delivery.id)
            is_held.set()
            go_on.wait(10)

    thread = threading.Thread(target=lambda: (hold(), connections.close_all()))
    thread.start()
    is_held.wait(10)
    assert drain() == 1
    assert free.delivery.state == DeliveryState.OPENED
    assert held.delivery.state == DeliveryState.WAITING
    go_on.set()
    thread.join(10)
    assert drain() == 1


def test_nobodys_later_words_overtake_their_earlier_ones() -> None:
    done = sent()
    drain()
    question = ask(done.visit.help_request_id, "How are you?", by=CLEO)
    with datakeys.scope(), transaction.atomic():
        visit = access.find_visit(done.visit.secret, lock=True)
        assert visit is not None
        actions.answer(visit, question.id, "first", token="a")
        actions.answer(visit, question.id, "second", token="b")
    first = Delivery.objects.waiting().in_order_of_arrival()[0]
    is_held, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Delivery.objects.select_for_update().get(id=first.id)
            is_held.set()
            go_on.wait(10)

    thread = threading.Thread(target=lambda: (hold(), connections.close_all()))
    thread.start()
    is_held.wait(10)
    assert drain() == 0
    go_on.set()
    thread.join(10)
    assert drain() == 2
    assert Answer.objects.count() == 2


def test_the_database_numbers_deliveries_itself() -> None:
    sent()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE intake_delivery SET arrival = 0")
    sent()
    arrivals = list(Delivery.objects.order_by("arrival").values_list("arrival", flat=True))
    assert arrivals[0] == 0
    assert arrivals[1] > 0
