"""What staff are told by mail: that something waits, and the way to the door. Never a name, a country or a reason."""

from uuid import UUID

from django.apps import apps

from rainbowrail.accounts import languages
from rainbowrail.accounts.models import User
from rainbowrail.notifications.kinds import SEND_NOW, Audience, Decision, NotificationKind, always_now, register, send_never
from referrals.states import ReferralState


def to_person(staff_id: int) -> UUID:
    """Return the id under which a notice is about a member of staff: two notices that wait for one person are one notice."""
    return UUID(int=staff_id)


def _address_of_person(about_id: UUID) -> str | None:
    return User.objects.filter(pk=about_id.int, is_active=True).values_list("email", flat=True).first()


def _while_one_waits(about_id: UUID) -> Decision:
    """Ask just before sending: a mail about what somebody did in the meantime teaches people to ignore mails."""
    waiting = apps.get_model("referrals", "Referral")._default_manager.filter(state=ReferralState.WAITING)
    return SEND_NOW if waiting.exists() else send_never("done_meanwhile")


def _while_a_recall_waits(about_id: UUID) -> Decision:
    waiting = apps.get_model("referrals", "RecallNotice")._default_manager.filter(told_on=None)
    return SEND_NOW if waiting.exists() else send_never("done_meanwhile")


APPROVAL_WAITS = NotificationKind(
    name="referrals.approval_waits",
    subject_template="emails/referrals/approval_waits.subject.txt",
    text_template="emails/referrals/approval_waits.txt",
    audience=Audience.STAFF,
    recipient=_address_of_person,
    language=languages.of_person,
    may_send_now=_while_one_waits,
)
RETURNED = NotificationKind(
    name="referrals.returned",
    subject_template="emails/referrals/returned.subject.txt",
    text_template="emails/referrals/returned.txt",
    audience=Audience.STAFF,
    recipient=_address_of_person,
    language=languages.of_person,
    may_send_now=always_now,
)
CASE_READY = NotificationKind(
    name="referrals.case_ready",
    subject_template="emails/referrals/case_ready.subject.txt",
    text_template="emails/referrals/case_ready.txt",
    audience=Audience.STAFF,
    recipient=_address_of_person,
    language=languages.of_person,
    may_send_now=always_now,
)


CONSENT_ANSWERED = NotificationKind(
    name="referrals.consent_answered",
    subject_template="emails/referrals/consent_answered.subject.txt",
    text_template="emails/referrals/consent_answered.txt",
    audience=Audience.STAFF,
    recipient=_address_of_person,
    language=languages.of_person,
    may_send_now=always_now,
)
RECALL_WAITS = NotificationKind(
    name="referrals.recall_waits",
    subject_template="emails/referrals/recall_waits.subject.txt",
    text_template="emails/referrals/recall_waits.txt",
    audience=Audience.STAFF,
    recipient=_address_of_person,
    language=languages.of_person,
    may_send_now=_while_a_recall_waits,
)


def register_kinds() -> None:
    for kind in (APPROVAL_WAITS, RETURNED, CASE_READY, CONSENT_ANSWERED, RECALL_WAITS):
        register(kind)
