"""What staff do to a request: ask, tell, publish one word. `cases` calls it in its own transaction; the public door never does.

Each writes its audit line here, and queues the neutral notice for after the commit.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from intake import notifications
from intake.audit_verbs import IntakeVerb
from intake.models import HelpRequest, Message, RequestStatus
from intake.models.message import MESSAGE_MAX
from intake.states import MessageKind, PublicStatus
from rainbowrail.actors import Actor, ActorKind
from rainbowrail.audit.record import record
from rainbowrail.errors import NotAllowed, NotPossible


def ask(help_request_id: UUID, text: str, *, by: Actor) -> Message:
    """Put a question to the person, set the status word to `question`, and queue "there is a question".

    Raises NotAllowed for anyone but staff, NotPossible for an empty or too long text or an unknown request.
    """
    with transaction.atomic():
        message = _write(help_request_id, MessageKind.QUESTION, text, by=by)
        publish_status(help_request_id, PublicStatus.QUESTION)
        record(IntakeVerb.ASKED, by=by, on=message)
        notifications.queue_question(help_request_id)
    return message


def tell(help_request_id: UUID, text: str, *, by: Actor) -> Message:
    """Leave a message that needs no answer. Raises as `ask` does."""
    with transaction.atomic():
        message = _write(help_request_id, MessageKind.MESSAGE, text, by=by)
        record(IntakeVerb.TOLD, by=by, on=message)
    return message


def publish_status(help_request_id: UUID, word: PublicStatus | str) -> None:
    """Show the applicant one of the five words, with today's date when it changes. Raises ValueError for any other word."""
    status = PublicStatus(word)
    today = timezone.localdate()
    row, made = RequestStatus.objects.select_for_update().get_or_create(
        id=help_request_id, defaults={"status": status, "updated_on": today}
    )
    if not made and row.status != status:
        row.status, row.updated_on = status, today
        row.save(update_fields=["status", "updated_on"])


def _write(help_request_id: UUID, kind: MessageKind, text: str, *, by: Actor) -> Message:
    if by.kind is not ActorKind.STAFF:
        raise NotAllowed(_("Only staff can write to the person."))
    text = text.strip()
    if not text:
        raise NotPossible(_("Write something first; an empty message was not sent."))
    if len(text) > MESSAGE_MAX:
        raise NotPossible(
            _("The message has %(length)d characters; at most %(limit)d can be sent.")
            % {"length": len(text), "limit": MESSAGE_MAX}
        )
    # The status row is the lock: two messages at once get two positions.
    RequestStatus.objects.select_for_update().filter(id=help_request_id).first()
    request = HelpRequest.objects.filter(id=help_request_id).first()
    if request is None:
        raise NotPossible(_("This request no longer exists."))
    last = Message.objects.filter(help_request=request).aggregate(last=Max("position"))["last"] or 0
    return Message.objects.create(
        help_request=request, person_id=request.person_id, kind=kind, text=text, sent_on=timezone.localdate(), position=last + 1
    )
