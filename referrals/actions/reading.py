"""Reading is an act: what a referral says about a person is opened on record."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from rainbowrail.actors import Actor
from rainbowrail.audit.record import record_view
from rainbowrail.crypto.compartments import Compartment
from referrals.actions.emptying import check_copy
from referrals.gather import compile_packet
from referrals.lint import Finding
from referrals.models import Referral, SentPacket
from referrals.packet import Packet
from referrals.permissions import check_read_contents


def open_contents(referral: Referral, *, by: Actor) -> tuple[Packet, tuple[Finding, ...]]:
    """Return what the office would be told today, and what stands in its way. Opens IDENTITY, STORY and CASEWORK."""
    check_read_contents(by, referral)
    with transaction.atomic():
        for compartment in (Compartment.IDENTITY, Compartment.STORY, Compartment.CASEWORK):
            record_view(referral, compartment=compartment, by=by, case_id=referral.case_id)
        return compile_packet(referral, today=timezone.localdate())


def open_sent(packet: SentPacket, *, by: Actor) -> dict[str, Any]:
    """Return the machine copy of what was told in one file. Opens IDENTITY."""
    check_read_contents(by, packet.referral)
    check_copy(packet)
    with transaction.atomic():
        record_view(packet, compartment=Compartment.IDENTITY, by=by, case_id=packet.referral.case_id)
        contents: dict[str, Any] = packet.contents
        return contents
