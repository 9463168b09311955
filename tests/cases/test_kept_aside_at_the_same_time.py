"""Two at once, on real connections, about what did not open: two leads, and a lead and the person who writes on."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections, transaction

from cases import actions
from intake import codes
from intake.deliveries import deliver
from intake.drain import drain
from intake.kept_aside import give_up
from intake.models import Delivery, ReturnCode
from intake.states import DeliveryKind, DeliveryState
from rainbowrail.accounts.models import User
from rainbowrail.actors import SYSTEM
from tests.factories.intake import ade, sent
from tests.intake.test_contact_plans import reachable

pytestmark = pytest.mark.django_db(transaction=True)


def somebody_waits() -> bool:
    """Whether any connection of this database waits for another."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0"
        )
        return bool(cursor.fetchone()[0])


def meanwhile(job: Callable[[], Any]) -> tuple[threading.Thread, list[Any]]:
    """Begin the job on a connection of its own; return once it waits for ours, with where its result will be."""
    results: list[Any] = []

    def run() -> None:
        try:
            results.append(job())
        except Exception as error:
            results.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    until = time.monotonic() + 20
    while not somebody_waits() and thread.is_alive() and time.monotonic() < until:
        time.sleep(0.02)
    assert thread.is_alive(), f"It did not wait: {results}"
    return thread, results


def test_two_leads_who_choose_different_rows_of_one_person_take_them_in_one_order(dana: User) -> None:
    done = reachable()
    for sequence in (98, 99):
        deliver(DeliveryKind.ANSWER, {"request": "?"}, subject_id=done.visit.person_id, sequence=sequence)
    drain()
    first, last = Delivery.objects.quarantined().in_order_of_arrival()
    with transaction.atomic():
        Delivery.objects.select_for_update().get(id=first.id)
        thread, results = meanwhile(lambda: actions.put_back(last.id, by=dana.actor))
        # Whoever waits for the first holds none of those that come after it.
        Delivery.objects.select_for_update(nowait=True).get(id=last.id)
    thread.join(20)
    assert results == [2]


def test_what_a_person_sends_while_their_request_is_given_up_keeps_their_code() -> None:
    done = sent(ade())
    Delivery.objects.update(state=DeliveryState.QUARANTINED)
    row, request_id = Delivery.objects.get(), done.visit.help_request_id
    with transaction.atomic():
        codes.lock_codes(request_id)
        deliver(DeliveryKind.ANSWER, {"request": str(request_id)}, subject_id=done.visit.person_id, sequence=2)
        thread, results = meanwhile(lambda: give_up(row.id, by=SYSTEM, case_id=None))
    thread.join(20)
    assert results == [True]
    assert ReturnCode.objects.filter(help_request_id=request_id).exists()
    assert Delivery.objects.waiting().of_subject(done.visit.person_id).count() == 1
