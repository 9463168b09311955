"""The passphrase of an archive: made with the file, shown to one officer once, and then nowhere any more."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from rainbowrail.actors import Actor
from rainbowrail.audit.record import record
from rainbowrail.errors import NotPossible
from referrals.actions.locking import lock_to_write
from referrals.actions.releasing import check_consent, check_drained, current_packet, file_of, wait_for_drain
from referrals.audit_verbs import ReferralVerb
from referrals.models import PacketPassphrase, Referral
from referrals.models.packet_passphrase import KEPT_FOR
from referrals.permissions import check_draft


def take_passphrase(referral: Referral, *, by: Actor) -> str:
    """Return the passphrase of the present file and forget it: it is shown once, and on record. Opens IDENTITY.

    Raises NotPossible when it was shown before or is gone, and when consent does not cover the file any more, and while
    something that the person sent is not opened: without it the office cannot read the file. Who lost it takes
    the referral back: a new approval makes a new file with a new passphrase.
    """
    check_draft(by, referral)
    wait_for_drain(referral)
    with transaction.atomic():
        locked = lock_to_write(referral, by=by)
        check_drained(locked)
        packet = file_of(locked)
        check_consent(locked, packet)
        waiting = PacketPassphrase.objects.select_related("packet__referral").filter(packet=packet).first()
        if waiting is None:
            raise NotPossible(
                _("The passphrase of this file was shown already, or was deleted. Take the referral back for a new one.")
            )
        passphrase = str(waiting.passphrase)
        waiting.delete()
        detail: dict[str, str | int] = {"version": packet.version, "sha256": packet.sha256}
        record(ReferralVerb.PASSPHRASE_SHOWN, by=by, on=packet, case_id=locked.case_id, detail=detail)
    return passphrase


def has_passphrase(referral: Referral) -> bool:
    """Whether the passphrase of the present file still waits for an officer."""
    packet = current_packet(referral)
    return packet is not None and PacketPassphrase.objects.filter(packet=packet).exists()


def forget_old_passphrases(now: datetime) -> int:
    """Delete passphrases that nobody took within KEPT_FOR; return how many."""
    gone, _rows = PacketPassphrase.objects.filter(packet__made_at__lt=now - KEPT_FOR).delete()
    return gone
