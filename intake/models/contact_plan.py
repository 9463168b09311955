"""How the person may be reached: their plans one after the other, for staff; and what a code may see of the one in force."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from intake.models.help_request import HelpRequest
from intake.models.row_access import request_of_this_code
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.fields import EncryptedJSONField
from rainbowrail.crypto.grants import Grants, RowPolicy
from rainbowrail.privacy.classification import PrivacyClass


class ContactPlan(models.Model):
    """A plan from the day it began until a newer one closed it; at most one is open a request (docs/decisions/0091).

    `plan` is as `intake.safe_contact` reads it. Until a person confirms or changes something there is no row, and the plan
    of the request itself is in force. `arrival` is that of the delivery that brought the plan, 0 for the request's own: plans
    follow each other as they arrived, also when an earlier one was opened late.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    help_request = models.ForeignKey(HelpRequest, models.CASCADE, related_name="contact_plans")
    plan = EncryptedJSONField(seal_id="contact_plan.plan.v1", compartment=Compartment.IDENTITY)
    since_on = models.DateField()
    ended_on = models.DateField(null=True)
    arrival = models.BigIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["arrival"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["help_request", "arrival"], name="contact_plans_are_in_order"),
            models.UniqueConstraint(
                fields=["help_request"], condition=Q(ended_on__isnull=True), name="one_contact_plan_is_in_force"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("since_on")), name="a_plan_ends_after_it_began"
            ),
        ]

    class Privacy:
        fields: ClassVar = {
            "id": PrivacyClass.CLEAR,
            "help_request": PrivacyClass.CLEAR,
            "plan": PrivacyClass.SEALED,
            "since_on": PrivacyClass.CLEAR,
            "ended_on": PrivacyClass.CLEAR,
            "arrival": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(public=(), staff=("SELECT", "INSERT", "UPDATE", "DELETE"))

    def __str__(self) -> str:
        return f"contact plan {self.pk}"

    def seal_subject(self, compartment: Compartment) -> uuid.UUID:
        return self.help_request.person_id


class ShownPlan(models.Model):
    """What the person's own code may see of the plan in force, so that they can say whether it is still right.

    `shown`: {"channel", "from_hour", "until_hour", "utc_offset", "confirmed_on"}, each only if stated. Never the address, the
    code word, or whether a message may be left: whoever forced the code out of them would learn it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    help_request = models.OneToOneField(HelpRequest, models.CASCADE, related_name="shown_plan")
    # The request's; here again because the public process opens the row and cannot read requests.
    person_id = models.UUIDField(editable=False)
    shown = EncryptedJSONField(seal_id="shown_plan.shown.v1", compartment=Compartment.CONVERSATION)

    class Privacy:
        fields: ClassVar = {
            "id": PrivacyClass.CLEAR,
            "help_request": PrivacyClass.CLEAR,
            "person_id": PrivacyClass.CLEAR,
            "shown": PrivacyClass.SEALED,
        }

    class Access:
        grants = Grants(public=("SELECT",), staff=("SELECT", "INSERT", "UPDATE", "DELETE"))
        policies: ClassVar = [
            RowPolicy(
                "own_shown_plan",
                "SELECT",
                using=request_of_this_code("intake_shownplan.help_request_id", audience="'person'"),
                check=None,
            ),
        ]

    def __str__(self) -> str:
        return f"shown plan {self.pk}"

    def seal_subject(self, compartment: Compartment) -> uuid.UUID:
        return self.person_id
