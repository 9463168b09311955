"""Visit: a browser session of somebody who has sent a request, or typed the code of one."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from intake.models.hours import this_hour
from intake.models.row_access import THIS_VISIT
from rainbowrail.crypto.grants import Grants, RowPolicy
from rainbowrail.privacy.classification import PrivacyClass


class Visit(models.Model):
    """`sealed` is JSON under the cookie's secret: which request, its conversation key, what was sent in this session."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit_hash = models.CharField(max_length=64, unique=True)
    sealed = models.BinaryField()
    seen_hour = models.DateTimeField(default=this_hour, db_index=True)

    class Privacy:
        fields: ClassVar = {
            "id": PrivacyClass.CLEAR,
            "visit_hash": PrivacyClass.LOOKUP,
            "sealed": PrivacyClass.KEY,
            "seen_hour": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(public=("SELECT", "INSERT", "UPDATE", "DELETE"), staff=("SELECT", "DELETE"))
        policies: ClassVar = [RowPolicy("own_visit", "ALL", using=THIS_VISIT, check=THIS_VISIT)]

    def __str__(self) -> str:
        return f"visit {self.pk}"
