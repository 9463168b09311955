"""Delivery: everything an applicant sends, in a box to the intake key. The row is the outbox (docs/decisions/0041)."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from intake.models.hours import this_hour
from intake.queries import DeliveryQuerySet
from intake.states import DeliveryState
from rainbowrail.crypto.grants import Grants, RowPolicy
from rainbowrail.crypto.models import IntakeKey
from rainbowrail.privacy.classification import PrivacyClass

PROTOCOL = 1


class Delivery(models.Model):
    """The public process may insert one and never see it again; the worker opens it in order of `arrival`.

    `arrival` is written by the database (migration 0002), so that the public role needs neither the sequence nor RETURNING.
    `tries` counts runs in which a receiver failed; what does not *open* is quarantined at once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject_id = models.UUIDField(editable=False)
    sequence = models.PositiveIntegerField()
    protocol = models.PositiveSmallIntegerField(default=PROTOCOL)
    # Only while there is a box: a pair is destroyed when no box is left that needs it (docs/decisions/0016).
    intake_key = models.ForeignKey(IntakeKey, models.PROTECT, related_name="+", null=True)
    box = models.BinaryField()
    state = models.CharField(max_length=12, choices=DeliveryState, default=DeliveryState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    received_hour = models.DateTimeField(default=this_hour)
    opened_hour = models.DateTimeField(null=True)
    arrival = models.BigIntegerField(default=0, unique=True, editable=False)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        indexes: ClassVar = [
            models.Index(fields=["arrival"], condition=Q(state="waiting"), name="delivery_waiting"),
            models.Index(fields=["arrival"], condition=Q(state="quarantined"), name="delivery_kept_aside"),
            # Each case page and each release asks what of its person is unopened; forgetting somebody asks for all of it.
            models.Index(fields=["subject_id", "arrival"], name="delivery_of_subject"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="opened", box=b"", intake_key__isnull=True, opened_hour__isnull=False)
                | (Q(state__in=["waiting", "quarantined"], intake_key__isnull=False, opened_hour__isnull=True) & ~Q(box=b"")),
                name="a_box_is_kept_until_it_was_opened",
            ),
        ]

    class Privacy:
        fields: ClassVar = {
            "id": PrivacyClass.CLEAR,
            "subject_id": PrivacyClass.CLEAR,
            "sequence": PrivacyClass.CLEAR,
            "protocol": PrivacyClass.CLEAR,
            "intake_key": PrivacyClass.CLEAR,
            "box": PrivacyClass.KEY,
            "state": PrivacyClass.CLEAR,
            "tries": PrivacyClass.CLEAR,
            "received_hour": PrivacyClass.CLEAR,
            "opened_hour": PrivacyClass.CLEAR,
            "arrival": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(public=("INSERT",), staff=("SELECT", "INSERT", "UPDATE", "DELETE"))
        policies: ClassVar = [
            RowPolicy("send", "INSERT", using=None, check="state = 'waiting' AND opened_hour IS NULL AND tries = 0"),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"
