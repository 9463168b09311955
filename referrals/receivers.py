"""Hears cases, inside the transaction of the move."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Case
from cases.signals import case_back, case_closed, case_erased, case_ready
from intake.models import ConsentOffer
from intake.signals import consent_answered
from intake.states import OfferState
from rainbowrail.actors import SYSTEM, Actor
from rainbowrail.audit import references
from referrals import actions, notifications
from referrals.actions.emptying import forget_copies
from referrals.actions.officers import let_go
from referrals.actions.telling import tell_officer
from referrals.known import case_of
from referrals.models import Referral


def listen() -> None:
    """Connect the receivers; ReferralsConfig.ready calls this once."""
    case_ready.connect(tell_officers, dispatch_uid="referrals.tell_officers")
    case_erased.connect(forget_case, dispatch_uid="referrals.forget_case")
    consent_answered.connect(hear_consent, dispatch_uid="referrals.hear_consent")
    case_back.connect(let_officer_go, dispatch_uid="referrals.let_officer_go")
    case_closed.connect(stop_referrals, dispatch_uid="referrals.stop_referrals")
    references.register_part("packet_id", case_of)


def forget_case(sender: object, *, case: Case, **kwargs: Any) -> None:
    forget_copies(case, today=timezone.localdate())


def let_officer_go(sender: object, *, case: Case, by: Actor, **kwargs: Any) -> None:
    """The owner works on it again: without an open referral it needs no officer."""
    let_go(case, by=by)


def tell_officers(sender: object, *, case: Case, **kwargs: Any) -> None:
    tell_officer(case, notifications.CASE_READY)


def hear_consent(sender: object, *, offer: ConsentOffer, act: OfferState, language: str, arrival: int, **kwargs: Any) -> None:
    actions.hear_answer(offer, act, language=language, arrival=arrival)


def stop_referrals(sender: object, *, case: Case, **kwargs: Any) -> None:
    """A closed case has no open referral: whoever closes it stops it."""
    closer = case.closed_by.actor if case.closed_by else None
    for referral in Referral.objects.open().filter(case=case):
        actions.withdraw(referral, reason=_("The case was closed."), by=SYSTEM, recorded_by=closer)
    let_go(case, by=SYSTEM)
