from referrals.models.consent import ConsentRecord
from referrals.models.outcome import Outcome
from referrals.models.packet_passphrase import PacketPassphrase
from referrals.models.recall import RecallNotice
from referrals.models.recipient import Recipient
from referrals.models.referral import Referral
from referrals.models.referral_move import ReferralMove
from referrals.models.sent_packet import SentPacket

__all__ = [
    "ConsentRecord",
    "Outcome",
    "PacketPassphrase",
    "RecallNotice",
    "Recipient",
    "Referral",
    "ReferralMove",
    "SentPacket",
]
