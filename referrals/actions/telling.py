"""Who is told that something waits in a referral: its officer; somebody always."""

from cases import officers
from cases.models import Case
from rainbowrail.accounts.notices import to_person
from rainbowrail.notifications import outbox
from rainbowrail.notifications.kinds import NotificationKind


def tell_officer(case: Case, kind: NotificationKind) -> None:
    """Queue a notice to the officer of the case; while none can act, to whoever could take it over."""
    for staff_id in officers.who_hears(case):
        outbox.queue(kind, to_person(staff_id))


def tell_all(case: Case, kind: NotificationKind) -> None:
    """Queue a notice to every officer who may know of the case, or to the leads where there is none."""
    everybody = officers.able(case).order_by("pk").values_list("pk", flat=True)
    for staff_id in list(everybody) or officers.who_hears(case):
        outbox.queue(kind, to_person(staff_id))
