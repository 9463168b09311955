"""What staff are told by mail: that something waits, and the way to the door. Never a name, a country or a reason."""

from uuid import UUID

from django.apps import apps

from rainbowrail.accounts.notices import notice_to_person
from rainbowrail.notifications.kinds import SEND_NOW, Decision, register, send_never
from referrals.states import ReferralState


def _while_one_waits(about_id: UUID) -> Decision:
    """Ask just before sending: a mail about what somebody did in the meantime teaches people to ignore mails."""
    waiting = apps.get_model("referrals", "Referral")._default_manager.filter(state=ReferralState.WAITING)
    return SEND_NOW if waiting.exists() else send_never("done_meanwhile")


def _while_a_recall_waits(about_id: UUID) -> Decision:
    waiting = apps.get_model("referrals", "RecallNotice")._default_manager.filter(told_on=None)
    return SEND_NOW if waiting.exists() else send_never("done_meanwhile")


APPROVAL_WAITS = notice_to_person("referrals", "approval_waits", may_send_now=_while_one_waits)
RETURNED = notice_to_person("referrals", "returned")
CASE_READY = notice_to_person("referrals", "case_ready")
CONSENT_ANSWERED = notice_to_person("referrals", "consent_answered")
RECALL_WAITS = notice_to_person("referrals", "recall_waits", may_send_now=_while_a_recall_waits)


def register_kinds() -> None:
    for kind in (APPROVAL_WAITS, RETURNED, CASE_READY, CONSENT_ANSWERED, RECALL_WAITS):
        register(kind)
