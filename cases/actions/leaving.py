"""Handing over, in one action, all that somebody leaves behind: nothing then belongs to nobody."""

from collections import Counter
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import leaving, need_to_know
from cases.actions.restricting import lead_with_fewest
from cases.actions.slots import end_slot
from cases.audit_verbs import CaseVerb
from cases.models import AccessRequest, Case, Restriction, Slot
from cases.notifications import CASES_GIVEN
from cases.permissions import check_hand_over_everything
from rainbowrail.accounts.models import User
from rainbowrail.accounts.notices import to_person
from rainbowrail.actors import SYSTEM, Actor
from rainbowrail.audit.record import record
from rainbowrail.errors import NotPossible
from rainbowrail.notifications import outbox


def hand_over_everything(leaver: User, *, heirs: Sequence[User], by: Actor) -> dict[str, int]:
    """Give all that `leaver` holds to the heirs, evenly, each thing to somebody who may hold it. Returns how many of each kind.

    Nobody is given a case that is hidden from them. Raises NotPossible when something would fit none of the heirs; then nothing
    is handed over. What is hidden from `by` goes with the rest, and is in no number and no sentence; where it fits no heir, it
    goes to the lead, or officer, who has fewest. Only what nobody but the leaver may see stays with them.
    """
    check_hand_over_everything(by)
    if any(heir.pk == leaver.pk or not heir.is_active for heir in heirs):
        raise NotPossible(_("Choose colleagues who stay."))
    with transaction.atomic():
        User.objects.select_for_update(of=("self",), no_key=True).get(pk=leaver.pk)
        told: Counter[int] = Counter()
        numbers: dict[str, int] = {}
        for estate in leaving.estates():
            fit = [heir for heir in heirs if heir.actor.roles & estate.heirs]
            if not estate.holding.count(leaver.pk):
                continue
            number = estate.holding.count(leaver.pk, by)
            if number and estate.heirs and not fit:
                raise NotPossible(_("Nobody among them can take this over: %(what)s.") % {"what": estate.holding.words})
            told.update(estate.hand(leaver, fit, by))
            if number:
                numbers[estate.holding.name] = number
        record(CaseVerb.LEFT_BEHIND, by=by, detail={"person": leaver.pk, "count": sum(numbers.values())})
        for heir in told:
            outbox.queue(CASES_GIVEN, to_person(heir))
    return numbers


def hand_cases(leaver: User, heirs: Sequence[User], by: Actor) -> dict[int, int]:
    """Give each open case to the heir who got fewest so far among those from whom it is not hidden, the most urgent first.

    One that is hidden from `by` and fits no heir goes to the lead who owns fewest; the system gives it, `by` knows of none.
    """
    cases = list(Case.objects.waiting().filter(owner=leaver).select_for_update(of=("self",)).most_urgent_first())
    hidden = set(
        Restriction.objects.filter(case__in=[case.pk for case in cases], lifted_at=None).values_list("case_id", "person_id")
    )
    given: Counter[int] = Counter()
    for case in cases:
        is_unknown = (case.pk, by.staff_id) in hidden
        fit = [heir.pk for heir in heirs if (case.pk, heir.pk) not in hidden]
        if not fit and not is_unknown:
            raise NotPossible(_("Not everything can go to them. Choose one person more."))
        lead = None if fit else lead_with_fewest(case, without=[leaver.pk], given=given)
        if not fit and lead is None:
            continue  # the leaver alone sees it, and is told so on their own page
        case.owner_id = lead.pk if lead is not None else min(fit, key=lambda heir: (given[heir], heir))
        given[case.owner_id] += 1
        record(
            CaseVerb.HANDED_OVER,
            by=SYSTEM if is_unknown else by,
            on=case,
            case_id=case.pk,
            detail={"owner": case.owner_id},
        )
    Case.objects.bulk_update(cases, ["owner"], batch_size=500)
    return dict(given)


def end_slots(leaver: User, heirs: Sequence[User], by: Actor) -> dict[int, int]:
    """Cancel the volunteer's coming times: another volunteer may not be there then."""
    coming = Slot.objects.filter(volunteer=leaver, cancelled_at=None, ends_at__gt=timezone.now())
    for slot in coming.select_for_update(of=("self",)):
        end_slot(slot, by=by)
    return {}


def end_requests(leaver: User, heirs: Sequence[User], by: Actor) -> dict[int, int]:
    """Take back what the leaver asked to see, and close what they have open: a reason was theirs, and is nobody else's."""
    now = timezone.now()
    hidden = set(need_to_know.hidden_ids(by).values_list("case", flat=True))
    mine = AccessRequest.objects.filter(person=leaver).select_for_update(of=("self",))
    for one in mine.filter(ends_at=None, refused_at=None):
        one.refused_at = now
        one.save(update_fields=["refused_at"])
        who = SYSTEM if one.case_id in hidden else by
        record(CaseVerb.ACCESS_REFUSED, by=who, on=one, case_id=one.case_id, detail={"person": leaver.pk})
    for one in mine.filter(ends_at__gt=now):
        one.ends_at = now
        one.save(update_fields=["ends_at"])
        who = SYSTEM if one.case_id in hidden else by
        record(CaseVerb.ACCESS_ENDED, by=who, on=one, case_id=one.case_id, detail={"person": leaver.pk})
    return {}
