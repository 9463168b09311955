"""RequestStatus: the one word about their request that an applicant may see."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from intake.models.row_access import request_of_this_code
from intake.states import PublicStatus
from rainbowrail.crypto.grants import Grants, RowPolicy
from rainbowrail.privacy.classification import PrivacyClass


class RequestStatus(models.Model):
    """`id` is the help request's. Inserted with the request, published onto by `intake.staff_actions.publish_status`.

    `heard_on` is the day of the person's last word to us, as far as the worker has opened them: what they wrote is never shown
    again, that they wrote is.

    The person's own: a friend or partner who filed for them reads "received", whatever stands here.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    status = models.CharField(max_length=12, choices=PublicStatus, default=PublicStatus.RECEIVED)
    updated_on = models.DateField()
    heard_on = models.DateField(null=True)

    class Meta:
        verbose_name_plural = "request statuses"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=PublicStatus.values), name="a_status_is_one_of_five_words"),
        ]

    class Privacy:
        fields: ClassVar = {
            "id": PrivacyClass.CLEAR,
            "status": PrivacyClass.CLEAR,
            "updated_on": PrivacyClass.CLEAR,
            "heard_on": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(public=("SELECT", "INSERT"), staff=("SELECT", "INSERT", "UPDATE", "DELETE"))
        policies: ClassVar = [
            RowPolicy(
                "own_status", "SELECT", using=request_of_this_code("intake_requeststatus.id", audience="'person'"), check=None
            ),
            RowPolicy("first_status", "INSERT", using=None, check="status = 'received'"),
        ]

    def __str__(self) -> str:
        return f"status of {self.pk}"
