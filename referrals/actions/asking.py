"""Asking the person for consent on their own page, and what follows from what they answer there; docs/decisions/0065."""

import uuid
from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions import hear_own_consent
from cases.models import Case
from intake import consent_offers
from intake.models import ConsentOffer
from intake.states import OfferState
from rainbowrail.actors import APPLICANT, SYSTEM, Actor
from rainbowrail.audit.record import record
from rainbowrail.errors import NotPossible
from referrals import notifications
from referrals.actions.emptying import forget_copies_of
from referrals.actions.locking import lock_case, lock_to_write
from referrals.actions.recalling import recall
from referrals.actions.releasing import withdraw
from referrals.actions.telling import tell_officer
from referrals.audit_verbs import ReferralVerb
from referrals.casefile import ConsentHow
from referrals.models import ConsentRecord, Referral, SentPacket
from referrals.programmes import programme as programme_called
from referrals.states import ConsentAct

ACTS = {
    OfferState.GIVEN: (ConsentAct.GIVEN, ReferralVerb.CONSENT_RECORDED),
    OfferState.REFUSED: (ConsentAct.REFUSED, ReferralVerb.CONSENT_REFUSED),
    OfferState.WITHDRAWN: (ConsentAct.WITHDRAWN, ReferralVerb.CONSENT_WITHDRAWN),
}


def ask_consent(referral: Referral, *, parts: Collection[str], ends_on: date, by: Actor) -> ConsentOffer:
    """Put the consent text of this programme on the person's own page: these parts, this official, until that day.

    An older one for the same official that nobody agreed to is taken back. Raises NotPossible for a referral that is over, no
    part, a last day that has gone by, or a person without a code of their own.
    """
    chosen = programme_called(referral.programme)
    sections = [section for section in chosen.consent_sections() if section.letter in parts]
    if not sections or len(sections) != len(set(parts)):
        raise NotPossible(_("Say which parts you ask for, at least one."))
    if ends_on < timezone.localdate():
        raise NotPossible(_("Choose a last day that has not gone by."))
    with transaction.atomic():
        _lock_offers(referral)
        found = lock_to_write(referral, by=by)
        if not found.is_open:
            raise NotPossible(_("This referral is over; nothing would be sent with this consent."))
        for older in offers_about(found):
            if older.state in consent_offers.OPEN_OFFERS:
                consent_offers.take_back(older, by=by)
        terms = {
            "programme": chosen.slug,
            "parts": [{"letter": section.letter, "words": section.consent_words} for section in sections],
            "recipient": {"name": found.recipient.name, "office": found.recipient.office},
            "recipient_id": str(found.recipient_id),
            "country": chosen.country,
            "purpose": chosen.consent_purpose,
            "ends_on": ends_on.isoformat(),
            "text_version": chosen.consent_version,
        }
        return consent_offers.offer(found.case.help_request, terms, by=by)


def offers_about(referral: Referral) -> list[ConsentOffer]:
    """Return what the person was asked about this programme and official, newest first. Opens CONVERSATION; one query."""
    rows = ConsentOffer.objects.filter(help_request=referral.case.help_request_id).order_by("-offered_on", "id")
    return [row for row in rows if _is_about(row, referral)]


def take_back_offer(referral: Referral, offer_id: UUID, *, by: Actor) -> None:
    """Take back what the person has not agreed to. Raises NotPossible for another referral's, or one that was answered."""
    with transaction.atomic():
        _lock_offers(referral)
        locked = lock_to_write(referral, by=by)
        found = next((row for row in offers_about(locked) if row.id == offer_id), None)
        if found is None:
            raise NotPossible(_("There is no such question to the person."))
        consent_offers.take_back(found, by=by)


def hear_answer(offer: ConsentOffer, act: OfferState, *, language: str, arrival: int) -> None:
    """Write the person's own act into the ledger; a withdrawal stops what is under way and calls back what is out.

    An act that was opened after one that arrived later is written in its place, and nothing follows from it. Runs in the
    drain's transaction. Opens CASEWORK and IDENTITY.
    """
    terms = offer.terms
    case_id = Case.objects.filter(help_request=offer.help_request_id).values_list("pk", flat=True).first()
    if case_id is None:
        raise LookupError("Consent was answered for a request without a case.")
    case = lock_case(case_id)
    row = _ledger_line(case, offer, act, language=language, arrival=arrival)
    _kind, verb = ACTS[act]
    record(verb, by=APPLICANT, on=row, case_id=case.pk, detail={"programme": terms["programme"]})
    about = Referral.objects.filter(case=case, programme=terms["programme"], recipient=terms["recipient_id"])
    for referral in about.open().select_related("case"):
        tell_officer(referral.case, notifications.CONSENT_ANSWERED)
    acts = ConsentRecord.objects.filter(case=case, programme=row.programme, recipient=row.recipient_id)
    if acts.exclude(pk=row.pk).filter(arrival__gt=arrival).exists():
        return
    if act is OfferState.GIVEN:
        hear_own_consent(case.pk)
    if act is OfferState.WITHDRAWN:
        stop_without_consent(about)


def stop_without_consent(about: Collection[Referral]) -> None:
    """Stop these referrals wherever they stand, call back every file an office has, and empty our own copies of them."""
    for referral in about:
        if referral.is_open:
            withdraw(referral, reason=_("The person withdrew consent."), by=SYSTEM)
    packets = list(SentPacket.objects.filter(referral__in=about).select_related("referral"))
    recall(packets)
    forget_copies_of(packets, today=timezone.localdate())


def _ledger_line(case: Case, offer: ConsentOffer, act: OfferState, *, language: str, arrival: int) -> ConsentRecord:
    terms, given = offer.terms, act is OfferState.GIVEN
    row = ConsentRecord(
        id=uuid.uuid4(),
        case=case,
        programme=terms["programme"],
        recipient_id=UUID(terms["recipient_id"]),
        act=ACTS[act][0],
        act_on=offer.decided_on or timezone.localdate(),
        ends_on=date.fromisoformat(terms["ends_on"]) if given else None,
        text_version=terms["text_version"],
        offer_id=offer.id,
        arrival=arrival,
        terms={
            "parts": sorted(part["letter"] for part in terms["parts"]) if given else [],
            "how": ConsentHow.OWN_PAGE.value,
            "language": language,
            "by_guardian": False,
        },
        note="",
    )
    row.save(force_insert=True)
    return row


def _lock_offers(referral: Referral) -> None:
    """The drain holds the question that is being answered and then wants the case: so the questions come before the case."""
    list(ConsentOffer.objects.select_for_update().filter(help_request__case=referral.case_id).order_by("id").values_list("id"))


def _is_about(offer: ConsentOffer, referral: Referral) -> bool:
    terms = offer.terms
    return bool(terms["programme"] == referral.programme and terms["recipient_id"] == str(referral.recipient_id))
