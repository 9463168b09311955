"""Making the file. Runs in the worker, which alone holds the signing key; safe to run twice.

A failure has a name and can be tried again.
"""

import base64
import uuid
from functools import partial
from uuid import UUID

from celery import current_app
from django.db import transaction
from django.utils import timezone, translation

from intake.drain import drain
from intake.models import Delivery
from intake.states import DeliveryState
from rainbowrail.actors import SYSTEM, Actor
from rainbowrail.audit.record import record
from rainbowrail.crypto.recipients.archive import make_passphrase
from rainbowrail.crypto.recipients.base import RecipientKind
from rainbowrail.web import logs
from referrals import workflow
from referrals.actions.locking import lock_case, move
from referrals.audit_verbs import ReferralVerb
from referrals.errors import CannotBuild, StillWaiting
from referrals.exports.archive import SealedFile, seal_packet
from referrals.gather import compile_packet
from referrals.models import PacketPassphrase, Referral, SentPacket
from referrals.packet import Packet
from referrals.programmes import programme
from referrals.states import BuildProblem, ReferralState

MOST_TURNS = 10


def start_build(referral: Referral) -> None:
    """Have the worker make the file after the commit. A silent broker is no error: the sweep finds the referral."""
    transaction.on_commit(partial(_ask_worker, referral.pk))


def _ask_worker(referral_id: UUID) -> None:
    try:
        current_app.send_task("referrals.build_packet", (str(referral_id),), retry=False)
    except Exception as error:  # whatever the broker's client raises
        logs.failure("broker_away", error, referral_id=referral_id)


def retry_build(referral: Referral, *, by: Actor) -> Referral:
    """Try again after a failure."""
    with transaction.atomic():
        moved = move(referral, workflow.RETRY, by=by, changes={"problem": "", "changed_at": timezone.now()})
        start_build(moved)
    return moved


def build_packet(referral_id: UUID) -> SentPacket | None:
    """Make the sealed file of an approved referral, or move it to "could not be made" with the reason.

    None when there is none to make.

    It first opens what the person sent meanwhile and then, under the row lock, makes sure that nothing of theirs waits, so
    that a withdrawal is not overtaken. Something that did not open and is kept aside may be one, too: the build fails with that
    word until a triage lead has cleared it up (docs/decisions/0067). Then it builds anew from what is stored and refuses unless
    it reads exactly as the second person read it. Raises KeyNotHeld outside the worker, and StillWaiting while something of the
    person's does not open.
    """
    for _turn in range(MOST_TURNS):
        # Outside the lock: a drain that is under way holds the delivery and wants the referral, never the other way round.
        if (person_id := _person_of(referral_id)) is None:
            return None
        drain(subject_id=person_id)
        with transaction.atomic():
            referral = _lock(referral_id)
            if referral is None:
                return None
            unopened = Delivery.objects.unopened().of_subject(referral.person_id)
            states = set(unopened.values_list("state", flat=True).distinct())
            if DeliveryState.QUARANTINED in states:
                _fail(referral, BuildProblem.KEPT_ASIDE)
                return None
            if states:
                continue
            try:
                packet, sealed, passphrase = _make(referral)
            except CannotBuild as error:
                _fail(referral, BuildProblem(error.code))
                return None
            return _keep(referral, packet, sealed, passphrase)
    raise StillWaiting("Something that the person sent does not open yet; the file is made afterwards.")


def _person_of(referral_id: UUID) -> UUID | None:
    return Referral.objects.filter(pk=referral_id, state=ReferralState.BUILDING).values_list("person_id", flat=True).first()


def give_up(referral_id: UUID) -> None:
    """Name the end of a build that failed in a way nobody foresaw."""
    with transaction.atomic():
        referral = _lock(referral_id)
        if referral is not None:
            _fail(referral, BuildProblem.UNEXPECTED)


def _lock(referral_id: UUID) -> Referral | None:
    """Return the referral freshly read, its case and itself locked, or None when nothing is to be made of it any more."""
    building = Referral.objects.filter(pk=referral_id, state=ReferralState.BUILDING)
    case_id = building.values_list("case_id", flat=True).first()
    if case_id is None:
        return None
    lock_case(case_id)
    rows = building.select_for_update(of=("self",))
    return rows.select_related("case__help_request", "case__officer", "recipient", "drafted_by").first()


def _make(referral: Referral) -> tuple[Packet, SealedFile, str]:
    """Return the packet, its file, and the passphrase of an archive, else the empty text."""
    packet, findings = compile_packet(referral, today=timezone.localdate())
    if findings:
        raise CannotBuild(BuildProblem.FINDINGS)
    if packet.digest() != referral.approved_digest:
        raise CannotBuild(BuildProblem.CHANGED)
    if not (referral.recipient.is_active and referral.recipient.is_checked):
        raise CannotBuild(BuildProblem.KEY)
    with translation.override(referral.language):
        formats = programme(referral.programme).formats
        kind, key = RecipientKind(referral.recipient.kind), referral.recipient.public_key
        passphrase = make_passphrase() if kind is RecipientKind.ARCHIVE else ""
        return packet, seal_packet(packet, formats=formats, kind=kind, key=passphrase or key), passphrase


def _keep(referral: Referral, packet: Packet, sealed: SealedFile, passphrase: str) -> SentPacket:
    row = SentPacket(
        id=uuid.uuid4(),
        referral=referral,
        recipient=referral.recipient,
        version=referral.version,
        sha256=sealed.sha256,
        manifest_sha256=sealed.manifest_sha256,
        size=len(sealed.data),
        sealed_file=base64.b64encode(sealed.data).decode(),
        contents=packet.as_data(),
        office_number="",
    )
    row.save(force_insert=True)
    if passphrase:
        PacketPassphrase(id=uuid.uuid4(), packet=row, passphrase=passphrase).save(force_insert=True)
    move(referral, workflow.BUILT, by=SYSTEM, changes={"changed_at": timezone.now()})
    record(
        ReferralVerb.BUILT,
        by=SYSTEM,
        on=row,
        case_id=referral.case_id,
        detail={"version": row.version, "size": row.size, "sha256": row.sha256},
    )
    return row


def _fail(referral: Referral, problem: BuildProblem) -> None:
    move(referral, workflow.FAIL, by=SYSTEM, changes={"problem": problem, "changed_at": timezone.now()})
