"""The open referrals that an officer answers for: what is left when they leave, and what belongs to nobody already."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from cases import leaving
from cases.leaving import Estate
from cases.models import Restriction
from rainbowrail.accounts.holdings import Holding
from rainbowrail.accounts.models import User
from rainbowrail.roles import Role
from referrals.models import Referral
from referrals.queries import ReferralQuerySet

OFFICERS = frozenset({Role.REFERRAL_OFFICER})


def answered_for_by(staff_id: int) -> ReferralQuerySet:
    """The open referrals for which this person answers."""
    return Referral.objects.open().filter(Q(officer=staff_id) | Q(officer=None, drafted_by=staff_id))


def listen() -> None:
    """Join the list of what somebody leaves behind; ReferralsConfig.ready calls this once."""
    from referrals.actions import leaving as actions

    holding = Holding("referrals", _("Open referrals"), lambda staff_id: answered_for_by(staff_id).count(), OFFICERS)
    leaving.register(Estate(holding, actions.hand_referrals, OFFICERS))


def complaints() -> Iterator[str]:
    """Tell the doctor of open referrals whose officer left, lost the role, or may not see the case."""
    able = User.objects.filter(is_active=True, roles__contains=[str(Role.REFERRAL_OFFICER)])
    answered = Referral.objects.open().annotate(answers=Coalesce("officer", "drafted_by"))
    hidden = Restriction.objects.filter(case=OuterRef("case"), person=OuterRef("answers"), lifted_at=None)
    lost = answered.filter(~Q(answers__in=able.values("pk")) | Exists(hidden)).count()
    if lost:
        yield f"{lost} open referrals belong to an officer who cannot work on them: give them to others, page “Hand-over”."
