"""What leads, managers and administrators are told by mail: come to the staff door. Never why."""

from uuid import UUID

from django.db.models import Q

from rainbowrail.accounts import languages
from rainbowrail.accounts.models import User
from rainbowrail.notifications import outbox
from rainbowrail.notifications.kinds import Audience, NotificationKind, always_now, register
from rainbowrail.panic.permissions import KEEPERS


def _address_of_person(about_id: UUID) -> str | None:
    return User.objects.filter(pk=about_id.int, is_active=True).values_list("email", flat=True).first()


def _kind(name: str) -> NotificationKind:
    return NotificationKind(
        name=f"panic.{name}",
        subject_template=f"emails/panic/{name}.subject.txt",
        text_template=f"emails/panic/{name}.txt",
        audience=Audience.STAFF,
        recipient=_address_of_person,
        language=languages.of_person,
        may_send_now=always_now,
    )


BEGUN = _kind("begun")
END_ASKED = _kind("end_asked")


def register_kinds() -> None:
    for kind in (BEGUN, END_ASKED):
        register(kind)


def tell_keepers(kind: NotificationKind) -> None:
    """Queue the notice for everybody who holds the plan; also for whoever did it, so that a stolen account is noticed."""
    holds = Q(pk__in=[])
    for role in KEEPERS:
        holds |= Q(roles__contains=[role])
    for staff_id in User.objects.filter(holds, is_active=True).order_by("pk").values_list("pk", flat=True):
        outbox.queue(kind, UUID(int=staff_id))
