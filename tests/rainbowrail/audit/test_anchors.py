"""Whoever owns the database, without an audit key, cuts the chain and lets it be linked again: it is found, line by line."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from rainbowrail.actors import SYSTEM
from rainbowrail.audit import anchors, chain, reminders, tasks, walk
from rainbowrail.audit.models import AuditAnchor, AuditEvent, AuditLink
from rainbowrail.audit.record import record
from rainbowrail.audit.verbs import KernelVerb
from rainbowrail.crypto import trail_seal
from rainbowrail.web import logs
from tests.roles import AsRole

pytestmark = pytest.mark.django_db
BEGIN = datetime(2027, 3, 1, 9, tzinfo=UTC)


@contextmanager
def behind_the_back() -> Iterator[Any]:
    """What somebody can do who owns the database: triggers are off."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor
        cursor.execute("SET LOCAL session_replication_role = origin")


def write(lines: int, *, at: datetime) -> list[int]:
    """Write lines at a moment, and link them at the same moment as the worker would."""
    with time_machine.travel(at, tick=False):
        written = [record(KernelVerb.SIGNED_IN, by=SYSTEM, detail={"count": number}).pk for number in range(lines)]
        chain.link_new()
        return written


@pytest.fixture
def days() -> list[int]:
    """Forty lines over twenty days, with an anchor each day."""
    return [each for day in range(20) for each in write(2, at=BEGIN + timedelta(days=day))]


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(BEGIN + timedelta(days=20), tick=False):
        yield


def findings() -> list[str]:
    return [str(finding) for finding in walk.verify()]


def cut_and_remove(victim: int) -> None:
    """The attack: one line goes, with every link from its own on, and the linker is left to seal the rest again."""
    number = AuditLink.objects.get(event_id=victim).number
    with behind_the_back() as cursor:
        cursor.execute("DELETE FROM audit_auditlink WHERE number >= %s", [number])
        cursor.execute("DELETE FROM audit_auditevent WHERE id = %s", [victim])


def link_again() -> None:
    """All that the worker does by itself in the days that follow."""
    record(KernelVerb.SIGNED_OUT, by=SYSTEM)
    while chain.link_new() or chain.link_new(everything=True):
        pass


def test_a_whole_trail_has_an_anchor_each_quarter_of_an_hour_and_verifies(days: list[int]) -> None:
    assert AuditAnchor.objects.count() == 20
    write(1, at=timezone.now())
    write(1, at=timezone.now() + timedelta(minutes=14))
    assert AuditAnchor.objects.count() == 21
    write(1, at=timezone.now() + timedelta(minutes=16))
    assert AuditAnchor.objects.count() == 22
    assert findings() == []


def test_five_hundred_links_drop_an_anchor_before_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anchors, "LINKS_BETWEEN", 5)
    now = timezone.now()
    write(2, at=now)
    write(4, at=now)
    assert AuditAnchor.objects.count() == 1
    write(1, at=now)
    assert list(AuditAnchor.objects.order_by("number").values_list("number", flat=True)) == [2, 7]


def test_a_line_that_is_removed_with_its_links_is_named_after_the_rest_was_linked_again(days: list[int]) -> None:
    cut_and_remove(days[9])
    link_again()
    told = findings()
    assert f"line {days[9]}: the line was deleted, with its link" in told
    assert any(f"the links of 30 lines, from {days[10]} to {days[39]}, were removed" in each for each in told)
    assert any("the links 10 to 40 are missing" in each for each in told)
    assert AuditLink.objects.order_by("-number").first().number == 41  # type: ignore[union-attr]


def test_the_command_finds_it_without_a_checkpoint(days: list[int]) -> None:
    cut_and_remove(days[9])
    link_again()
    out = StringIO()
    with pytest.raises(CommandError, match="things are wrong"):
        call_command("audit", "verify", stdout=out)
    assert f"line {days[9]}: the line was deleted" in out.getvalue()


def test_the_linker_says_in_the_log_that_the_chain_was_cut_and_so_does_doctor(
    days: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[str, dict[str, object]]] = []
    monkeypatch.setattr(logs, "event", lambda name, **facts: said.append((name, facts)))
    cut_and_remove(days[9])
    assert any("it was cut" in sentence for sentence in reminders.complaints())
    link_again()
    assert said == [("audit_trail_was_cut", {"count": 40, "row_id": 9})]


def test_lines_after_the_cut_are_linked_on_so_that_nobody_removes_them_unseen(days: list[int]) -> None:
    cut_and_remove(days[9])
    link_again()
    (later,) = write(1, at=timezone.now() + timedelta(hours=1))
    with behind_the_back() as cursor:
        cursor.execute("DELETE FROM audit_auditevent WHERE id = %s", [later])
    assert any(each.startswith(f"line {later} (link 42): the line was deleted after") for each in findings())
    assert not any("(link 41)" in each and "does not follow" in each for each in findings())


def test_links_cannot_be_made_anew_by_hand_either(days: list[int]) -> None:
    cut_and_remove(days[9])
    call_command("audit", "link", "--late", stdout=StringIO())
    told = findings()
    assert f"line {days[9]}: the line was deleted, with its link" in told
    assert any(f"the links of 30 lines, from {days[10]} to {days[39]}, were removed" in each for each in told)


@pytest.mark.parametrize("how", ["one", "newest", "all since", "all"])
def test_anchors_that_are_removed_along_with_it_give_it_away(days: list[int], how: str) -> None:
    number = AuditLink.objects.get(event_id=days[9]).number
    first, last = {"one": (12, 12), "newest": (40, 40), "all since": (number, 40), "all": (0, 40)}[how]
    with behind_the_back() as cursor:
        cursor.execute("DELETE FROM audit_auditanchor WHERE number BETWEEN %s AND %s", [first, last])
    cut_and_remove(days[9])
    link_again()
    told = findings()
    if how in {"one", "newest"}:
        assert any("deleted, with" in each or "anchor at link 12 is missing" in each for each in told)
        assert any("links 10 to" in each and "are missing" in each for each in told)
    else:
        assert any(each.startswith(f"line {days[10]}: the line has waited for its link") for each in told)
        assert any("have waited for their link" in sentence for sentence in reminders.complaints())
    assert told


def test_an_altered_anchor_is_named_and_believed_no_more(days: list[int]) -> None:
    with behind_the_back() as cursor:
        cursor.execute(
            "UPDATE audit_auditanchor SET gaps = jsonb_build_array(jsonb_build_array(1, up_to_id)) WHERE number = 10"
        )
    assert findings() == [
        "(link 10): the anchor was altered, or written by something that holds no audit key",
        "(link 12): the anchor at link 10 is missing",
    ]


def test_an_anchor_without_the_key_neither_stops_the_linker_nor_passes(days: list[int]) -> None:
    with behind_the_back() as cursor:
        cursor.execute(
            "INSERT INTO audit_auditanchor (number, after_number, end_seal, from_id, up_to_id, gaps, made_at, seal) "
            "VALUES (999999999999, 40, 'x', 1, 2, '[]', now(), '1:00:00')"
        )
    write(1, at=timezone.now())
    assert findings() == ["(link 999999999999): the anchor was altered, or written by something that holds no audit key"]


def test_without_any_anchor_a_chain_does_not_count_as_whole(days: list[int]) -> None:
    with behind_the_back() as cursor:
        cursor.execute("DELETE FROM audit_auditanchor")
    assert findings() == ["(link 0): the anchors after this link are missing"]


def test_numbers_of_failed_writers_are_no_missing_lines(days: list[int]) -> None:
    with pytest.raises(ValueError, match="no"), transaction.atomic():
        record(KernelVerb.SIGNED_IN, by=SYSTEM)
        raise ValueError("no")
    write(2, at=timezone.now())
    assert findings() == []


def test_a_line_that_a_long_transaction_wrote_late_is_linked(days: list[int]) -> None:
    early = record(KernelVerb.SIGNED_IN, by=SYSTEM)
    (later,) = write(1, at=timezone.now() + timedelta(minutes=20))
    with behind_the_back() as cursor:  # as if the first had not been committed when the second was linked
        cursor.execute("DELETE FROM audit_auditanchor WHERE number > 40")
        cursor.execute("DELETE FROM audit_auditlink WHERE number > 40")
    seal = trail_seal.seal
    last = AuditLink.objects.get(number=40)
    event = AuditEvent.objects.get(pk=later)
    link = AuditLink.objects.create(number=41, event_id=later, seal=seal(chain.LINK, 41, last.seal, *chain.identity(event)))
    anchors.drop_if_due(anchors.newest(), link, now=timezone.now())
    assert [early.pk, early.pk] in AuditAnchor.objects.get(number=41).gaps
    assert chain.link_new() == 1
    assert AuditLink.objects.get(event_id=early.pk).number == 42
    assert findings() == []


def test_when_the_worker_stood_still_a_person_has_the_lines_linked_and_that_is_on_record(days: list[int]) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=2), tick=False):
        record(KernelVerb.SIGNED_IN, by=SYSTEM)
    assert chain.link_new(everything=True) == 0
    assert any("has waited for its link for more than a day" in each for each in findings())
    call_command("audit", "link", "--late", stdout=StringIO())
    assert AuditEvent.objects.get(verb="audit.linked_late").detail == {"count": 1}
    assert findings() == []
    assert list(reminders.complaints()) == []


@pytest.mark.parametrize("number", [42, 999_999_999_999, 40, 0])
def test_no_link_is_taken_but_the_one_that_follows(days: list[int], number: int) -> None:
    event = record(KernelVerb.SIGNED_IN, by=SYSTEM)
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditLink.objects.create(number=number, event_id=event.pk, seal="1:00:00")


def test_no_anchor_is_taken_at_a_link_that_is_not_there(days: list[int]) -> None:
    with pytest.raises(DatabaseError, match="no such link"), transaction.atomic():
        AuditAnchor.objects.create(number=77, after_number=40, end_seal="x", from_id=1, up_to_id=2, made_at=timezone.now())


@pytest.mark.parametrize("table", ["auditevent", "auditlink", "auditanchor", "auditexpiry", "auditverification"])
def test_no_table_of_the_trail_is_emptied_not_even_by_its_owner(table: str) -> None:
    with pytest.raises(DatabaseError, match="Cannot empty"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE audit_{table}")


@pytest.mark.parametrize("statement", ["UPDATE audit_auditanchor SET gaps = '[]'", "DELETE FROM audit_auditanchor"])
def test_anchors_are_neither_changed_nor_removed(days: list[int], statement: str) -> None:
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_each_day_the_log_which_leaves_this_machine_says_where_the_chain_ends(
    days: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[str, dict[str, object]]] = []
    monkeypatch.setattr(logs, "event", lambda name, **facts: said.append((name, facts)))
    tasks.checkpoint()
    end = AuditLink.objects.get(number=40)
    assert said == [("audit checkpoint", {"count": 40, "version": end.seal})]


def test_the_role_that_the_worker_has_is_enough(days: list[int], as_staff_role: AsRole) -> None:
    with as_staff_role():
        record(KernelVerb.SIGNED_IN, by=SYSTEM)
        assert chain.link_new() == 1
        assert findings() == []
    assert AuditAnchor.objects.filter(number=41).exists()


def false_anchor(number: int) -> None:
    """What a process without the audit key can do: an anchor on a real link, under a seal of nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_auditanchor (number, after_number, end_seal, from_id, up_to_id, gaps, made_at, seal) "
            "SELECT number, 0, seal, 0, 999999999999, '[]', now(), '1:00:' || gen_random_uuid() FROM audit_auditlink "
            "WHERE number = %s",
            [number],
        )


def test_any_number_of_anchors_without_the_key_hide_none_that_holds(days: list[int], as_staff_role: AsRole) -> None:
    write(1, at=timezone.now())
    write(1, at=timezone.now() + timedelta(minutes=1))
    newest = anchors.newest()
    with as_staff_role():
        for _ in range(3 * anchors.LOOKED_AT + 1):
            false_anchor(42)
    assert newest is not None and newest.number == 41
    assert anchors.newest() == newest
    assert anchors.covering(days[9]) == AuditAnchor.objects.get(number=10)
    write(1, at=timezone.now() + timedelta(hours=1))
    next_one = anchors.newest()
    assert next_one is not None
    assert (next_one.number, next_one.after_number, next_one.from_id) == (43, 41, newest.up_to_id)
    with behind_the_back() as cursor:
        cursor.execute("DELETE FROM audit_auditlink WHERE number >= 43")
    assert any("it was cut" in sentence for sentence in reminders.complaints())


def test_an_anchor_without_the_key_does_not_take_the_place_of_one_that_holds(days: list[int]) -> None:
    write(1, at=timezone.now())
    write(1, at=timezone.now() + timedelta(minutes=1))
    false_anchor(42)
    anchors.drop_if_due(anchors.newest(), AuditLink.objects.get(number=42), now=timezone.now() + timedelta(hours=1))
    newest = anchors.newest()
    assert newest is not None and newest.number == 42
    assert findings() == ["(link 42): the anchor was altered, or written by something that holds no audit key"]


def test_a_trail_without_anchors_gets_them_a_stretch_at_a_time(days: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """The first runs after an upgrade: no run reads more than its share, and none needs a new line."""
    with behind_the_back() as cursor:
        cursor.execute("DELETE FROM audit_auditanchor")
    monkeypatch.setattr(anchors, "COVERED_AT_ONCE", 7)
    reached = []
    for _ in range(8):
        assert chain.link_new() == 0
        newest = anchors.newest()
        assert newest is not None
        reached.append(newest.up_to_id)
    assert reached == [*(days[6 + 7 * run] for run in range(5)), days[39], days[39], days[39]]
    assert AuditAnchor.objects.count() == 6
    assert findings() == []
    cut_and_remove(days[9])
    link_again()
    assert f"line {days[9]}: the line was deleted, with its link" in findings()


@pytest.mark.parametrize("how", [{}, {"everything": True}, {"everything": True, "late": True}])
def test_anchors_whose_gaps_are_settled_are_not_opened_again(how: dict[str, bool], monkeypatch: pytest.MonkeyPatch) -> None:
    for quarter in range(12):
        with pytest.raises(ValueError, match="no"), transaction.atomic():
            record(KernelVerb.SIGNED_IN, by=SYSTEM)
            raise ValueError("no")
        write(1, at=timezone.now() + timedelta(minutes=15 * quarter))
    assert AuditAnchor.objects.exclude(gaps=[]).count() == 12
    opened: list[int] = []
    is_genuine = anchors.is_genuine

    def noted(one: AuditAnchor) -> bool:
        opened.append(one.number)
        return is_genuine(one)

    monkeypatch.setattr(anchors, "is_genuine", noted)
    assert chain.link_new(**how) == 0
    assert opened == [12]


def test_lines_that_waited_long_ago_are_for_the_walk_of_the_day_and_not_for_each_look_of_doctor(days: list[int]) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=30), tick=False):
        record(KernelVerb.SIGNED_IN, by=SYSTEM)
    assert not any("have waited for their link" in sentence for sentence in reminders.complaints())
    assert any("has waited for its link for more than a day" in each for each in findings())
