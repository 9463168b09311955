"""HouseholdMember: somebody who would travel with the applicant, in the applicant's words, frozen once they are sent."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models

from intake.household import IDENTITY_KEYS
from intake.models.help_request import HelpRequest
from intake.queries import HouseholdQuerySet
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.fields import EncryptedJSONField
from rainbowrail.crypto.grants import Grants, RowPolicy
from rainbowrail.privacy.classification import PrivacyClass


class HouseholdMember(models.Model):
    """One person. Closed by the applicant's own keys, since the applicant described them: erasing the one erases the other.

    `identity`: {"called"}. `told`: the other keys of `intake.household`. The public process inserts rows that have not
    `arrived`; the worker marks those that the request's box names, and only they are read (docs/decisions/0090).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    help_request = models.ForeignKey(HelpRequest, models.CASCADE, related_name="household")
    position = models.PositiveSmallIntegerField()
    arrived = models.BooleanField(default=False)
    identity = EncryptedJSONField(seal_id="household_member.identity.v1", compartment=Compartment.IDENTITY)
    told = EncryptedJSONField(seal_id="household_member.told.v1", compartment=Compartment.STORY)

    # The digest in the request's box covers exactly these.
    SEALED_FIELDS: ClassVar = ("identity", "told")

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position", "id"]

    class Privacy:
        fields: ClassVar = {
            "id": PrivacyClass.CLEAR,
            "help_request": PrivacyClass.CLEAR,
            "position": PrivacyClass.CLEAR,
            "arrived": PrivacyClass.CLEAR,
            "identity": PrivacyClass.SEALED,
            "told": PrivacyClass.SEALED,
        }

    class Access:
        grants = Grants(public=("INSERT",), staff=("SELECT", "INSERT", "UPDATE", "DELETE"))
        policies: ClassVar = [RowPolicy("send", "INSERT", using=None, check="NOT arrived")]

    def __str__(self) -> str:
        return f"household member {self.pk}"

    @classmethod
    def told_by(cls, request: HelpRequest, one: Mapping[str, Any], position: int) -> HouseholdMember:
        """Return a new row of this request with what a draft says of one person (`intake.household`)."""
        told = {key: value for key, value in one.items() if key != "id"}
        identity = {key: told.pop(key) for key in IDENTITY_KEYS if key in told}
        return cls(help_request=request, position=position, identity=identity, told=told)

    def seal_subject(self, compartment: Compartment) -> uuid.UUID:
        return self.help_request.person_id
