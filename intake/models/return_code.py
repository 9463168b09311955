"""ReturnCode: how somebody comes back. Two rows of one shape a request; which one is in use, the table does not tell."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from intake.models.help_request import HelpRequest
from intake.models.row_access import THIS_CODE
from rainbowrail.crypto.grants import Grants, RowPolicy
from rainbowrail.privacy.classification import PrivacyClass


class ReturnCode(models.Model):
    """`wrapped` is JSON under the code's wrapping key: the request, the person's id and the conversation key.

    `sequence` counts the deliveries sent with this code; the row lock on it is what makes a double click one delivery.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    help_request = models.ForeignKey(HelpRequest, models.CASCADE, related_name="return_codes")
    locator_hash = models.CharField(max_length=64, unique=True)
    pepper_version = models.PositiveSmallIntegerField()
    params_version = models.PositiveSmallIntegerField()
    wrapped = models.BinaryField()
    sequence = models.PositiveIntegerField(default=1)

    class Privacy:
        fields: ClassVar = {
            "id": PrivacyClass.CLEAR,
            "help_request": PrivacyClass.CLEAR,
            "locator_hash": PrivacyClass.LOOKUP,
            "pepper_version": PrivacyClass.CLEAR,
            "params_version": PrivacyClass.CLEAR,
            "wrapped": PrivacyClass.KEY,
            "sequence": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(public=("SELECT", "INSERT", "UPDATE", "DELETE"), staff=("SELECT", "INSERT", "UPDATE", "DELETE"))
        policies: ClassVar = [
            RowPolicy("own_code", "SELECT", using=THIS_CODE, check=None),
            RowPolicy("own_code_change", "UPDATE", using=THIS_CODE, check=THIS_CODE),
            RowPolicy("own_code_delete", "DELETE", using=THIS_CODE, check=None),
            # Both rows are written when a request is sent, and the second has a locator that nobody knows.
            RowPolicy("new_code", "INSERT", using=None, check="true"),
        ]

    def __str__(self) -> str:
        return f"return code {self.pk}"
