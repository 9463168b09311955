"""Hears cases, inside the transaction of the move."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Case, Restriction
from cases.signals import case_closed, case_erased, case_hidden, case_ready
from intake.models import ConsentOffer
from intake.signals import consent_answered
from intake.states import OfferState
from rainbowrail.accounts.models import User
from rainbowrail.accounts.notices import to_person
from rainbowrail.actors import SYSTEM, Actor
from rainbowrail.notifications import outbox
from rainbowrail.roles import Role
from referrals import actions, notifications
from referrals.actions import leaving
from referrals.actions.emptying import forget_copies
from referrals.models import Referral


def listen() -> None:
    """Connect the receivers; ReferralsConfig.ready calls this once."""
    case_ready.connect(tell_officers, dispatch_uid="referrals.tell_officers")
    case_erased.connect(forget_case, dispatch_uid="referrals.forget_case")
    consent_answered.connect(hear_consent, dispatch_uid="referrals.hear_consent")
    case_hidden.connect(pass_on, dispatch_uid="referrals.pass_on")
    case_closed.connect(stop_referrals, dispatch_uid="referrals.stop_referrals")


def forget_case(sender: object, *, case: Case, **kwargs: Any) -> None:
    forget_copies(case, today=timezone.localdate())


def pass_on(sender: object, *, case: Case, person: User, by: Actor, **kwargs: Any) -> None:
    """Somebody may not see this case any more: another officer answers for the referrals that were theirs."""
    leaving.pass_on(case, person, by=by)


def tell_officers(sender: object, *, case: Case, **kwargs: Any) -> None:
    hidden = Restriction.objects.filter(case=case, lifted_at=None)
    for officer in User.objects.with_role(Role.REFERRAL_OFFICER).exclude(pk__in=hidden.values("person")):
        outbox.queue(notifications.CASE_READY, to_person(officer.pk))


def hear_consent(sender: object, *, offer: ConsentOffer, act: OfferState, language: str, arrival: int, **kwargs: Any) -> None:
    actions.hear_answer(offer, act, language=language, arrival=arrival)


def stop_referrals(sender: object, *, case: Case, **kwargs: Any) -> None:
    """A closed case has no open referral: whoever closes it stops it."""
    closer = case.closed_by.actor if case.closed_by else None
    for referral in Referral.objects.open().filter(case=case):
        actions.withdraw(referral, reason=_("The case was closed."), by=SYSTEM, recorded_by=closer)
