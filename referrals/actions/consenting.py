"""Consent: one act after the other, never rewritten; docs/decisions/0062."""

import uuid
from collections.abc import Collection, Mapping
from datetime import date

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions import hear_own_consent
from intake.models import Delivery
from rainbowrail.actors import SYSTEM, Actor
from rainbowrail.audit.record import record
from rainbowrail.errors import NotPossible
from referrals.actions.asking import stop_without_consent
from referrals.actions.locking import lock, lock_to_write
from referrals.actions.people import staff_id_of
from referrals.actions.releasing import withdraw
from referrals.audit_verbs import ReferralVerb
from referrals.casefile import ConsentHow
from referrals.models import ConsentRecord, Referral
from referrals.permissions import check_hear_withdrawal
from referrals.programmes import programme as programme_called
from referrals.states import ConsentAct


def record_consent(
    referral: Referral,
    *,
    parts: Collection[str],
    how: ConsentHow,
    language: str,
    given_on: date,
    ends_on: date,
    by_guardian: bool = False,
    note: str = "",
    by: Actor,
) -> ConsentRecord:
    """Record what the person allowed, for this programme and this official.

    It replaces, and does not change, what stood before.

    Raises NotPossible for an end before the beginning, a day to come, no part at all, or a part that the programme does not
    have.
    """
    chosen = programme_called(referral.programme)
    known = {section.letter for section in chosen.consent_sections()}
    if not parts or not set(parts) <= known:
        raise NotPossible(_("Say which parts the person allows, at least one."))
    if given_on > timezone.localdate():
        raise NotPossible(_("Consent cannot be given on a day to come."))
    if ends_on < given_on:
        raise NotPossible(_("Consent cannot end before it was given."))
    terms = {"parts": sorted(parts), "how": ConsentHow(how).value, "language": language, "by_guardian": by_guardian}
    with transaction.atomic():
        locked = lock_to_write(referral, by=by)
        act = _add(
            locked,
            ConsentAct.GIVEN,
            given_on,
            ends_on,
            chosen.consent_version,
            terms,
            note,
            ReferralVerb.CONSENT_RECORDED,
            by,
        )
        hear_own_consent(locked.case_id)
    return act


def withdraw_consent(referral: Referral, *, withdrawn_on: date, note: str = "", by: Actor) -> ConsentRecord:
    """Record that the person no longer allows it, and stop the referral wherever it stands: one action, no second person."""
    version = programme_called(referral.programme).consent_version
    terms = {"parts": [], "how": "", "language": "", "by_guardian": False}
    with transaction.atomic():
        locked = lock(referral)
        check_hear_withdrawal(by, locked)
        act = _add(locked, ConsentAct.WITHDRAWN, withdrawn_on, None, version, terms, note, ReferralVerb.CONSENT_WITHDRAWN, by)
        referral.refresh_from_db(fields=["state"])
        if referral.is_open:
            withdraw(referral, reason=_("The person withdrew consent."), by=SYSTEM, recorded_by=by)
        stop_without_consent(
            Referral.objects.filter(case=referral.case_id, programme=referral.programme, recipient=referral.recipient_id)
        )
    return act


def _place(referral: Referral, act: ConsentAct) -> int:
    """Return where an act that staff record stands among those of the person's own page, by arrival.

    Always after every act that is in the ledger already. An end stands after everything that the person has sent, a yes before
    whatever of theirs is not opened yet: that may be a withdrawal.
    """
    sent = Delivery.objects.of_subject(referral.person_id)
    place: int = (sent.aggregate(last=Max("arrival"))["last"] or 0) + 1
    if act is ConsentAct.GIVEN:
        place = sent.unopened().aggregate(first=Min("arrival"))["first"] or place
    known = ConsentRecord.objects.about(referral).values_list("arrival", flat=True).first() or 0
    return max(known, place)


def _add(
    referral: Referral,
    act: ConsentAct,
    act_on: date,
    ends_on: date | None,
    version: str,
    terms: Mapping[str, object],
    note: str,
    verb: ReferralVerb,
    by: Actor,
) -> ConsentRecord:
    with transaction.atomic():
        row = ConsentRecord(
            id=uuid.uuid4(),
            case_id=referral.case_id,
            programme=referral.programme,
            recipient_id=referral.recipient_id,
            act=act,
            act_on=act_on,
            ends_on=ends_on,
            text_version=version,
            recorded_by_id=staff_id_of(by),
            arrival=_place(referral, act),
            terms=dict(terms),
            note=note,
        )
        row.save(force_insert=True)
        record(
            verb,
            by=by,
            on=row,
            case_id=referral.case_id,
            detail={"referral": referral.packet_id, "programme": referral.programme},
        )
    return row
