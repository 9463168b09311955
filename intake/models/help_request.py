"""HelpRequest: the applicant's own words, frozen once they are sent."""

from __future__ import annotations

import uuid
from datetime import date
from typing import ClassVar

from django.db import models

from intake.answers import facts_of
from intake.models.hours import this_hour
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.fields import EncryptedJSONField, EncryptedTextField
from rainbowrail.crypto.grants import Grants, RowPolicy
from rainbowrail.privacy.classification import PrivacyClass

OWN_WORDS_MAX = 5_000


class HelpRequest(models.Model):
    """One request, written once by the public process under keys that it cannot open again.

    `identity`: {"call_you", "pronouns", "contact": contact plan}. `answers`: see `intake.answers`. `consent`:
    {"text_version", "language", "given_on", "purposes": {name: true | false}}. Unreadable until the worker drained it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField(default=uuid.uuid4, db_index=True, editable=False)
    language = models.CharField(max_length=12)
    received_hour = models.DateTimeField(default=this_hour)
    identity = EncryptedJSONField(seal_id="help_request.identity.v1", compartment=Compartment.IDENTITY)
    answers = EncryptedJSONField(seal_id="help_request.story.v1", compartment=Compartment.STORY)
    own_words = EncryptedTextField(seal_id="help_request.own_words.v1", compartment=Compartment.STORY, max_chars=OWN_WORDS_MAX)
    consent = EncryptedJSONField(seal_id="help_request.consent.v1", compartment=Compartment.STORY)

    # The digest in the box covers exactly these, in this order (docs/decisions/0041).
    SEALED_FIELDS: ClassVar = ("identity", "answers", "own_words", "consent")

    class Privacy:
        fields: ClassVar = {
            "id": PrivacyClass.CLEAR,
            "person_id": PrivacyClass.CLEAR,
            "language": PrivacyClass.CLEAR,
            "received_hour": PrivacyClass.CLEAR,
            "identity": PrivacyClass.SEALED,
            "answers": PrivacyClass.SEALED,
            "own_words": PrivacyClass.SEALED,
            "consent": PrivacyClass.SEALED,
        }

    class Access:
        # No UPDATE for anybody: what a person said stays as they said it.
        grants = Grants(public=("INSERT",), staff=("SELECT", "INSERT", "DELETE"))
        policies: ClassVar = [RowPolicy("send", "INSERT", using=None, check="true")]

    def __str__(self) -> str:
        return f"help request {self.pk}"

    def seal_subject(self, compartment: Compartment) -> uuid.UUID:
        return self.person_id

    def facts(self, today: date) -> dict[str, object]:
        """Return the stated facts in the keys of the urgency policy, days counted from `today`. Opens STORY."""
        return facts_of(self.answers, today=today)
