"""Slot: the time during which a volunteer sees new requests."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rainbowrail.crypto.grants import Grants
from rainbowrail.privacy.classification import PrivacyClass

MOST_HOURS = 10


class Slot(models.Model):
    """From `begins_at` to `ends_at` (UTC), at most MOST_HOURS; a lead books it for somebody else.

    Ending one that runs brings `ends_at` forward, and what has run counts; `cancelled_at` says that one never begins.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    volunteer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    booked_at = models.DateTimeField(default=timezone.now)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["begins_at", "id"]
        indexes = [
            models.Index(fields=["volunteer", "ends_at"], condition=Q(cancelled_at=None), name="slot_of_a_volunteer"),
            models.Index(fields=["begins_at", "id"], name="slot_list"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gte=F("begins_at")) & Q(ends_at__lte=F("begins_at") + timedelta(hours=MOST_HOURS)),
                name="slot_is_short",
                violation_error_message=_("A volunteer's time begins before it ends, and lasts at most ten hours."),
            ),
            models.CheckConstraint(
                condition=~Q(volunteer=F("booked_by")),
                name="slot_booked_by_another",
                violation_error_message=_("Nobody books a time for themselves. Ask another triage lead."),
            ),
            # The volunteer as a range of one number: an index of ranges needs no extension of the database.
            ExclusionConstraint(
                name="slot_alone_in_its_time",
                expressions=[
                    (
                        Func(
                            F("volunteer"),
                            F("volunteer"),
                            Value("[]"),
                            function="int8range",
                            output_field=BigIntegerRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(F("begins_at"), F("ends_at"), function="tstzrange", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(cancelled_at=None),
                violation_error_message=_("This volunteer has a time then already."),
            ),
        ]

    class Privacy:
        fields = {
            "id": PrivacyClass.STAFF,
            "volunteer": PrivacyClass.STAFF,
            "begins_at": PrivacyClass.STAFF,
            "ends_at": PrivacyClass.STAFF,
            "booked_by": PrivacyClass.STAFF,
            "booked_at": PrivacyClass.STAFF,
            "cancelled_at": PrivacyClass.STAFF,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "UPDATE"))

    def __str__(self) -> str:
        return f"slot {self.id}"

    @property
    def is_now(self) -> bool:
        return self.cancelled_at is None and self.begins_at <= timezone.now() < self.ends_at

    @property
    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()
