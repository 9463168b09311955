"""What did not open: put back into line by one lead, deleted for good by two (docs/decisions/0067)."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cases.audit_verbs import CaseVerb
from cases.kept_aside import cases_of, seen_by
from cases.models import Dismissal
from cases.permissions import check_look_at_kept_aside, person
from cases.states import DismissalWhy
from intake import kept_aside
from intake.models import Delivery
from rainbowrail.actors import Actor
from rainbowrail.audit.record import record
from rainbowrail.errors import NotAllowed, NotPossible


def put_back(delivery_id: UUID, *, by: Actor) -> int:
    """Put it back into line with whatever else of its person is kept aside. Returns how many that were.

    Raises NotPossible when it is opened, back in line or gone meanwhile.
    """
    check_look_at_kept_aside(by)
    with transaction.atomic():
        delivery = _lock(delivery_id, by)
        going = Delivery.objects.quarantined().of_subject(delivery.subject_id)
        Dismissal.objects.filter(delivery__in=going).delete()
        return kept_aside.retry(delivery.id, by=by)


def ask_dismissal(delivery_id: UUID, *, why: DismissalWhy, by: Actor) -> Dismissal:
    """Ask that it be deleted for good; nothing happens before another lead agrees. Raises NotPossible when somebody asked."""
    check_look_at_kept_aside(by)
    with transaction.atomic():
        delivery = _lock(delivery_id, by)
        if Dismissal.objects.filter(delivery=delivery).exists():
            raise NotPossible(_("Somebody asked for this already; it waits for another triage lead."))
        asked = Dismissal.objects.create(delivery=delivery, why=why, asked_by_id=person(by))
        _note(CaseVerb.DISMISSAL_ASKED, delivery, why, by)
    return asked


def dismiss(delivery_id: UUID, *, by: Actor) -> None:
    """Be the second lead: delete it for good. Raises NotAllowed for whoever asked, NotPossible when nobody did."""
    check_look_at_kept_aside(by)
    with transaction.atomic():
        delivery = _lock(delivery_id, by)
        asked = _asked(delivery)
        if asked.asked_by_id == by.staff_id:
            raise NotAllowed(_("You asked for this. What a person sent is deleted by two people, so another lead must agree."))
        case_id = _note(CaseVerb.DISMISSED, delivery, DismissalWhy(asked.why), by)
        kept_aside.give_up(delivery.id, by=by, case_id=case_id)


def keep_after_all(delivery_id: UUID, *, by: Actor) -> None:
    """Refuse to delete it, or take one's own wish back. It stays kept aside. Raises NotPossible when nobody asked."""
    check_look_at_kept_aside(by)
    with transaction.atomic():
        delivery = _lock(delivery_id, by)
        asked = _asked(delivery)
        _note(CaseVerb.DISMISSAL_REFUSED, delivery, DismissalWhy(asked.why), by)
        asked.delete()


def _lock(delivery_id: UUID, by: Actor) -> Delivery:
    # Hidden persons' rows are none of this lead's, as on the list.
    is_seen = seen_by(by).filter(id=delivery_id).exists()
    found = kept_aside.lock(delivery_id) if is_seen else None
    if found is None:
        raise NotPossible(_("This is not kept aside any more: it was opened, put back into line, or deleted."))
    return found


def _asked(delivery: Delivery) -> Dismissal:
    asked = Dismissal.objects.filter(delivery=delivery).first()
    if asked is None:
        raise NotPossible(_("Nobody asks any more to delete this."))
    return asked


def _note(verb: CaseVerb, delivery: Delivery, why: DismissalWhy, by: Actor) -> UUID | None:
    case = cases_of([delivery.subject_id]).get(delivery.subject_id)
    case_id = case.pk if case else None
    record(verb, by=by, on=delivery, case_id=case_id, detail={"cause": why.value})
    return case_id
