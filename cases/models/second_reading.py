"""SecondReading: one account or one file that somebody handed to a colleague to read in their place."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from cases.models.case import Case
from cases.queries import SecondReadingQuerySet
from cases.states import ReadingEnd
from rainbowrail.crypto.grants import Grants
from rainbowrail.privacy.classification import PrivacyClass


class SecondReading(models.Model):
    """The case keeps its owner; only the reading goes over. Without `file_id` it is the person's account.

    What the reader found is a note of the case, so that nothing is written twice.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="second_readings")
    file_id = models.UUIDField(null=True)
    passed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    passed_to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    passed_at = models.DateTimeField(default=timezone.now)
    taken_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=12, choices=ReadingEnd, blank=True)

    objects = SecondReadingQuerySet.as_manager()

    class Meta:
        ordering = ["passed_at", "id"]
        indexes = [
            models.Index(fields=["passed_to", "passed_at"], condition=models.Q(ended_at=None), name="readings_passed_to"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "file_id"],
                condition=models.Q(ended_at=None),
                nulls_distinct=False,
                name="one_open_reading_of_a_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, end="") | models.Q(ended_at__isnull=False) & ~models.Q(end=""),
                name="an_ended_reading_says_how",
            ),
            models.CheckConstraint(
                condition=~models.Q(passed_by=models.F("passed_to")), name="a_second_reader_is_somebody_else"
            ),
        ]

    class Privacy:
        fields = {
            "id": PrivacyClass.CLEAR,
            "case": PrivacyClass.CLEAR,
            "file_id": PrivacyClass.CLEAR,
            "passed_by": PrivacyClass.STAFF,
            "passed_to": PrivacyClass.STAFF,
            "passed_at": PrivacyClass.CLEAR,
            "taken_at": PrivacyClass.CLEAR,
            "ended_at": PrivacyClass.CLEAR,
            "end": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "UPDATE", "DELETE"))

    def __str__(self) -> str:
        return f"second reading {self.id}"
