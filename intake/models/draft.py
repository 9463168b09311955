"""Draft: answers that only the applicant's browser, or their code, can open."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from intake.models.row_access import THIS_CODE, THIS_VISIT
from rainbowrail.crypto.grants import Grants, RowPolicy
from rainbowrail.privacy.classification import PrivacyClass


class Draft(models.Model):
    """One unsent request. `sealed` holds the answers under a random draft key that is stored only in wraps.

    `visit_wrapped` is that key wrapped under the cookie's secret, `code_wrapped` under the return code, `code_sealed` the
    code itself under the cookie's secret, to show it again while the browser session lasts. No process can open a draft
    by itself. `intake.access` and `intake.actions` are the only readers.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit_hash = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - NULL is "no browser", and unique
    visit_wrapped = models.BinaryField(default=b"")
    locator_hash = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - NULL is "no code yet", and unique
    pepper_version = models.PositiveSmallIntegerField(null=True)
    params_version = models.PositiveSmallIntegerField(null=True)
    code_wrapped = models.BinaryField(default=b"")
    code_sealed = models.BinaryField(default=b"")
    sealed = models.BinaryField()
    revision = models.PositiveIntegerField(default=0)
    language = models.CharField(max_length=12)
    expires_on = models.DateField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(visit_hash__isnull=False) | Q(locator_hash__isnull=False), name="a_draft_can_be_opened_by_somebody"
            ),
            models.CheckConstraint(
                condition=Q(
                    locator_hash__isnull=True, pepper_version__isnull=True, params_version__isnull=True, code_wrapped=b""
                )
                | (
                    Q(locator_hash__isnull=False, pepper_version__isnull=False, params_version__isnull=False)
                    & ~Q(code_wrapped=b"")
                ),
                name="a_draft_code_is_whole_or_absent",
            ),
        ]

    class Privacy:
        fields: ClassVar = {
            "id": PrivacyClass.CLEAR,
            "visit_hash": PrivacyClass.LOOKUP,
            "visit_wrapped": PrivacyClass.KEY,
            "locator_hash": PrivacyClass.LOOKUP,
            "pepper_version": PrivacyClass.CLEAR,
            "params_version": PrivacyClass.CLEAR,
            "code_wrapped": PrivacyClass.KEY,
            "code_sealed": PrivacyClass.KEY,
            "sealed": PrivacyClass.SEALED,
            "revision": PrivacyClass.CLEAR,
            "language": PrivacyClass.CLEAR,
            "expires_on": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(public=("SELECT", "INSERT", "UPDATE", "DELETE"), staff=("SELECT", "DELETE"))
        policies: ClassVar = [
            RowPolicy("own_draft", "ALL", using=f"{THIS_VISIT} OR {THIS_CODE}", check=f"{THIS_VISIT} OR {THIS_CODE}"),
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"
