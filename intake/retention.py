"""What is due to be emptied on the applicant's side, and emptying it."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from intake import evidence
from intake.audit_verbs import IntakeVerb
from intake.models import Draft, Visit
from rainbowrail.actors import SYSTEM
from rainbowrail.audit.record import record

# A session is stamped to the hour; an hour more than its idle time is surely over.
VISIT_HOURS = 1 + settings.VISIT_IDLE_SECONDS // 3600 + 1


def expire() -> int:
    """Delete drafts past their seven days and browser sessions that are over; return how many rows went."""
    with transaction.atomic():
        drafts, _ = Draft.objects.filter(expires_on__lt=timezone.localdate()).delete()
        visits, _ = Visit.objects.filter(seen_hour__lt=timezone.now() - timedelta(hours=VISIT_HOURS)).delete()
        if drafts:
            record(IntakeVerb.EXPIRED, by=SYSTEM, detail={"count": drafts})
    return drafts + visits + evidence.expire()
