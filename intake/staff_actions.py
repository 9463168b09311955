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
from intake.models.message import MESSAGE_MAX, conversation_subject
from intake.states import Audience, MessageKind, PublicStatus
from rainbowrail.actors import Actor, ActorKind
from rainbowrail.audit.record import record
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.models import DataKey
from rainbowrail.errors import NotAllowed, NotPossible


def ask(help_request_id: UUID, text: str, *, by: Actor, to: Audience | None = None) -> Message:
    """Put a question to the person or to who filed for them, set the status word to `question`, queue "there is a question".

    Without `to` it goes to the person once they have a code, else to who filed. Raises NotAllowed for anyone but staff,
    NotPossible for an empty or too long text, an unknown request, or somebody without a code.
    """
    with transaction.atomic():
        message = _write(help_request_id, MessageKind.QUESTION, text, by=by, to=to)
        publish_status(help_request_id, PublicStatus.QUESTION)
        record(IntakeVerb.ASKED, by=by, on=message)
        notifications.queue_question(help_request_id)
    return message


def tell(help_request_id: UUID, text: str, *, by: Actor, to: Audience | None = None) -> Message:
    """Leave a message that needs no answer. Raises as `ask` does."""
    with transaction.atomic():
        message = _write(help_request_id, MessageKind.MESSAGE, text, by=by, to=to)
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


def audiences_of(request: HelpRequest) -> list[Audience]:
    """Return to whom something can be written: who has a conversation key. The person comes first. One query."""
    subjects = {
        audience: conversation_subject(audience, person_id=request.person_id, help_request_id=request.id)
        for audience in Audience
    }
    found = DataKey.objects.filter(subject_id__in=subjects.values(), compartment=Compartment.CONVERSATION)
    with_key = set(found.values_list("subject_id", flat=True))
    return [audience for audience, subject_id in subjects.items() if subject_id in with_key]


def _write(help_request_id: UUID, kind: MessageKind, text: str, *, by: Actor, to: Audience | None) -> Message:
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
    audiences = audiences_of(request)
    if not audiences or to not in (None, *audiences):
        raise NotPossible(_("They have no return code, so they could not read it. Make one for them first."))
    last = Message.objects.filter(help_request=request).aggregate(last=Max("position"))["last"] or 0
    return Message.objects.create(
        help_request=request,
        person_id=request.person_id,
        audience=to or audiences[0],
        kind=kind,
        text=text,
        sent_on=timezone.localdate(),
        position=last + 1,
    )
