"""What is asked about deliveries on every page is found by an index: opened ones stay in the table by the million."""

from uuid import uuid4

import pytest
from django.db import connection

from intake.models import Delivery
from intake.queries import DeliveryQuerySet

pytestmark = pytest.mark.django_db
ANYBODY = uuid4()
OF_PERSON, KEPT_ASIDE, WAITING = "delivery_of_subject", "delivery_kept_aside", "delivery_waiting"


def plan(rows: DeliveryQuerySet) -> str:
    """A handful of rows is planned for as a whole table, so that scanning it is switched off."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        return str(rows.explain())


@pytest.mark.parametrize(
    ("rows", "index"),
    [
        pytest.param(Delivery.objects.of_subject(ANYBODY), (OF_PERSON,), id="all of a person"),
        pytest.param(Delivery.objects.of_subject(ANYBODY).in_order_of_arrival(), (OF_PERSON,), id="all of a person in order"),
        pytest.param(Delivery.objects.unopened().of_subject(ANYBODY), (OF_PERSON,), id="what of a person is unopened"),
        # Few wait and few are kept aside: either way leads past what was opened.
        pytest.param(
            Delivery.objects.quarantined().of_subject(ANYBODY), (OF_PERSON, KEPT_ASIDE), id="what of a person is kept aside"
        ),
        pytest.param(Delivery.objects.waiting().of_subject(ANYBODY), (OF_PERSON, WAITING), id="what of a person waits"),
        pytest.param(Delivery.objects.quarantined(), (KEPT_ASIDE,), id="all that is kept aside"),
        pytest.param(Delivery.objects.waiting(), (WAITING,), id="all that waits"),
    ],
)
def test_deliveries_are_found_by_an_index(rows: DeliveryQuerySet, index: tuple[str, ...]) -> None:
    found = plan(rows)
    assert any(f"{name} " in found or found.endswith(name) for name in index), found
    assert "Seq Scan" not in found, found
