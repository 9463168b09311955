"""The file leaves the building, and what comes back: receipt, questions, an answer, or our own word that it ends."""

import time
import uuid
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import actions as case_actions
from cases.states import CaseState
from intake.models import Delivery
from intake.states import DeliveryState
from rainbowrail.actors import Actor, ActorKind
from rainbowrail.audit.record import record
from rainbowrail.errors import NotPossible
from referrals import workflow
from referrals.actions.emptying import check_copy
from referrals.actions.locking import lock, lock_to_write, move
from referrals.actions.officers import let_go
from referrals.actions.people import staff_id_of
from referrals.actions.recalling import recall
from referrals.audit_verbs import ReferralVerb
from referrals.gather import consent_in_force
from referrals.models import Outcome, PacketPassphrase, Referral, SentPacket
from referrals.permissions import check_draft
from referrals.programmes import programme
from referrals.states import FINAL_OUTCOMES, WITH_OFFICE, HandedOver, OutcomeKind

# The sweep that opens what people send runs every few seconds.
DRAIN_SECONDS, LOOK_SECONDS = 6.0, 0.5


def current_packet(referral: Referral) -> SentPacket | None:
    """Return the file of the referral's present version that was made last, if there is one."""
    return referral.packets.filter(version=referral.version).order_by("-made_at").first()


def download(referral: Referral, *, by: Actor) -> tuple[str, bytes]:
    """Return the neutral name and the bytes of the sealed file; each download is on record. Opens IDENTITY.

    Raises NotPossible unless there is an approved file that consent still covers: one that was taken back cannot be fetched any
    more.
    """
    check_draft(by, referral)
    wait_for_drain(referral)
    with transaction.atomic():
        locked = lock_to_write(referral, by=by)
        check_drained(locked)
        packet = file_of(locked)
        check_copy(packet)
        check_consent(locked, packet)
        record(
            ReferralVerb.DOWNLOADED,
            by=by,
            on=packet,
            case_id=locked.case_id,
            detail={"version": packet.version, "sha256": packet.sha256},
        )
        return packet.file_name, packet.file_bytes()


def hand_over(referral: Referral, *, on: date, how: HandedOver, by: Actor) -> Referral:
    """Record that the official has the file; the case is now referred.

    Raises NotPossible for a day before the file was made or to come.
    """
    wait_for_drain(referral)
    with transaction.atomic():
        moved = move(referral, workflow.SEND, by=by, changes={"changed_at": timezone.now()})
        check_drained(moved)
        packet = file_of(moved)
        check_consent(moved, packet)
        if not timezone.localdate(packet.made_at) <= on <= timezone.localdate():
            raise NotPossible(_("The day must lie between the making of the file and today."))
        packet.handed_over_on, packet.handed_over_how, packet.handed_over_by_id = on, how, by.staff_id
        packet.save(update_fields=["handed_over_on", "handed_over_how", "handed_over_by"])
        if moved.case.state == CaseState.READY:
            case_actions.mark_referred(moved.case, by=by)
    return moved


def record_acknowledgement(referral: Referral, *, on: date, office_number: str = "", by: Actor) -> Referral:
    """Record that the office confirmed the receipt, and under which number it keeps the case."""
    with transaction.atomic():
        moved = move(referral, workflow.ACKNOWLEDGE, by=by, changes={"changed_at": timezone.now()})
        packet = file_of(moved)
        if packet.handed_over_on is None or not packet.handed_over_on <= on <= timezone.localdate():
            raise NotPossible(_("The day must lie between the hand-over and today."))
        packet.acknowledged_on, packet.office_number = on, office_number
        packet.save(update_fields=["acknowledged_on", "office_number"])
    return moved


def record_outcome(referral: Referral, *, kind: OutcomeKind, on: date, note: str = "", by: Actor) -> Outcome:
    """Record what the office answered. A decision ends the referral and is told to the case; a question leaves both open.

    Raises NotPossible for a day to come and for "withdrawn", which has an action of its own.
    """
    check_draft(by, referral)
    kind = OutcomeKind(kind)
    if kind is OutcomeKind.WITHDRAWN:
        raise NotPossible(_("To withdraw a referral, use “Withdraw”."))
    if on > timezone.localdate():
        raise NotPossible(_("The office cannot have answered on a day to come."))
    with transaction.atomic():
        step = workflow.DECIDE if kind in FINAL_OUTCOMES else workflow.ASK_MORE
        moved = move(referral, step, by=by, changes={"changed_at": timezone.now()})
        outcome = _write_outcome(moved, kind, on, note, by)
        if kind in FINAL_OUTCOMES:
            PacketPassphrase.objects.of(moved).delete()
        if kind in FINAL_OUTCOMES and moved.case.state == CaseState.REFERRED:
            case_actions.mark_outcome(moved.case, by=by)
    return outcome


def withdraw(referral: Referral, *, reason: str, by: Actor, recorded_by: Actor | None = None) -> Referral:
    """Stop the referral wherever it stands. One the office has gets an outcome, and the case hears of it.

    `recorded_by` is the member of staff behind a stop that the system makes (consent withdrawn, case closed).
    """
    with transaction.atomic():
        was_with_office = lock(referral).state in WITH_OFFICE
        moved = move(referral, workflow.WITHDRAW, by=by, reason=reason, changes={"problem": "", "changed_at": timezone.now()})
        PacketPassphrase.objects.of(moved).delete()
        if was_with_office:
            recall(moved.packets.select_related("referral"))
        person = by if by.kind is ActorKind.STAFF else recorded_by
        if was_with_office and person is not None:
            _write_outcome(moved, OutcomeKind.WITHDRAWN, timezone.localdate(), reason, person)
            if moved.case.state == CaseState.REFERRED:
                case_actions.mark_outcome(moved.case, by=person)
        let_go(moved.case, by=by)
    return moved


def wait_for_drain(referral: Referral) -> None:
    """Give the worker, which alone can open it, a few seconds for what the person has just sent: it may be a withdrawal."""
    for _look in range(int(DRAIN_SECONDS / LOOK_SECONDS)):
        if not Delivery.objects.waiting().of_subject(referral.person_id).exists():
            return
        time.sleep(LOOK_SECONDS)


def check_drained(referral: Referral) -> None:
    """Raise NotPossible while something that the person sent is not opened, or did not open; asked under the referral's lock.

    Both in one query: what is put aside between two questions would be missed by either (docs/decisions/0067).
    """
    states = set(Delivery.objects.unopened().of_subject(referral.person_id).values_list("state", flat=True).distinct())
    if DeliveryState.QUARANTINED in states:
        raise NotPossible(
            _(
                "Something that the person sent did not open, and it may be a “no” to this. Nothing leaves before a triage "
                "lead has looked at it under “Kept aside”. If there is no time, reach the person by a safe way, ask what they "
                "sent, and tell a lead: two of them can then clear the way."
            )
        )
    if states:
        raise NotPossible(_("The person has just sent something, which is being opened. Try again in a minute."))


def check_consent(referral: Referral, packet: SentPacket) -> None:
    """Raise NotPossible unless consent holds today for every part that the file tells. Opens CASEWORK and IDENTITY."""
    consent = consent_in_force(referral)
    told = {part["letter"] for part in packet.contents["parts"] if part["entries"]}
    needed = told & {section.letter for section in programme(referral.programme).consent_sections()}
    if consent is None or consent.ends_on < timezone.localdate() or not needed <= consent.parts:
        raise NotPossible(_("Consent does not cover this file any more. Ask the person again, or take the referral back."))


def _write_outcome(referral: Referral, kind: OutcomeKind, on: date, note: str, by: Actor) -> Outcome:
    outcome = Outcome(id=uuid.uuid4(), referral=referral, kind=kind, answered_on=on, note=note, recorded_by_id=staff_id_of(by))
    outcome.save(force_insert=True)
    return outcome


def file_of(referral: Referral) -> SentPacket:
    packet = current_packet(referral) if referral.has_file else None
    if packet is None:
        raise NotPossible(_("There is no file of this version."))
    return packet
