"""What is due to be emptied among referrals: our copies of packets; and how each table ends."""

from datetime import date
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases import need_to_know
from rainbowrail.actors import Actor
from rainbowrail.privacy import keeping
from rainbowrail.privacy.keeping import CASE_SPANS, Ends, Keeper, Life, Line
from rainbowrail.privacy.retention import Kept, due_on
from referrals.actions.emptying import empty_copy
from referrals.models import SentPacket
from referrals.states import ReferralState

PLAN_BATCH = 2_000

LIVES = {
    label: Life(Ends.EMPTIES, CASE_SPANS)
    for label in ("referrals.Referral", "referrals.ReferralMove", "referrals.ConsentRecord", "referrals.Outcome")
} | {
    "referrals.SentPacket": Life(Ends.EMPTIES, (Kept.PACKET_COPY,), "hashes and receipts stay"),
    "referrals.RecallNotice": Life(Ends.EMPTIES, CASE_SPANS, "that a file was called back is the proof"),
    "referrals.PacketPassphrase": Life(Ends.GOES, because="until it was shown, at most 7 days"),
    "referrals.Recipient": Life(Ends.STAYS, because="whose eyes a sent file was for must stay known"),
}  # fmt: skip


def register() -> None:
    """Join the lists; ReferralsConfig.ready calls this once."""
    keeping.register(KEEPER)
    keeping.register_lives(LIVES)


def upcoming(until: date) -> "QuerySet[SentPacket]":
    return SentPacket.objects.filter(emptied_on=None, empty_on__lte=until).select_related("referral")


def shown_to(packets: "QuerySet[SentPacket]", actor: Actor) -> "QuerySet[SentPacket]":
    return packets.exclude(referral__case__in=need_to_know.hidden_ids(actor))


def line(packet: SentPacket) -> Line:
    return Line(f"{packet.referral.packet_id}-{packet.version}", _("Our copy of a packet"), packet.empty_on or date.max)


def plan(today: date) -> int:
    """Write the day of each copy that has none or a wrong one: the policy changed, or the file was handed over since.

    A file that is still to be handed over has no day: it is no copy yet.
    """
    written = 0
    packets = SentPacket.objects.filter(emptied_on=None).select_related("referral")
    waits = Q(referral__state=ReferralState.READY, version=F("referral__version"), handed_over_on=None)
    for packet in packets.exclude(waits).iterator(chunk_size=PLAN_BATCH):
        day = due_on(Kept.PACKET_COPY, packet.handed_over_on or timezone.localdate(packet.made_at))
        if packet.empty_on != day:
            written += SentPacket.objects.filter(pk=packet.pk, emptied_on=None).update(empty_on=day)
    return written


def due(today: date, most: int) -> list[UUID]:
    return list(upcoming(today).order_by("empty_on", "id").values_list("id", flat=True)[:most])


def shred(packet_id: UUID, today: date) -> bool:
    return empty_copy(packet_id, today=today)


KEEPER = Keeper(
    name="packets", label=_("Our copies of packets"), order=("empty_on", "id"),
    upcoming=upcoming, line=line, plan=plan, due=due, shred=shred, shown_to=shown_to,
)  # fmt: skip
