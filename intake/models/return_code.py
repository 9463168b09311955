"""ReturnCode: how somebody comes back. Two rows of one shape; which one is in use, the table does not tell (decision 0046)."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from intake.models.help_request import HelpRequest
from intake.models.row_access import THIS_CODE, THIS_REQUEST
from intake.states import Audience
from rainbowrail.crypto.grants import Grants, RowPolicy
from rainbowrail.privacy.classification import PrivacyClass


class ReturnCode(models.Model):
    """`wrapped` is `intake.codes.CodeContent` under the code's wrapping key, of one length always.

    Two rows a request and audience. Both always carry the same versions: those of the older pepper that either may need. They
    are only ever written together, in random order (`intake.codes.write_pair`), so that neither place, nor age, nor a count
    tells them apart.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    help_request = models.ForeignKey(HelpRequest, models.CASCADE, related_name="return_codes")
    audience = models.CharField(max_length=6, choices=Audience, default=Audience.PERSON)
    locator_hash = models.CharField(max_length=64, unique=True)
    pepper_version = models.PositiveSmallIntegerField()
    params_version = models.PositiveSmallIntegerField()
    wrapped = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(audience__in=Audience.values), name="a_code_is_somebodys"),
        ]

    class Privacy:
        fields: ClassVar = {
            "id": PrivacyClass.CLEAR,
            "help_request": PrivacyClass.CLEAR,
            "audience": PrivacyClass.CLEAR,
            "locator_hash": PrivacyClass.LOOKUP,
            "pepper_version": PrivacyClass.CLEAR,
            "params_version": PrivacyClass.CLEAR,
            "wrapped": PrivacyClass.KEY,
        }

    class Access:
        # No UPDATE for anybody: a row that changed in place would be younger than its neighbour.
        grants = Grants(public=("SELECT", "INSERT", "DELETE"), staff=("SELECT", "INSERT", "DELETE"))
        policies: ClassVar = [
            # By request only for who is inside with a code of it: then both rows are written anew together.
            RowPolicy("own_code", "SELECT", using=f"{THIS_CODE} OR {THIS_REQUEST}", check=None),
            RowPolicy("own_code_delete", "DELETE", using=f"{THIS_CODE} OR {THIS_REQUEST}", check=None),
            # Both rows are written when a request is sent, and the second has a locator that nobody knows.
            RowPolicy("new_code", "INSERT", using=None, check="true"),
        ]

    def __str__(self) -> str:
        return f"return code {self.pk}"
