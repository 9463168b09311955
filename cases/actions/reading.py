"""Reading is an act: it meets a clock, and it is on record."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import need_to_know
from cases.actions.planning import due_with, lock
from cases.audit_verbs import CaseVerb
from cases.models import Case
from cases.need_to_know import Depth
from cases.permissions import check_open_identity
from rainbowrail.actors import Actor
from rainbowrail.audit.record import record, record_view
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.errors import NotAllowed


def mark_read(case: Case, *, by: Actor) -> None:
    """Record that somebody opens this case, as far as they see into it; the first human read meets the first clock.

    A card opens STORY and CASEWORK (what was asked for, and the reasons of the urgency); all contents, CONVERSATION too.
    Raises NotAllowed for whoever sees less.
    """
    depth = need_to_know.depth_of(case, by)
    if depth < Depth.CARD:
        raise NotAllowed(_("You may not open this case."))
    with transaction.atomic():
        record_view(case, compartment=Compartment.STORY, by=by, case_id=case.pk)
        if depth >= Depth.CONTENTS:
            record_view(case, compartment=Compartment.CONVERSATION, by=by, case_id=case.pk)
        record_view(case, compartment=Compartment.CASEWORK, by=by, case_id=case.pk)
        if case.first_read_at is None and case.is_open:
            locked = lock(case)
            if locked.first_read_at is None:
                locked.first_read_at = timezone.now()
                locked.due_at = due_with(locked, met=locked.met_clocks)
                locked.save(update_fields=["first_read_at", "due_at"])
            case.first_read_at, case.due_at = locked.first_read_at, locked.due_at


def open_identity(case: Case, *, by: Actor) -> None:
    """Record that somebody asks who the person is. Raises NotAllowed for all but owner, lead, the officer of the case,
    and for whom it was opened."""
    check_open_identity(by, case)
    record(CaseVerb.IDENTITY_OPENED, by=by, on=case, case_id=case.pk, detail={"compartment": Compartment.IDENTITY.value})
