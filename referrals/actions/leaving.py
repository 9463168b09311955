"""Another officer answers for a referral: whoever drafted it left, or may not see the case any more. Who wrote it, stays."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from cases.models import Case, Restriction
from rainbowrail.accounts.models import User
from rainbowrail.accounts.notices import to_person
from rainbowrail.actors import Actor
from rainbowrail.audit.record import record
from rainbowrail.errors import NotPossible
from rainbowrail.notifications import outbox
from rainbowrail.roles import Role
from referrals import notifications
from referrals.audit_verbs import ReferralVerb
from referrals.leaving import answered_for_by
from referrals.models import Referral


def hand_referrals(leaver: User, heirs: Sequence[User], by: Actor) -> dict[int, int]:
    """Give each open referral to the heir who got fewest so far and may have it. Raises NotPossible when none of them may."""
    given: Counter[int] = Counter()
    for referral in answered_for_by(leaver.pk).select_for_update(of=("self",)):
        fit = list(_fit(referral, heirs))
        if not fit:
            raise NotPossible(_("A referral can go to none of the officers among them. Choose one person more."))
        chosen = min(fit, key=lambda heir: (given[heir.pk], heir.pk))
        given[chosen.pk] += 1
        _give(referral, chosen, by=by)
    return dict(given)


def pass_on(case: Case, person: User, *, by: Actor) -> None:
    """Give the case's open referrals of `person` to the officer with fewest open ones. With nobody to take them they stay, and
    `doctor` says so."""
    for referral in answered_for_by(person.pk).filter(case=case).select_for_update(of=("self",)):
        fit = list(_fit(referral, User.objects.with_role(Role.REFERRAL_OFFICER).exclude(pk=person.pk)))
        if fit:
            chosen = min(fit, key=lambda heir: (answered_for_by(heir.pk).count(), heir.pk))
            _give(referral, chosen, by=by)
            outbox.queue(notifications.RETURNED, to_person(chosen.pk))


def _fit(referral: Referral, heirs: Iterable[User]) -> Iterable[User]:
    """Yield those from whom the case is not hidden, and who did not approve what they would then answer for."""
    hidden = set(Restriction.objects.filter(case=referral.case_id, lifted_at=None).values_list("person_id", flat=True))
    return (heir for heir in heirs if heir.pk not in hidden and heir.pk != referral.approved_by_id)


def _give(referral: Referral, to: User, *, by: Actor) -> None:
    referral.officer = to
    referral.save(update_fields=["officer"])
    record(ReferralVerb.PASSED_ON, by=by, on=referral, case_id=referral.case_id, detail={"owner": to.pk})
