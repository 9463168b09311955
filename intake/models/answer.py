"""Answer: what the person wrote back, for staff only; the applicant is never shown it again."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from intake.models.help_request import HelpRequest
from intake.models.hours import this_hour
from intake.models.message import Message
from intake.states import Audience
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.fields import EncryptedTextField
from rainbowrail.crypto.grants import Grants
from rainbowrail.privacy.classification import PrivacyClass

ANSWER_MAX = 20_000


class Answer(models.Model):
    """`id` is the delivery's, so that a delivery that is opened twice makes one answer.

    Without `message` it was written unasked. `audience` says whose words these are: with which code they were sent.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    help_request = models.ForeignKey(HelpRequest, models.CASCADE, related_name="given_answers")
    message = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="given_answers")
    audience = models.CharField(max_length=6, choices=Audience, default=Audience.PERSON)
    text = EncryptedTextField(seal_id="answer.text.v1", compartment=Compartment.STORY, max_chars=ANSWER_MAX)
    received_hour = models.DateTimeField(default=this_hour)

    class Meta:
        ordering: ClassVar = ["received_hour", "id"]

    class Privacy:
        fields: ClassVar = {
            "id": PrivacyClass.CLEAR,
            "help_request": PrivacyClass.CLEAR,
            "message": PrivacyClass.CLEAR,
            "audience": PrivacyClass.CLEAR,
            "text": PrivacyClass.SEALED,
            "received_hour": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(public=(), staff=("SELECT", "INSERT", "UPDATE", "DELETE"))

    def __str__(self) -> str:
        return f"answer {self.pk}"

    def seal_subject(self, compartment: Compartment) -> uuid.UUID:
        return self.help_request.person_id
