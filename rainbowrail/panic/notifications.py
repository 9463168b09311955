"""What leads, managers and administrators are told by mail: come to the staff door. Never why."""

from django.db.models import Q

from rainbowrail.accounts.models import User
from rainbowrail.accounts.notices import notice_to_person, to_person
from rainbowrail.notifications import outbox
from rainbowrail.notifications.kinds import NotificationKind, register
from rainbowrail.panic.permissions import KEEPERS

BEGUN = notice_to_person("panic", "begun")
END_ASKED = notice_to_person("panic", "end_asked")


def register_kinds() -> None:
    for kind in (BEGUN, END_ASKED):
        register(kind)


def tell_keepers(kind: NotificationKind) -> None:
    """Queue the notice for everybody who holds the plan; also for whoever did it, so that a stolen account is noticed."""
    holds = Q(pk__in=[])
    for role in KEEPERS:
        holds |= Q(roles__contains=[role])
    for staff_id in User.objects.filter(holds, is_active=True).order_by("pk").values_list("pk", flat=True):
        outbox.queue(kind, to_person(staff_id))
