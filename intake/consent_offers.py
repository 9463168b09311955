"""Consent texts: staff offer one to the person's own page, the worker writes down what they answered (docs/decisions/0065)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from intake import notifications
from intake.audit_verbs import IntakeVerb
from intake.models import ConsentOffer, HelpRequest
from intake.signals import consent_answered
from intake.staff_actions import audiences_of
from intake.states import MAY_FOLLOW, Audience, OfferState
from rainbowrail.actors import APPLICANT, Actor, ActorKind
from rainbowrail.audit.record import record
from rainbowrail.errors import NotAllowed, NotPossible

ANSWERS = frozenset({OfferState.GIVEN, OfferState.REFUSED, OfferState.WITHDRAWN})
OPEN_OFFERS = (OfferState.OFFERED, OfferState.REFUSED)


def offer(request: HelpRequest, terms: Mapping[str, Any], *, by: Actor) -> ConsentOffer:
    """Publish a consent text to the person, and queue "there is something to read"; in the caller's transaction.

    `terms` are those of `ConsentOffer`. Raises NotAllowed for anyone but staff, NotPossible for a person without a code of
    their own: a friend who filed for them cannot consent in their place.
    """
    if by.kind is not ActorKind.STAFF:
        raise NotAllowed(_("Only staff ask for consent."))
    if Audience.PERSON not in audiences_of(request):
        raise NotPossible(_("The person has no return code of their own. Only they can consent, so make one for them first."))
    made = ConsentOffer.objects.create(
        help_request=request, person_id=request.person_id, terms=dict(terms), offered_on=timezone.localdate()
    )
    record(IntakeVerb.CONSENT_OFFERED, by=by, on=made)
    notifications.queue_question(request.id)
    return made


def take_back(found: ConsentOffer, *, by: Actor) -> None:
    """Take an offer back that nobody has agreed to. Raises NotPossible for one that was given or is over."""
    if by.kind is not ActorKind.STAFF:
        raise NotAllowed(_("Only staff ask for consent."))
    row = ConsentOffer.objects.select_for_update().get(id=found.id)
    if row.state not in OPEN_OFFERS:
        raise NotPossible(_("The person has answered already. If they allowed it, only they can end it."))
    _note(row, OfferState.TAKEN_BACK, on=timezone.localdate())
    record(IntakeVerb.CONSENT_TAKEN_BACK, by=by, on=row)


def take_answer(request: HelpRequest, content: Mapping[str, Any], *, on: date, arrival: int) -> bool:
    """Write down what the person answered, and tell the app above; in the drain's transaction.

    False for an answer that comes too late (the offer was taken back, they pressed twice, or it arrived before one that is
    written down already): nothing is written. A withdrawal is never too late. `arrival` is that of the delivery. Raises
    ValueError, KeyError or TypeError for content that is none, and ConsentOffer.DoesNotExist for another's offer.
    """
    act, language = OfferState(content["act"]), str(content["language"])
    if act not in ANSWERS:
        raise ValueError("An applicant gives, refuses or withdraws.")
    row = ConsentOffer.objects.select_for_update().get(id=str(content["offer"]), help_request=request)
    # Their yes may still be kept aside when they end it: a withdrawal counts all the same, and that yes then comes too late.
    may = MAY_FOLLOW[OfferState(row.state)] | ({OfferState.WITHDRAWN} if row.state in OPEN_OFFERS else frozenset())
    is_overtaken = arrival < row.answer_arrival and act is not OfferState.WITHDRAWN
    if act not in may or is_overtaken:
        return False
    # A withdrawal is the end of its question: it also stands after a yes that the person pressed in an older window.
    row.answer_arrival = max(arrival, row.answer_arrival)
    _note(row, act, on=on)
    record(IntakeVerb.CONSENT_ANSWERED, by=APPLICANT, on=row)
    consent_answered.send(sender=ConsentOffer, offer=row, act=act, language=language, arrival=row.answer_arrival)
    return True


def show_again(request: HelpRequest) -> None:
    """Close what the person may still answer or withdraw under their newest conversation key, in the caller's transaction.

    A new code opens nothing that is older than it; but whoever allowed something must be able to end it.
    """
    for row in ConsentOffer.objects.filter(help_request=request, state__in=(*OPEN_OFFERS, OfferState.GIVEN)):
        row.terms = dict(row.terms)
        row.save()


def _note(locked: ConsentOffer, state: OfferState, *, on: date) -> None:
    """Write down where an offer stands, under its row lock: what may follow on what was looked up just before."""
    ConsentOffer.objects.filter(pk=locked.pk).update(state=state, decided_on=on, answer_arrival=locked.answer_arrival)
