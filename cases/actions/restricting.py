"""Hiding a case from somebody altogether, by a lead or by oneself, and letting them see it again (docs/decisions/0056)."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import need_to_know
from cases.actions.moving import can_own
from cases.actions.officers import follow_officer
from cases.actions.planning import lock
from cases.actions.telling import tell_leads_of
from cases.audit_verbs import CaseVerb
from cases.models import AccessRequest, Case, Restriction
from cases.notifications import CASE_GIVEN, CONFLICT_DECLARED
from cases.permissions import check_declare_conflict, check_restrict, person
from cases.states import CaseState, HiddenWhy
from rainbowrail.accounts.models import User
from rainbowrail.actors import Actor
from rainbowrail.audit.record import record
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.notifications import outbox
from rainbowrail.roles import Role


def restrict(
    case: Case, *, people: Sequence[User], why: HiddenWhy, words: str = "", new_owner: User | None = None, by: Actor
) -> list[Restriction]:
    """Hide the case from these people, who cannot tell it from one that does not exist any more.

    Raises NotPossible when no lead would be left who sees it, when one of them owns it and no `new_owner` is named, and for a
    person from whom it is hidden already; NotAllowed for a lead who names themselves: they declare their own conflict.
    """
    with transaction.atomic():
        locked = lock(case)
        check_restrict(by, locked)
        if any(one.pk == by.staff_id for one in people):
            raise NotAllowed(_("To hide a case from yourself, say on its page that you know the person."))
        made = [_hide(locked, one, why=why, words=words, by=by) for one in people]
        _somebody_sees(locked)
        owner = next((one for one in people if one.pk == locked.owner_id), None)
        if owner is not None and locked.is_open:
            if new_owner is None:
                raise NotPossible(_("%(name)s owns this case. Say who shall own it.") % {"name": owner.name})
            _give(locked, new_owner, by=by)
        case.owner_id, case.officer_id = locked.owner_id, locked.officer_id
        need_to_know.forget(case)
    return made


def declare_conflict(case: Case, *, words: str = "", by: Actor) -> Restriction:
    """Hide the case from oneself, at once; the leads are told, and an owner's case goes to the lead who owns fewest.

    Raises NotPossible for the last lead who sees it.
    """
    with transaction.atomic():
        locked = lock(case)
        check_declare_conflict(by, locked)
        made = _hide(locked, User.objects.get(pk=person(by)), why=HiddenWhy.KNOWS, words=words, by=by)
        _somebody_sees(locked)
        if locked.owner_id == by.staff_id and locked.is_open:
            lead = lead_with_fewest(locked)
            if lead is not None:  # `_somebody_sees` has found one
                _give(locked, lead, by=by)
        tell_leads_of(locked, CONFLICT_DECLARED)
        case.owner_id, case.officer_id = locked.owner_id, locked.officer_id
        need_to_know.forget(case)
    return made


def lift_restriction(restriction: Restriction, *, by: Actor) -> None:
    """Let the person see the case again, as far as their roles go. Raises NotPossible when it is lifted."""
    with transaction.atomic():
        case = lock(restriction.case)
        check_restrict(by, case)
        found = Restriction.objects.select_for_update(of=("self",)).filter(pk=restriction.pk, lifted_at=None).first()
        if found is None:
            raise NotPossible(_("This is lifted already."))
        found.lifted_by_id, found.lifted_at = person(by), timezone.now()
        found.save(update_fields=["lifted_by", "lifted_at"])
        record(CaseVerb.HIDING_LIFTED, by=by, on=found, case_id=case.pk, detail={"person": found.person_id})


def note_conflict(restriction: Restriction, *, by: Actor) -> None:
    """A lead has seen that somebody hid the case from themselves: it leaves the first page of the leads."""
    with transaction.atomic():
        found = Restriction.objects.select_for_update(of=("self",)).select_related("case").get(pk=restriction.pk)
        check_restrict(by, found.case)
        if found.seen_at is None:
            found.seen_at = timezone.now()
            found.save(update_fields=["seen_at"])
            record(CaseVerb.CONFLICT_SEEN, by=by, on=found, case_id=found.case_id, detail={"person": found.person_id})


_OPEN_CASES = Count("cases", filter=~Q(cases__state=CaseState.CLOSED))


def _hide(case: Case, one: User, *, why: HiddenWhy, words: str, by: Actor) -> Restriction:
    if Restriction.objects.filter(case=case, person=one, lifted_at=None).exists():
        raise NotPossible(_("This case is hidden from %(name)s already.") % {"name": one.name})
    now, is_own = timezone.now(), one.pk == by.staff_id
    made = Restriction.objects.create(
        case=case,
        person=one,
        told={"why": HiddenWhy(why).value, "words": words},
        set_by_id=person(by),
        set_at=now,
        seen_at=None if is_own else now,
    )
    mine = AccessRequest.objects.filter(case=case, person=one)
    mine.filter(ends_at=None, refused_at=None).update(refused_at=now)
    mine.filter(ends_at__gt=now).update(ends_at=now)
    if case.officer_id == one.pk:
        follow_officer(case, by=by)
    verb = CaseVerb.CONFLICT_DECLARED if is_own else CaseVerb.HIDDEN
    record(verb, by=by, on=made, case_id=case.pk, detail={} if is_own else {"person": one.pk})
    return made


def lead_with_fewest(case: Case, *, without: Sequence[int] = (), given: Mapping[int, int] | None = None) -> User | None:
    """Return the lead who owns fewest open cases, of those from whom this case is not hidden; None when there is nobody.

    `given` says how many more each will own when what is under way is saved.
    """
    people = _leads_who_see(case).exclude(pk__in=without).annotate(open=_OPEN_CASES)
    more = given or {}
    return min(people, key=lambda lead: (lead.open + more.get(lead.pk, 0), lead.pk), default=None)


def _leads_who_see(case: Case) -> "QuerySet[User]":
    hidden = Restriction.objects.filter(case=case, lifted_at=None)
    return User.objects.with_role(Role.TRIAGE_LEAD).exclude(pk__in=hidden.values("person"))


def _somebody_sees(case: Case) -> None:
    if not _leads_who_see(case).exists():
        raise NotPossible(_("No lead would be left who sees this case. Somebody must."))


def _give(case: Case, to: User, *, by: Actor) -> None:
    """Give an open case that its owner may not see any more. Raises NotPossible for who cannot own it, or sees it as little."""
    if not can_own(to, case):
        raise NotPossible(_("%(name)s cannot own this case; choose somebody else.") % {"name": to.name})
    case.owner = to
    case.save(update_fields=["owner"])
    record(CaseVerb.HANDED_OVER, by=by, on=case, case_id=case.pk, detail={"owner": to.pk})
    outbox.queue(CASE_GIVEN, case.pk)
