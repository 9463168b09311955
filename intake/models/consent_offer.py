"""ConsentOffer: a consent text that staff ask the person to read, give or refuse, on their own page."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from intake.models.help_request import HelpRequest
from intake.models.row_access import request_of_this_code
from intake.states import OfferState
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.fields import EncryptedJSONField
from rainbowrail.crypto.grants import Grants, RowPolicy
from rainbowrail.privacy.classification import PrivacyClass


class ConsentOffer(models.Model):
    """Which parts would go to whom, for what, until when; never what stands in them (docs/decisions/0065).

    `terms`: {"programme": slug, "parts": [{"letter", "words": key of intake.consent.PARTS}], "recipient": {"name", "office"},
    "country": alpha-3, "purpose": key of intake.consent.PURPOSES, "ends_on": ISO date, "text_version"}. Always to the person,
    never to who filed for them. `state` is what the worker has opened of their answers; the ledger of the app above is the
    proof. `answer_arrival` is the arrival of the delivery that brought the latest answer, 0 while there is none: an earlier
    one that is opened later changes nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    help_request = models.ForeignKey(HelpRequest, models.CASCADE, related_name="consent_offers")
    # The request's; here again because the public process opens offers and cannot read requests.
    person_id = models.UUIDField(editable=False)
    terms = EncryptedJSONField(seal_id="consent_offer.terms.v1", compartment=Compartment.CONVERSATION)
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.OFFERED)
    offered_on = models.DateField()
    decided_on = models.DateField(null=True)
    answer_arrival = models.BigIntegerField(default=0, editable=False)

    class Meta:
        ordering: ClassVar = ["-offered_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=OfferState.values), name="an_offer_has_a_known_state"),
            models.CheckConstraint(
                condition=Q(state=OfferState.OFFERED, decided_on=None)
                | (~Q(state=OfferState.OFFERED) & Q(decided_on__isnull=False)),
                name="an_offer_that_was_answered_says_when",
            ),
        ]

    class Privacy:
        fields: ClassVar = {
            "id": PrivacyClass.CLEAR,
            "help_request": PrivacyClass.CLEAR,
            "person_id": PrivacyClass.CLEAR,
            "terms": PrivacyClass.SEALED,
            "state": PrivacyClass.CLEAR,
            "offered_on": PrivacyClass.CLEAR,
            "decided_on": PrivacyClass.CLEAR,
            "answer_arrival": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(public=("SELECT",), staff=("SELECT", "INSERT", "UPDATE", "DELETE"))
        policies: ClassVar = [
            RowPolicy(
                "own_consent_offers",
                "SELECT",
                using=request_of_this_code("intake_consentoffer.help_request_id", audience="'person'"),
                check=None,
            ),
        ]

    def __str__(self) -> str:
        return f"consent offer {self.pk}"

    def seal_subject(self, compartment: Compartment) -> uuid.UUID:
        return self.person_id
