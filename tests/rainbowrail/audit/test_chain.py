"""The chain over the trail finds what a superuser did behind the application's back, and names the line."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from rainbowrail.actors import APPLICANT, SYSTEM
from rainbowrail.audit import chain, tasks, walk
from rainbowrail.audit.models import AuditEvent, AuditLink
from rainbowrail.audit.record import record
from rainbowrail.audit.verbs import KernelVerb
from rainbowrail.crypto import keyring

pytestmark = pytest.mark.django_db


@contextmanager
def behind_the_back() -> Iterator[Any]:
    """What somebody can do who owns the database: triggers are off."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.fixture
def lines() -> list[AuditEvent]:
    written = [record(KernelVerb.SIGNED_IN, by=SYSTEM, detail={"count": number}) for number in range(5)]
    assert chain.link_new() == 5
    return written


def findings() -> list[str]:
    return [str(finding) for finding in walk.verify()]


def test_a_whole_trail_verifies(lines: list[AuditEvent]) -> None:
    assert findings() == []
    assert list(AuditLink.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4, 5]


def test_linking_again_changes_nothing(lines: list[AuditEvent]) -> None:
    assert chain.link_new() == 0
    record(KernelVerb.SIGNED_OUT, by=APPLICANT)
    tasks.link()
    assert AuditLink.objects.count() == 6
    assert findings() == []


def test_an_altered_line_is_named(lines: list[AuditEvent]) -> None:
    with behind_the_back() as cursor:
        cursor.execute("UPDATE audit_auditevent SET verb = 'audit.viewed' WHERE id = %s", [lines[2].pk])
    (found,) = findings()
    assert found.startswith(f"line {lines[2].pk} (link 3): the line was altered")


def test_a_deleted_line_is_named(lines: list[AuditEvent]) -> None:
    with behind_the_back() as cursor:
        cursor.execute("DELETE FROM audit_auditevent WHERE id = %s", [lines[1].pk])
    assert findings() == [f"line {lines[1].pk} (link 2): the line was deleted after it was linked"]


def test_an_inserted_line_is_named_before_and_after_linking(lines: list[AuditEvent]) -> None:
    with behind_the_back() as cursor:
        cursor.execute(
            "INSERT INTO audit_auditevent (at, verb, actor_kind, thing, thing_id, detail, seal) "
            "SELECT at, verb, actor_kind, thing, thing_id, '{\"count\": 77}', 'x' || seal FROM audit_auditevent "
            "WHERE id = %s RETURNING id",
            [lines[0].pk],
        )
        (inserted,) = cursor.fetchone()
    assert [found.startswith(f"line {inserted}: ") for found in findings()] == [True]
    chain.link_new()
    assert [found.startswith(f"line {inserted} (link 6): ") for found in findings()] == [True]


def test_a_line_that_is_copied_whole_is_named(lines: list[AuditEvent]) -> None:
    with behind_the_back() as cursor:
        cursor.execute("DROP INDEX audit_seals_are_unlike_each_other")
        cursor.execute(
            "INSERT INTO audit_auditevent (at, verb, actor_kind, thing, thing_id, detail, seal) "
            "SELECT at, verb, actor_kind, thing, thing_id, detail, seal FROM audit_auditevent WHERE id = %s RETURNING id",
            [lines[0].pk],
        )
        (copy,) = cursor.fetchone()
    chain.link_new()
    assert findings() == [f"line {copy}: the line is a copy of line {lines[0].pk}"]


def test_a_line_without_a_seal_is_named(lines: list[AuditEvent]) -> None:
    unsealed = AuditEvent.objects.create(at=lines[0].at, verb="audit.viewed", actor_kind="system")
    assert findings() == [f"line {unsealed.pk}: the line was written by something that holds no audit key"]


def test_a_changed_link_is_named(lines: list[AuditEvent]) -> None:
    with behind_the_back() as cursor:
        cursor.execute("UPDATE audit_auditlink SET seal = '1:00' WHERE number = 4")
    assert [found.split(":")[0] for found in findings()] == [f"line {lines[3].pk} (link 4)", f"line {lines[4].pk} (link 5)"]


def test_a_removed_link_is_named(lines: list[AuditEvent]) -> None:
    with behind_the_back() as cursor:
        cursor.execute("DELETE FROM audit_auditlink WHERE number = 2")
    assert any("the links 2 to 2 are missing" in found for found in findings())


def test_a_cut_tail_is_found_by_the_command_without_anything_else(lines: list[AuditEvent]) -> None:
    with behind_the_back() as cursor:
        cursor.execute("DELETE FROM audit_auditlink WHERE number > 3")
        cursor.execute("DELETE FROM audit_auditevent WHERE id > %s", [lines[2].pk])
    out = StringIO()
    with pytest.raises(CommandError, match="2 things are wrong"):
        call_command("audit", "verify", stdout=out)
    assert "an anchor says that it reached 5" in out.getvalue()
    assert f"the lines {lines[3].pk} to {lines[4].pk} were deleted" in out.getvalue()


def test_what_is_removed_with_every_anchor_is_found_with_a_checkpoint(lines: list[AuditEvent], tmp_path: Path) -> None:
    kept = tmp_path / "checkpoint.json"
    call_command("audit", "checkpoint", "--into", str(kept))
    with behind_the_back() as cursor:
        cursor.execute("DELETE FROM audit_auditanchor")
        cursor.execute("DELETE FROM audit_auditlink WHERE number > 3")
        cursor.execute("DELETE FROM audit_auditevent WHERE id > %s", [lines[2].pk])
    out = StringIO()
    with pytest.raises(CommandError, match="2 things are wrong"):
        call_command("audit", "verify", "--checkpoint", str(kept), stdout=out)
    assert "the checkpoint says that it reached 5" in out.getvalue()
    assert "the anchors after this link are missing" in out.getvalue()


def test_a_checkpoint_that_is_none_is_refused(tmp_path: Path) -> None:
    false = tmp_path / "false.json"
    false.write_text(json.dumps({"number": "x"}))
    with pytest.raises(CommandError, match="is no checkpoint"):
        call_command("audit", "verify", "--checkpoint", str(false))


def test_a_process_without_the_key_writes_lines_that_are_found(tmp_path: Path) -> None:
    with keyring.using(tmp_path):
        event = record(KernelVerb.SIGNED_IN, by=SYSTEM)
    assert event.seal == ""
    assert len(findings()) == 1


def test_the_serving_role_cannot_change_a_link(lines: list[AuditEvent]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('rainbowrail_staff', 'audit_auditlink', 'UPDATE'), "
            "has_table_privilege('rainbowrail_staff', 'audit_auditlink', 'DELETE'), "
            "has_table_privilege('rainbowrail_staff', 'audit_auditlink', 'TRUNCATE'), "
            "has_table_privilege('rainbowrail_public', 'audit_auditlink', 'SELECT')"
        )
        assert cursor.fetchone() == (False, False, False, False)
