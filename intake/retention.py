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
from rainbowrail.privacy import keeping
from rainbowrail.privacy.keeping import CASE_SPANS, Ends, Life
from rainbowrail.privacy.retention import Kept

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


LIVES = {
    "intake.Draft": Life(Ends.GOES, (Kept.DRAFT,)),
    "intake.Visit": Life(Ends.GOES, because="the browser session, 30 minutes after its last page"),
    "intake.HelpRequest": Life(Ends.EMPTIES, CASE_SPANS),
    "intake.Delivery": Life(Ends.GOES, CASE_SPANS, "its box is emptied when it is opened"),
    "intake.EvidencePart": Life(Ends.GOES, CASE_SPANS, "parts that belong to no file: 2 days"),
    "intake.CommonNumber": Life(Ends.STAYS, because="until the index key turns; about nobody"),
} | {
    label: Life(Ends.GOES, CASE_SPANS)
    for label in (
        "intake.Answer", "intake.CleanCopy", "intake.ConsentOffer", "intake.ContactPlan", "intake.ContactStop",
        "intake.Evidence", "intake.HouseholdMember", "intake.IndexEntry", "intake.Message", "intake.RequestStatus",
        "intake.ReturnCode", "intake.ShownPlan",
    )
}  # fmt: skip


OPENERS = {
    "intake.Draft.sealed": "the person alone, with their browser or return code",
    "intake.EvidencePart.sealed": "whoever may open the file it is a part of",
}


def register() -> None:
    """Say how each table ends; IntakeConfig.ready calls this once, outside the public process."""
    keeping.register_lives(LIVES)
    keeping.register_openers(OPENERS)
