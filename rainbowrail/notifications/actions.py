"""What staff may do with a notice that was given up."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rainbowrail.actors import Actor
from rainbowrail.audit.record import record
from rainbowrail.audit.verbs import KernelVerb
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.notifications.models import Notification
from rainbowrail.notifications.states import NotificationState
from rainbowrail.roles import Role

MAY_RETRY = (Role.TRIAGE_LEAD, Role.ADMINISTRATOR)


@transaction.atomic
def retry(notification_id: UUID, *, by: Actor) -> None:
    """Let a given-up notice begin again with the next sweep.

    Raises NotAllowed for the wrong person, NotPossible when the notice is not given up or a newer one like it is waiting.
    """
    if not by.roles & {role.value for role in MAY_RETRY}:
        raise NotAllowed(_("Only a triage lead or an administrator may send a notice again."))
    row = Notification.objects.select_for_update().filter(pk=notification_id, state=NotificationState.GIVEN_UP).first()
    if row is None:
        raise NotPossible(_("This notice is no longer given up; somebody has sent it again."))
    if Notification.objects.filter(kind=row.kind, about_id=row.about_id, state=NotificationState.WAITING).exists():
        raise NotPossible(_("A newer notice of the same kind is waiting already."))
    fresh = {"state": NotificationState.WAITING, "tries": 0, "reason_code": "", "not_before": timezone.now()}
    Notification.objects.filter(pk=row.pk).update(**fresh)
    record(KernelVerb.NOTICE_RETRIED, by=by, on=row, detail={"kind": row.kind})
