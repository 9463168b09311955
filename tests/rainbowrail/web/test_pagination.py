"""Keyset pages show every row exactly once, in order, forwards and backwards, whatever the directions and gaps."""

import random
import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from rainbowrail.audit.models import AuditEvent
from rainbowrail.web.pagination import Keyset

START = datetime(2026, 11, 1, tzinfo=UTC)
ORDERS = [
    ("-id",),
    ("id",),
    ("verb", "actor_id", "-at", "id"),  # actor_id may be NULL
    ("-actor_id", "verb", "at"),
    ("case_id", "-actor_id", "-at", "-id"),
]

pytestmark = pytest.mark.django_db


@pytest.fixture
def events() -> list[AuditEvent]:
    """Many ties, many gaps: the hard case for a page that begins after a row."""
    chance = random.Random(7)
    cases = [None, *(uuid.UUID(int=number) for number in range(3))]
    made = []
    for _ in range(83):
        actor = chance.choice([None, 1, 2])
        made.append(
            AuditEvent(
                at=START + timedelta(hours=chance.randrange(4)),
                verb=chance.choice(["a", "b"]),
                actor_kind="system" if actor is None else "staff",
                actor_id=actor,
                case_id=chance.choice(cases),
            )
        )
    return AuditEvent.objects.bulk_create(made)


def in_full(order: tuple[str, ...]) -> list[Any]:
    columns = [F(name[1:]).desc() if name.startswith("-") else F(name).asc() for name in order]
    return list(
        AuditEvent.objects.order_by(*columns, *([] if order[-1] in {"id", "-id"} else ["id"])).values_list("pk", flat=True)
    )


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [1, 7, 83, 100])
def test_going_on_and_on_shows_every_row_once_and_in_order(events: list[AuditEvent], order: tuple[str, ...], size: int) -> None:
    seen, page = [], Keyset(AuditEvent.objects.all(), order, size=size)
    while True:
        seen += [row.pk for row in page]
        if page.next_token is None:
            break
        page = Keyset(AuditEvent.objects.all(), order, after=page.next_token, size=size)
    assert seen == in_full(order)


@pytest.mark.parametrize("order", ORDERS)
def test_going_back_shows_the_same_pages(events: list[AuditEvent], order: tuple[str, ...]) -> None:
    pages = [Keyset(AuditEvent.objects.all(), order, size=10)]
    while pages[-1].next_token:
        pages.append(Keyset(AuditEvent.objects.all(), order, after=pages[-1].next_token, size=10))
    back = pages[-1]
    for earlier in reversed(pages[:-1]):
        back = Keyset(AuditEvent.objects.all(), order, after=back.previous_token, size=10)
        assert [row.pk for row in back] == [row.pk for row in earlier]
    assert back.previous_token is None


def test_a_row_that_arrives_meanwhile_moves_nothing(events: list[AuditEvent]) -> None:
    first = Keyset(AuditEvent.objects.all(), ("-id",), size=10)
    wanted = in_full(("-id",))[10:20]
    assert first.next_token
    AuditEvent.objects.create(at=START, verb="z", actor_kind="system")
    assert [row.pk for row in Keyset(AuditEvent.objects.all(), ("-id",), after=first.next_token, size=10)] == wanted


@pytest.mark.parametrize("order", ORDERS)
def test_a_later_page_costs_two_queries(events: list[AuditEvent], order: tuple[str, ...]) -> None:
    first = Keyset(AuditEvent.objects.all(), order, size=10)
    assert first.next_token
    with CaptureQueriesContext(connection) as queries:
        assert len(Keyset(AuditEvent.objects.all(), order, after=first.next_token, size=10)) == 10
    assert len(queries) == 2


def test_a_page_deep_in_a_long_list_reads_a_small_part_of_it() -> None:
    order = ("case_id", "-id")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_auditevent (at, verb, actor_kind, thing, thing_id, case_id, detail, seal)"
            " SELECT now(), 'x', 'system', '', '',"
            " CASE WHEN n % 5 > 0 THEN lpad(to_hex(n % 40), 32, '0')::uuid END, '{}', '' FROM generate_series(1, 20000) n"
        )
        cursor.execute("ANALYZE audit_auditevent")
    deep = AuditEvent.objects.filter(case_id=uuid.UUID(int=31)).order_by("-id")[250]
    page = Keyset(AuditEvent.objects.all(), order, size=20)
    token = page._token([deep], forwards=True, when=True)
    with CaptureQueriesContext(connection) as queries:
        assert len(Keyset(AuditEvent.objects.all(), order, after=token, size=20)) == 20
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) {queries[0]['sql']}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    read = sum(float(rows) for rows in re.findall(r"(?:Scan .*actual rows=|Removed by Filter: )([0-9.]+)", plan))
    assert "Seq Scan" not in plan and read < 2000, plan


@pytest.mark.parametrize("token", ["", "nonsense", "eyJ9:1abc:xyz"])
def test_a_token_that_is_not_ours_shows_the_first_page(events: list[AuditEvent], token: str) -> None:
    assert [row.pk for row in Keyset(AuditEvent.objects.all(), ("-id",), after=token, size=5)] == in_full(("-id",))[:5]


def test_a_token_of_another_list_shows_the_first_page(events: list[AuditEvent]) -> None:
    other = Keyset(AuditEvent.objects.all(), ("id",), size=5).next_token
    assert [row.pk for row in Keyset(AuditEvent.objects.all(), ("-id",), after=other, size=5)] == in_full(("-id",))[:5]


def test_an_empty_list_has_no_other_pages() -> None:
    page = Keyset(AuditEvent.objects.all(), ("-id",))
    assert (page.rows, page.next_token, page.previous_token) == ([], None, None)
