"""Message: what staff wrote to the person, or to who filed for them, readable with the return code of that audience."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from intake.models.help_request import HelpRequest
from intake.models.row_access import request_of_this_code
from intake.states import Audience, MessageKind
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.fields import EncryptedTextField
from rainbowrail.crypto.grants import Grants, RowPolicy
from rainbowrail.privacy.classification import PrivacyClass

MESSAGE_MAX = 4_000


def conversation_subject(audience: Audience, *, person_id: uuid.UUID, help_request_id: uuid.UUID) -> uuid.UUID:
    """Return the subject of the conversation key: the person, or for who filed for them the request itself."""
    return person_id if audience is Audience.PERSON else help_request_id


class Message(models.Model):
    """A message, or a question that waits for an answer. `answered_on` is the day the last answer was opened."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    help_request = models.ForeignKey(HelpRequest, models.CASCADE, related_name="messages")
    # The request's; here again because the public process opens messages and cannot read requests.
    person_id = models.UUIDField(editable=False)
    audience = models.CharField(max_length=6, choices=Audience, default=Audience.PERSON)
    kind = models.CharField(max_length=8, choices=MessageKind)
    text = EncryptedTextField(seal_id="message.text.v1", compartment=Compartment.CONVERSATION, max_chars=MESSAGE_MAX)
    sent_on = models.DateField()
    answered_on = models.DateField(null=True)
    # Order within a day, without a time of day: 1 is the first that was ever sent to this person.
    position = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["help_request", "position"], name="messages_of_a_request_are_in_order"),
            models.CheckConstraint(
                condition=models.Q(answered_on__isnull=True) | models.Q(kind=MessageKind.QUESTION),
                name="only_a_question_is_answered",
            ),
            models.CheckConstraint(condition=models.Q(audience__in=Audience.values), name="a_message_is_to_somebody"),
        ]

    class Privacy:
        fields: ClassVar = {
            "id": PrivacyClass.CLEAR,
            "help_request": PrivacyClass.CLEAR,
            "person_id": PrivacyClass.CLEAR,
            "audience": PrivacyClass.CLEAR,
            "kind": PrivacyClass.CLEAR,
            "text": PrivacyClass.SEALED,
            "sent_on": PrivacyClass.CLEAR,
            "answered_on": PrivacyClass.CLEAR,
            "position": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(public=("SELECT",), staff=("SELECT", "INSERT", "UPDATE", "DELETE"))
        policies: ClassVar = [
            RowPolicy(
                "own_messages",
                "SELECT",
                using=request_of_this_code("intake_message.help_request_id", audience="intake_message.audience"),
                check=None,
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"

    def seal_subject(self, compartment: Compartment) -> uuid.UUID:
        """Whose conversation key closes it: the person's, or the request's own for who filed it (docs/decisions/0047)."""
        return conversation_subject(Audience(self.audience), person_id=self.person_id, help_request_id=self.help_request_id)
