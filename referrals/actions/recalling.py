"""Calling back what an office has: a notice waits for any officer or lead, who sends it and notes what the office confirms."""

import uuid
from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import actions as case_actions
from cases.states import CaseState
from rainbowrail.actors import SYSTEM, Actor
from rainbowrail.audit.record import record
from rainbowrail.errors import NotPossible
from referrals import notifications
from referrals.actions.locking import lock_case
from referrals.actions.people import staff_id_of
from referrals.actions.telling import tell_all
from referrals.audit_verbs import ReferralVerb
from referrals.models import RecallNotice, SentPacket
from referrals.permissions import check_recall
from referrals.states import HandedOver, ReferralState


def recall(packets: Iterable[SentPacket]) -> list[RecallNotice]:
    """Write a notice for every one of these files that an office has, and tell every officer who may know that one waits: it
    may not wait for one person. Where there is none, the leads are told.

    In the caller's transaction. Safe to run twice: a file is called back once.
    """
    made = []
    for packet in packets:
        if packet.handed_over_on is None or RecallNotice.objects.filter(packet=packet).exists():
            continue
        notice = RecallNotice(id=uuid.uuid4(), packet=packet)
        notice.save(force_insert=True)
        record(ReferralVerb.RECALLED, by=SYSTEM, on=notice, case_id=packet.referral.case_id, detail={"version": packet.version})
        made.append(notice)
    for case in {notice.packet.referral.case_id: notice.packet.referral.case for notice in made}.values():
        tell_all(case, notifications.RECALL_WAITS)
    return made


def record_recall_told(notice: RecallNotice, *, on: date, how: HandedOver, by: Actor) -> RecallNotice:
    """Record that the office was asked to destroy the file. A case that waited for this office's answer waits no more.

    Raises NotPossible when that is recorded already, or for a day before the recall or to come.
    """
    check_recall(by)
    with transaction.atomic():
        row = _lock(notice)
        if row.told_on is not None:
            raise NotPossible(_("That this notice was sent is recorded already."))
        if not timezone.localdate(row.made_at) <= on <= timezone.localdate():
            raise NotPossible(_("The day must lie between the recall and today."))
        row.told_on, row.told_how, row.told_by_id = on, how, staff_id_of(by)
        row.save(update_fields=["told_on", "told_how", "told_by"])
        referral = row.packet.referral
        record(ReferralVerb.RECALL_TOLD, by=by, on=row, case_id=referral.case_id, detail={"version": row.packet.version})
        if referral.state == ReferralState.WITHDRAWN and referral.case.state == CaseState.REFERRED:
            case_actions.mark_outcome(referral.case, by=by)
    return row


def record_recall_confirmed(notice: RecallNotice, *, on: date, by: Actor) -> RecallNotice:
    """Record that the office says every copy is destroyed. Raises NotPossible unless the notice was sent before that day."""
    check_recall(by)
    with transaction.atomic():
        row = _lock(notice)
        if row.confirmed_on is not None:
            raise NotPossible(_("The office has confirmed this already."))
        if row.told_on is None or not row.told_on <= on <= timezone.localdate():
            raise NotPossible(_("The day must lie between the sending of the notice and today."))
        row.confirmed_on = on
        row.save(update_fields=["confirmed_on"])
        case_id = row.packet.referral.case_id
        record(ReferralVerb.RECALL_CONFIRMED, by=by, on=row, case_id=case_id, detail={"version": row.packet.version})
    return row


def _lock(notice: RecallNotice) -> RecallNotice:
    lock_case(notice.packet.referral.case_id)
    rows = RecallNotice.objects.select_for_update(of=("self",)).select_related("packet__referral__case")
    return rows.get(pk=notice.pk)
