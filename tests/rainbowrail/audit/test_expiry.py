"""Lines past their years go as a whole beginning of the chain; what stays verifies, and whoever cheats is named."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import DatabaseError

from rainbowrail.actors import SYSTEM
from rainbowrail.audit import chain, expiry, reminders, walk
from rainbowrail.audit.models import AuditEvent, AuditExpiry, AuditLink
from rainbowrail.audit.record import record
from rainbowrail.audit.verbs import KernelVerb
from rainbowrail.crypto import keyring, trail_seal
from rainbowrail.crypto.errors import KeyNotHeld

pytestmark = pytest.mark.django_db
TODAY = date(2033, 3, 1)
OLD = datetime(2026, 11, 21, 12, tzinfo=UTC)


def write(at: datetime, lines: int) -> list[int]:
    with time_machine.travel(at, tick=False):
        written = [record(KernelVerb.SIGNED_IN, by=SYSTEM, detail={"count": number}).pk for number in range(lines)]
        chain.link_new()
        return written


@pytest.fixture
def trail() -> tuple[list[int], list[int]]:
    return write(OLD, 4), write(datetime(2030, 1, 1, tzinfo=UTC), 3)


def findings() -> list[str]:
    return [str(finding) for finding in walk.verify()]


@pytest.mark.parametrize(
    ("today", "kept"),
    [(date(2032, 11, 21), date(2026, 11, 22)), (date(2033, 3, 1), date(2027, 3, 2)), (date(2032, 2, 29), date(2026, 3, 1))],
)
def test_six_years_are_reckoned_by_the_calendar(today: date, kept: date) -> None:
    assert expiry.first_day_kept(today) == kept


def test_a_whole_beginning_goes_and_the_rest_verifies(trail: tuple[list[int], list[int]]) -> None:
    old, young = trail
    expiry.expire(TODAY)
    chain.link_new(everything=True)
    assert list(AuditEvent.objects.filter(pk__in=old + young).order_by("pk").values_list("pk", flat=True)) == young
    note = AuditExpiry.objects.get()
    assert (note.last_number, note.lines, note.removed_on) == (4, 4, TODAY)
    assert AuditLink.objects.order_by("number").first().number == 5  # type: ignore[union-attr]
    assert findings() == []
    assert AuditEvent.objects.get(verb="audit.trail_expired").detail == {"count": 4}


def test_nothing_goes_before_its_day(trail: tuple[list[int], list[int]]) -> None:
    assert expiry.expire(date(2032, 11, 21) - timedelta(days=1)) is None
    assert AuditEvent.objects.count() == 7


def test_when_everything_is_past_its_years_the_chain_still_goes_on(trail: tuple[list[int], list[int]]) -> None:
    expiry.expire(date(2040, 1, 1))
    chain.link_new(everything=True)
    assert AuditLink.objects.get().number == 8
    assert findings() == []
    expiry.expire(date(2050, 1, 1))
    chain.link_new(everything=True)
    assert AuditExpiry.objects.count() == 2
    assert findings() == []


def test_a_second_time_goes_on_from_the_first(trail: tuple[list[int], list[int]]) -> None:
    expiry.expire(TODAY)
    expiry.expire(date(2036, 6, 1))
    chain.link_new(everything=True)
    assert list(AuditExpiry.objects.order_by("last_number").values_list("last_number", "lines")) == [(4, 4), (7, 3)]
    assert findings() == []


def test_a_checkpoint_at_the_last_link_that_went_still_counts(trail: tuple[list[int], list[int]]) -> None:
    last = AuditLink.objects.get(number=4)
    expiry.expire(TODAY)
    assert list(walk.verify(against=chain.Checkpoint(4, last.seal))) == []
    assert "differs from the checkpoint" in str(list(walk.verify(against=chain.Checkpoint(4, "1:00:00"))))


def test_removing_a_beginning_without_the_key_is_named(trail: tuple[list[int], list[int]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM audit_auditevent WHERE id IN (SELECT event_id FROM audit_auditlink WHERE number <= 2)")
        cursor.execute("DELETE FROM audit_auditlink WHERE number <= 2")
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert "the links 1 to 2 are missing" in findings()[0]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_auditexpiry (last_number, last_seal, lines, before_on, removed_on, last_event_id, seal) "
            "VALUES (2, 'x', 2, '2026-11-22', '2033-03-01', 0, 'x')"
        )
    assert "the note of what expired was altered" in findings()[0]


def test_a_note_that_covers_younger_lines_is_named_even_when_sealed(trail: tuple[list[int], list[int]]) -> None:
    last = AuditLink.objects.get(number=7)
    gone = AuditExpiry(last_number=7, last_seal=last.seal, lines=7, before_on=date(2030, 1, 1), removed_on=TODAY)
    gone.seal = trail_seal.seal(chain.EXPIRED, *chain.expiry_parts(gone))
    gone.save()
    assert "was not past its years" in findings()[0]


@pytest.mark.parametrize("forged", [0, 9])
def test_a_note_from_before_it_named_the_highest_id_still_holds_and_no_other_id_does(
    forged: int, trail: tuple[list[int], list[int]]
) -> None:
    expiry.expire(TODAY)
    chain.link_new(everything=True)
    gone = AuditExpiry.objects.get()
    old = (gone.last_number, gone.last_seal, gone.lines, gone.before_on.isoformat(), gone.removed_on.isoformat())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE audit_auditexpiry SET last_event_id = %s, seal = %s", [forged, trail_seal.seal(chain.EXPIRED, *old)]
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert any("the note of what expired was altered" in each for each in findings()) is bool(forged)


def test_without_the_audit_key_nothing_goes(trail: tuple[list[int], list[int]], tmp_path: Path) -> None:
    with keyring.using(tmp_path), pytest.raises(KeyNotHeld):
        expiry.expire(TODAY)
    assert AuditEvent.objects.count() == 7


def test_the_role_that_serves_people_cannot_do_it(trail: tuple[list[int], list[int]]) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE rainbowrail_staff")
        expiry.expire(TODAY)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE rainbowrail_staff")
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{audit_auditevent:append_only}', true)")
        cursor.execute("DELETE FROM audit_auditevent")


def test_the_command_says_what_it_would_do_and_does_it(trail: tuple[list[int], list[int]]) -> None:
    folders = Path(settings.KEYS_DIR).parent
    with time_machine.travel(datetime(2033, 3, 1, 9, tzinfo=UTC), tick=False):
        assert any("past their years" in sentence for sentence in reminders.complaints())
        out = StringIO()
        call_command("audit", "expire", "--folders", str(folders), "--dry-run", stdout=out)
        assert "4 lines" in out.getvalue() and AuditEvent.objects.count() == 7
        call_command("audit", "expire", "--folders", str(folders), stdout=out)
        call_command("audit", "expire", "--folders", str(folders), stdout=out)
    assert "Nothing in the trail is past its years." in out.getvalue()
    assert not any("past their years" in sentence for sentence in reminders.complaints())


def test_the_command_without_keys_says_so(trail: tuple[list[int], list[int]], tmp_path: Path) -> None:
    with time_machine.travel(datetime(2033, 3, 1, 9, tzinfo=UTC), tick=False), pytest.raises(CommandError):
        call_command("audit", "expire", "--folders", str(tmp_path))
