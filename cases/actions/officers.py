"""Who is the officer of a case: somebody takes it, is given it, or it goes back (docs/decisions/0066)."""

from collections import Counter
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from cases import need_to_know
from cases.actions.planning import lock
from cases.audit_verbs import CaseVerb
from cases.models import Case
from cases.notifications import OFFICER_GIVEN
from cases.officers import can_be_officer, fit_for, is_unfit, least_busy
from cases.permissions import check_begin_referral, check_give_officer, check_put_back, check_take_as_officer, person
from rainbowrail.accounts.models import User
from rainbowrail.accounts.notices import to_person
from rainbowrail.actors import SYSTEM, Actor
from rainbowrail.audit.record import record
from rainbowrail.errors import NotPossible
from rainbowrail.notifications import outbox


def take_as_officer(case: Case, *, by: Actor) -> Case:
    """Become the officer of a case in referral that has none. Raises NotPossible for the second of two who try at once."""
    with transaction.atomic():
        locked = lock(case)
        check_take_as_officer(by, locked)
        if locked.officer_id is not None:
            raise NotPossible(_("This case has an officer by now."))
        _take(case, locked, by=by)
    return case


def begin_as_officer(case: Case, *, by: Actor) -> Case:
    """Become the officer by beginning its referral; `referrals` calls this in the transaction of the draft.

    Raises NotAllowed when another officer has the case.
    """
    with transaction.atomic():
        locked = lock(case)
        check_begin_referral(by, locked)
        if locked.officer_id is None:
            _take(case, locked, by=by)
    return case


def give_to_officer(case: Case, *, to: User, by: Actor) -> Case:
    """Give the case to another referral officer, by a lead or by the one who has it. The new one is told.

    Raises NotPossible for whoever may not be its officer, is it already, and for a case that is not in referral or closed.
    """
    with transaction.atomic():
        locked = lock(case)
        check_give_officer(by, locked)
        if not locked.is_open or not (locked.is_in_referral or locked.officer_id):
            raise NotPossible(_("Only a case that is in referral has an officer."))
        if locked.officer_id == to.pk:
            raise NotPossible(_("%(name)s is the officer of this case already.") % {"name": to.name})
        if not can_be_officer(to, locked):
            raise NotPossible(_("%(name)s cannot be the officer of this case; choose somebody else.") % {"name": to.name})
        _give(locked, to, by=by)
        _bring_up_to_date(case, locked)
    return case


def put_back_as_officer(case: Case, *, by: Actor) -> Case:
    """Say that one is not its officer after all: the case waits for one again, with what was begun of its referral.

    Raises NotAllowed for everybody but its officer, NotPossible for a case that no officer could take from where it is.
    """
    with transaction.atomic():
        locked = lock(case)
        check_put_back(by, locked)
        if not locked.is_in_referral:
            raise NotPossible(_("This case is not in referral any more. Give it to another officer, or withdraw its referral."))
        _end(locked, by=by)
        _bring_up_to_date(case, locked)
    return case


def release_officer(case: Case, *, by: Actor) -> None:
    """End that the case has an officer: its referral is over, and it is worked on by its owner again."""
    with transaction.atomic():
        locked = lock(case)
        if locked.officer_id is not None:
            _end(locked, by=by)
        _bring_up_to_date(case, locked)


def follow_officer(case: Case, *, by: Actor) -> None:
    """The officer may not see this case any more: it goes to the fitting one who has fewest, or waits for one.

    In the caller's transaction, on the row it holds locked.
    """
    others = fit_for(case).exclude(pk__in=[case.officer_id])
    following = least_busy(others)
    if following is not None and case.is_open:
        _give(case, following, by=by)
    else:
        _end(case, by=by)


def hand_officers_cases(leaver: User, heirs: Sequence[User], by: Actor) -> dict[int, int]:
    """Give each open case of this officer to the heir who got fewest so far among those who may have it.

    One that is hidden from `by` and fits no heir goes to the officer who has fewest, or waits for one; `by` knows of none.
    """
    given: Counter[int] = Counter()
    unknown = set(need_to_know.hidden_ids(by).values_list("case", flat=True))
    mine = Case.objects.waiting().filter(officer=leaver).select_for_update(of=("self",)).most_urgent_first()
    for case in mine:
        fit = list(fit_for(case).filter(pk__in=[heir.pk for heir in heirs]))
        if not fit and case.pk in unknown:
            follow_officer(case, by=SYSTEM)
            continue
        if not fit:
            raise NotPossible(_("Not everything can go to them. Choose one person more."))
        chosen = min(fit, key=lambda heir: (given[heir.pk], heir.pk))
        given[chosen.pk] += 1
        _change(case, chosen.pk, CaseVerb.OFFICER_GIVEN, by=SYSTEM if case.pk in unknown else by)
    return dict(given)


def _take(case: Case, locked: Case, *, by: Actor) -> None:
    if is_unfit(person(by), locked):
        raise NotPossible(_("You cannot be the officer of this case; let somebody else take it."))
    _change(locked, person(by), CaseVerb.OFFICER_TAKEN, by=by)
    _bring_up_to_date(case, locked)


def _give(case: Case, to: User, *, by: Actor) -> None:
    _change(case, to.pk, CaseVerb.OFFICER_GIVEN, by=by)
    if to.pk != by.staff_id:
        outbox.queue(OFFICER_GIVEN, to_person(to.pk))


def _end(case: Case, *, by: Actor) -> None:
    _change(case, None, CaseVerb.OFFICER_RELEASED, by=by)


def _change(case: Case, officer_id: int | None, verb: CaseVerb, *, by: Actor) -> None:
    about = officer_id or case.officer_id
    case.officer_id = officer_id
    case.save(update_fields=["officer"])
    record(verb, by=by, on=case, case_id=case.pk, detail={"person": about} if about else {})


def _bring_up_to_date(case: Case, locked: Case) -> None:
    case.officer_id = locked.officer_id
    need_to_know.forget(case)
