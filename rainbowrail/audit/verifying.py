"""Having the chain verified without waiting for it: a page asks, the worker walks, the page tells. Each day the clock asks."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from rainbowrail.actors import SYSTEM, Actor
from rainbowrail.audit import chain
from rainbowrail.audit.chain import Checkpoint
from rainbowrail.audit.models import AuditVerification
from rainbowrail.audit.record import record
from rainbowrail.audit.verbs import KernelVerb
from rainbowrail.web import logs


def ask(*, by: Actor) -> bool:
    """Ask for a verification and return True; False when one is asked for already, which is then as good."""
    try:
        with transaction.atomic():
            AuditVerification.objects.create(asked_by_id=by.staff_id)
            record(KernelVerb.TRAIL_VERIFIED, by=by)
    except IntegrityError:
        return False
    return True


@transaction.atomic
def verify_asked() -> None:
    """Walk the chain when somebody asked. It must also hold the end that the last whole verification saw.

    The row stays locked for the walk, so that one worker walks; whoever looks at the page does not wait for it.
    """
    asked = AuditVerification.objects.filter(ended_at=None).select_for_update(skip_locked=True).first()
    if asked is None:
        return
    end, before = chain.checkpoint(), last_whole()
    against = Checkpoint(before.number, before.end_seal) if before is not None and before.number is not None else None
    kept: list[str] = []
    wrong = 0
    for finding in chain.verify(against=against):
        wrong += 1
        if len(kept) < AuditVerification.MOST_KEPT:
            kept.append(str(finding))
    asked.ended_at, asked.wrong, asked.findings = timezone.now(), wrong, kept
    asked.number, asked.end_seal = (end.number, end.seal) if end else (None, "")
    asked.save(update_fields=["ended_at", "wrong", "findings", "number", "end_seal"])
    if wrong:
        logs.event("audit_trail_is_not_whole", count=wrong)


def ask_daily() -> None:
    ask(by=SYSTEM)


def last() -> AuditVerification | None:
    """Return the newest verification that ended."""
    return AuditVerification.objects.filter(ended_at__isnull=False).order_by("-ended_at").first()


def last_whole() -> AuditVerification | None:
    return AuditVerification.objects.filter(wrong=0).order_by("-ended_at").first()


def waiting() -> AuditVerification | None:
    return AuditVerification.objects.filter(ended_at=None).first()
