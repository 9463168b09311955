"""Having the chain verified without waiting for it: a page asks, the worker walks, the page tells. Each day the clock asks."""

import json
from datetime import UTC

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from rainbowrail.actors import SYSTEM, Actor
from rainbowrail.audit import chain, walk
from rainbowrail.audit.models import AuditAsked, AuditVerification
from rainbowrail.audit.record import record
from rainbowrail.audit.verbs import KernelVerb
from rainbowrail.crypto import trail_seal
from rainbowrail.web import logs

ANSWER = "answer"
# Any fixed number: who holds it walks.
LOCK = 7_246_914


def ask(*, by: Actor) -> bool:
    """Ask for a verification and return True; False when one is asked for already, which is then as good."""
    try:
        with transaction.atomic():
            AuditAsked.objects.create(asked_by_id=by.staff_id)
            record(KernelVerb.TRAIL_VERIFIED, by=by)
    except IntegrityError:
        return False
    return True


@transaction.atomic
def verify_asked() -> None:
    """Walk the chain when somebody asked, and keep a sealed answer. One worker walks; nobody who looks waits for it."""
    if not _walks() or (asked := AuditAsked.objects.first()) is None:
        return
    end = chain.checkpoint()
    kept: list[str] = []
    wrong = 0
    for finding in walk.verify():
        wrong += 1
        if len(kept) < AuditVerification.MOST_KEPT:
            kept.append(str(finding))
    answer(asked, end=end, wrong=wrong, findings=kept)
    asked.delete()
    if wrong:
        logs.event("audit_trail_is_not_whole", count=wrong)


def answer(asked: AuditAsked, *, end: chain.Checkpoint | None, wrong: int, findings: list[str]) -> AuditVerification:
    """Keep how a walk ended, sealed. Raises KeyNotHeld in a process without an audit key."""
    made = AuditVerification(
        asked_at=asked.asked_at,
        asked_by_id=asked.asked_by_id,
        ended_at=timezone.now(),
        number=end.number if end else None,
        end_seal=end.seal if end else "",
        wrong=wrong,
        findings=findings,
    )
    made.seal = trail_seal.seal(ANSWER, _content(made))
    made.save(force_insert=True)
    return made


def is_genuine(made: AuditVerification) -> bool:
    """Whether a worker with the audit key gave this answer as it stands."""
    return trail_seal.holds(made.seal, ANSWER, _content(made))


def ask_daily() -> None:
    ask(by=SYSTEM)


def last() -> AuditVerification | None:
    """Return the newest answer, genuine or not: whoever shows it asks `is_genuine`."""
    return AuditVerification.objects.order_by("-ended_at", "-pk").first()


def waiting() -> AuditAsked | None:
    return AuditAsked.objects.first()


def _content(made: AuditVerification) -> str:
    times = [moment.astimezone(UTC).isoformat(timespec="microseconds") for moment in (made.asked_at, made.ended_at)]
    return json.dumps([*times, made.asked_by_id, made.number, made.end_seal, made.wrong, made.findings])


def _walks() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        row = cursor.fetchone()
    return bool(row and row[0])
