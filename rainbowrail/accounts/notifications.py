"""The mails that bring a link, made at the moment of sending, and the one that says that a role was given. They name nobody."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from rainbowrail.accounts import languages
from rainbowrail.accounts.models import Invitation, User
from rainbowrail.accounts.notices import notice_to_person, to_person
from rainbowrail.notifications import outbox
from rainbowrail.notifications.kinds import Audience, NotificationKind, always_now, register
from rainbowrail.roles import Role

# Roles that open what people told us. An administrator gives them and has none: others must see it when they are given.
OPENING = frozenset({Role.VOLUNTEER, Role.CASEWORKER, Role.TRIAGE_LEAD, Role.REFERRAL_OFFICER, Role.MANAGER})
WATCHERS = (Role.TRIAGE_LEAD, Role.ADMINISTRATOR)


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


ROLE_GIVEN = notice_to_person("accounts", "role_given")


def tell_of_roles(given: Iterable[str]) -> None:
    """Tell every lead and administrator that somebody got a role that opens cases.

    Also whoever gave it, whose account may be in other hands: nobody becomes a second person to themselves unseen.
    """
    if not OPENING & set(given):
        return
    watchers = User.objects.filter(roles__overlap=list(WATCHERS), is_active=True)
    for staff_id in watchers.order_by("pk").values_list("pk", flat=True):
        outbox.queue(ROLE_GIVEN, to_person(staff_id))


def register_kinds() -> None:
    for kind in (INVITED, BEGIN_AGAIN, ROLE_GIVEN):
        register(kind)
