"""Our copy of a packet goes after its days, or with the person; what stays proves what was sent: hashes, size and receipts."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Case
from rainbowrail.actors import SYSTEM
from rainbowrail.audit.record import record
from rainbowrail.errors import NotPossible
from referrals.audit_verbs import ReferralVerb
from referrals.models import PacketPassphrase, SentPacket


def check_copy(packet: SentPacket) -> None:
    """Raise NotPossible when our copy is gone already."""
    if packet.emptied_on is not None:
        raise NotPossible(_("Our copy of this file has been erased. Its number, size and fingerprint stay on record."))


def empty_copy(packet_id: UUID, *, today: date) -> bool:
    """Empty our copy of one packet that is due. False when it is not, any more. Safe to run twice. Opens IDENTITY."""
    with transaction.atomic():
        rows = SentPacket.objects.select_for_update(of=("self",)).select_related("referral")
        packet = rows.filter(pk=packet_id, emptied_on=None, empty_on__lte=today).first()
        if packet is None:
            return False
        _empty(packet, today)
    return True


def forget_copies(case: Case, *, today: date) -> int:
    """Empty all copies of a case that is being erased, while its keys exist, and the passphrases that still wait."""
    return forget_copies_of(SentPacket.objects.filter(referral__case=case).select_related("referral"), today=today)


def forget_copies_of(packets: Iterable[SentPacket], *, today: date) -> int:
    """Empty our copies of these packets, and the passphrases that still wait; the caller's transaction. Opens IDENTITY."""
    here = [packet for packet in packets if packet.emptied_on is None]
    PacketPassphrase.objects.filter(packet__in=here).delete()
    for packet in here:
        _empty(packet, today)
    return len(here)


def _empty(packet: SentPacket, today: date) -> None:
    packet.sealed_file, packet.contents, packet.emptied_on = "", {}, today
    packet.save(update_fields=["sealed_file", "contents", "emptied_on"])
    record(ReferralVerb.COPY_EMPTIED, by=SYSTEM, on=packet, case_id=packet.referral.case_id, detail={"version": packet.version})
