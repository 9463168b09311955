"""The mails that bring a link, made at the moment of sending, and those about roles that are given. They name nobody."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from rainbowrail.accounts import languages
from rainbowrail.accounts.models import Invitation
from rainbowrail.accounts.notices import notice_to_person, to_person
from rainbowrail.accounts.queries import agreers
from rainbowrail.notifications import outbox
from rainbowrail.notifications.kinds import Audience, NotificationKind, always_now, register
from rainbowrail.roles import BY_TWO


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
ROLE_WAITS = notice_to_person("accounts", "role_waits")
ROLE_REFUSED = notice_to_person("accounts", "role_refused")
ROLE_BEGINS = notice_to_person("accounts", "role_begins")
CLOSED_AT_ONCE = notice_to_person("accounts", "closed_at_once")


def tell_of_waiting() -> None:
    """Tell everybody who could agree that a role waits: also whoever gave it, whose account may be in other hands."""
    _tell_agreers(ROLE_WAITS)


def tell_of_roles(begun: Iterable[str]) -> None:
    """Tell the same people that somebody has begun in a role that takes two, also when the operator gave it at the host."""
    if BY_TWO & set(begun):
        _tell_agreers(ROLE_GIVEN)


def tell_refused(giver_id: int) -> None:
    outbox.queue(ROLE_REFUSED, to_person(giver_id))


def tell_role_begins(person_id: int) -> None:
    outbox.queue(ROLE_BEGINS, to_person(person_id))


def tell_closed_at_once() -> None:
    """Tell everybody who leads that an account was closed whatever its owner held: something may wait for somebody else."""
    _tell_agreers(CLOSED_AT_ONCE)


def _tell_agreers(kind: NotificationKind) -> None:
    for staff_id in agreers().values_list("pk", flat=True):
        outbox.queue(kind, to_person(staff_id))


def register_kinds() -> None:
    for kind in (INVITED, BEGIN_AGAIN, ROLE_GIVEN, ROLE_WAITS, ROLE_REFUSED, ROLE_BEGINS, CLOSED_AT_ONCE):
        register(kind)
