"""Mails to one member of staff, for every app: fixed words, and the way to the staff door."""

from collections.abc import Callable
from uuid import UUID

from rainbowrail.accounts import languages
from rainbowrail.accounts.models import User
from rainbowrail.notifications.kinds import Audience, Decision, NotificationKind, always_now


def to_person(staff_id: int) -> UUID:
    """Return the id under which a notice is about a member of staff: two notices that wait for one person are one notice."""
    return UUID(int=staff_id)


def _address_of(about_id: UUID) -> str | None:
    """Return the address of whom `to_person` names, or None once they may not sign in any more."""
    return User.objects.filter(pk=about_id.int, is_active=True).values_list("email", flat=True).first()


def notice_to_person(
    app: str, name: str, *, subject: str = "", may_send_now: Callable[[UUID], Decision] = always_now
) -> NotificationKind:
    """Return the kind `app.name`, with its templates in `emails/app/`; `subject` names a notice whose subject it shares."""
    return NotificationKind(
        name=f"{app}.{name}",
        subject_template=f"emails/{app}/{subject or name}.subject.txt",
        text_template=f"emails/{app}/{name}.txt",
        audience=Audience.STAFF,
        recipient=_address_of,
        language=languages.of_person,
        may_send_now=may_send_now,
    )
