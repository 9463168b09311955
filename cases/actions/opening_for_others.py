"""Opening a case that is not one's own: asked with a reason and allowed by a lead, or at once by breaking the glass. Both end
by themselves (docs/decisions/0056)."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import need_to_know
from cases.actions.planning import lock
from cases.actions.telling import tell_leads_of
from cases.audit_verbs import CaseVerb
from cases.models import AccessRequest, Case
from cases.notifications import ACCESS_ASKED, ACCESS_DECIDED, GLASS_BROKEN
from cases.permissions import check_ask_access, check_asks, check_decide_access, person
from cases.states import ErasureWhy
from rainbowrail.accounts.models import User
from rainbowrail.accounts.notices import to_person
from rainbowrail.actors import Actor
from rainbowrail.audit.record import record
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.notifications import outbox

ALLOWED_HOURS = 24
BROKEN_HOURS = 4
# In 24 hours, by one person: an emergency rarely has more doors (docs/decisions/0102).
MOST_BROKEN = 5


def case_to_ask_for(reference: str, *, by: Actor) -> Case:
    """Return the case of this reference. Raises NotPossible in the same words for one that does not exist, is hidden from `by`,
    or holds nothing any more."""
    check_asks(by)
    cases = Case.objects.exclude(need_to_know.hidden_from(by)).filter(reference=reference, erasure__erased_on=None)
    case = cases.select_related("erasure").first()
    if case is None or (_is_wished(case) and need_to_know.depth_of(case, by) is need_to_know.Depth.NOTHING):
        raise NotPossible(_("There is no case with this reference that you could ask for. Please check it."))
    return case


def ask_access(case: Case, *, reason: str, by: Actor) -> AccessRequest:
    """Ask the leads to let `by` open this case for ALLOWED_HOURS. Raises NotPossible without a reason, or when it waits."""
    with transaction.atomic():
        locked = _askable(case, reason, by)
        if AccessRequest.objects.filter(case=locked, person=by.staff_id, ends_at=None, refused_at=None).exists():
            raise NotPossible(_("You have asked for this already; a lead has it."))
        asked = AccessRequest.objects.create(case=locked, person_id=person(by), reason=reason)
        record(CaseVerb.ACCESS_ASKED, by=by, on=asked, case_id=case.pk)
        tell_leads_of(locked, ACCESS_ASKED)
    return asked


def break_glass(case: Case, *, reason: str, by: Actor) -> AccessRequest:
    """Open this case for `by` now, for BROKEN_HOURS; every lead who may know of it is told at once.

    Raises NotPossible without a reason, and after MOST_BROKEN in 24 hours; that one was refused stays on record.
    """
    with transaction.atomic():
        may = _may_break_another(by)  # the person before the case, as a hand-over locks them
        locked = _askable(case, reason, by)
        broken = _break(locked, reason, by) if may else None
        if broken is None:
            record(CaseVerb.GLASS_REFUSED, by=by, on=locked, case_id=case.pk)
        need_to_know.forget(case)
    if broken is None:
        raise NotPossible(
            _("You have broken the glass %(number)s times in 24 hours. Call a triage lead: they can open this case for you.")
            % {"number": MOST_BROKEN}
        )
    return broken


def _may_break_another(by: Actor) -> bool:
    """Whether this person broke the glass less than MOST_BROKEN times in 24 hours; until the end of the transaction nobody
    breaks it in their name."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=person(by))
    since = timezone.now() - timedelta(hours=24)
    return AccessRequest.objects.filter(person=by.staff_id, is_break_glass=True, asked_at__gt=since).count() < MOST_BROKEN


def _break(case: Case, reason: str, by: Actor) -> AccessRequest:
    now = timezone.now()
    broken = AccessRequest.objects.create(
        case=case,
        person_id=person(by),
        reason=reason,
        is_break_glass=True,
        asked_at=now,
        ends_at=now + timedelta(hours=BROKEN_HOURS),
    )
    record(CaseVerb.GLASS_BROKEN, by=by, on=broken, case_id=case.pk)
    tell_leads_of(case, GLASS_BROKEN)
    return broken


def allow_access(asked: AccessRequest, *, by: Actor) -> AccessRequest:
    """Let whoever asked open the case for ALLOWED_HOURS. Raises NotAllowed for one's own request."""
    with transaction.atomic():
        locked = _waiting(asked, by=by)
        if locked.person_id == by.staff_id:
            raise NotAllowed(_("Nobody approves their own request."))
        locked.ends_at, locked.decided_by_id = timezone.now() + timedelta(hours=ALLOWED_HOURS), by.staff_id
        locked.save(update_fields=["ends_at", "decided_by"])
        record(CaseVerb.ACCESS_GIVEN, by=by, on=locked, case_id=locked.case_id, detail={"person": locked.person_id})
        outbox.queue(ACCESS_DECIDED, to_person(locked.person_id))
    return locked


def refuse_access(asked: AccessRequest, *, by: Actor) -> AccessRequest:
    """Say no; whoever asked may take it back in the same way."""
    with transaction.atomic():
        locked = _waiting(asked, by=by)
        locked.refused_at, locked.decided_by_id = timezone.now(), None if by.staff_id == locked.person_id else by.staff_id
        locked.save(update_fields=["refused_at", "decided_by"])
        record(CaseVerb.ACCESS_REFUSED, by=by, on=locked, case_id=locked.case_id, detail={"person": locked.person_id})
        if by.staff_id != locked.person_id:
            outbox.queue(ACCESS_DECIDED, to_person(locked.person_id))
    return locked


def end_access(opened: AccessRequest, *, by: Actor) -> AccessRequest:
    """Close the case again before its time: whoever has it open, or a lead. Raises NotPossible when it is over."""
    with transaction.atomic():
        locked = AccessRequest.objects.select_for_update(of=("self",)).select_related("case").get(pk=opened.pk)
        if locked.person_id != by.staff_id:
            check_decide_access(by, locked.case)
        if not locked.is_open:
            raise NotPossible(_("This is over already."))
        locked.ends_at = timezone.now()
        locked.save(update_fields=["ends_at"])
        record(CaseVerb.ACCESS_ENDED, by=by, on=locked, case_id=locked.case_id, detail={"person": locked.person_id})
    return locked


def note_broken_glass(broken: AccessRequest, *, by: Actor) -> None:
    """A lead has seen it: it leaves the first page of the leads."""
    with transaction.atomic():
        locked = AccessRequest.objects.select_for_update(of=("self",)).select_related("case").get(pk=broken.pk)
        check_decide_access(by, locked.case)
        if locked.person_id == by.staff_id:
            raise NotAllowed(_("You broke the glass yourself; another lead has to see it."))
        if locked.is_break_glass and locked.seen_at is None:
            locked.seen_at = timezone.now()
            locked.save(update_fields=["seen_at"])
            record(CaseVerb.GLASS_SEEN, by=by, on=locked, case_id=locked.case_id, detail={"person": locked.person_id})


def _is_wished(case: Case) -> bool:
    plan = getattr(case, "erasure", None)
    return plan is not None and plan.why == ErasureWhy.WISH


def _askable(case: Case, reason: str, by: Actor) -> Case:
    if not reason.strip():
        raise NotPossible(_("Say why: a lead reads it, and it stays with the case."))
    locked = lock(case)
    check_ask_access(by, case_to_ask_for(locked.reference, by=by))
    return locked


def _waiting(asked: AccessRequest, *, by: Actor) -> AccessRequest:
    locked = AccessRequest.objects.select_for_update(of=("self",)).select_related("case").get(pk=asked.pk)
    if locked.person_id != by.staff_id:
        check_decide_access(by, locked.case)
    if not locked.is_waiting:
        raise NotPossible(_("Somebody has already decided about this."))
    return locked
