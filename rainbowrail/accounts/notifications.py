"""The mails that bring a link. The text names nobody and no organisation; the link is made at the moment of sending."""

from collections.abc import Mapping
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from rainbowrail.accounts import languages
from rainbowrail.accounts.models import Invitation
from rainbowrail.notifications.kinds import Audience, NotificationKind, always_now, register


def _address(invitation_id: UUID) -> str | None:
    return Invitation.objects.open().filter(pk=invitation_id).values_list("email", flat=True).first()


def _link(invitation_id: UUID) -> Mapping[str, str]:
    from rainbowrail.accounts.inviting import new_link  # the action queues these kinds; it is called at run time only

    path = reverse("account_invitation", args=[new_link(invitation_id)], urlconf="rainbowrail.urls.staff")
    return {"link": f"{settings.STAFF_URL}{path}"}


def _language(invitation_id: UUID) -> str:
    """Return what the person chose who begins again; for somebody new the language of whoever invited them."""
    row = Invitation.objects.filter(pk=invitation_id).values_list("person_id", "invited_by_id").first()
    return languages.of_staff((row[0] or row[1]) if row else None)


INVITED = NotificationKind(
    name="accounts.invited",
    subject_template="emails/accounts/invited.subject.txt",
    text_template="emails/accounts/invited.txt",
    audience=Audience.STAFF,
    recipient=_address,
    may_send_now=always_now,
    language=_language,
    words=_link,
)
BEGIN_AGAIN = NotificationKind(
    name="accounts.begin_again",
    subject_template="emails/accounts/begin_again.subject.txt",
    text_template="emails/accounts/begin_again.txt",
    audience=Audience.STAFF,
    recipient=_address,
    may_send_now=always_now,
    language=_language,
    words=_link,
)


def register_kinds() -> None:
    for kind in (INVITED, BEGIN_AGAIN):
        register(kind)
