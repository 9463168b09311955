"""Dismissal: a triage lead asks that something which did not open be deleted for good; a second one answers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.states import DismissalWhy
from intake.models import Delivery
from rainbowrail.crypto.grants import Grants
from rainbowrail.privacy.classification import PrivacyClass


class Dismissal(models.Model):
    """Waits for another lead, and goes with its delivery or when it is refused: the trail keeps who did what."""

    delivery = models.OneToOneField(Delivery, on_delete=models.CASCADE, primary_key=True, related_name="+")
    why = models.CharField(max_length=8, choices=DismissalWhy)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(why__in=DismissalWhy.values),
                name="dismissal_why_known",
                violation_error_message=_("Choose one of the reasons."),
            ),
        ]

    class Privacy:
        fields = {
            "delivery": PrivacyClass.CLEAR,
            "why": PrivacyClass.CLEAR,
            "asked_by": PrivacyClass.STAFF,
            "asked_at": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "DELETE"))

    def __str__(self) -> str:
        return f"dismissal of delivery {self.pk}"
