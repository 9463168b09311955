"""NewCode: one time that staff give somebody a return code. The code itself is kept nowhere."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.queries import NewCodeQuerySet
from cases.states import FOR_LOST_CODES, CodeCheck, CodeReason
from intake.states import Audience
from rainbowrail.crypto.grants import Grants
from rainbowrail.privacy.classification import PrivacyClass


class NewCode(models.Model):
    """A caseworker checks who asks, a second person allows it if a code was lost, then the code is made and read out once.

    `changed_on` is the day on which its owner took a code that staff do not know (docs/decisions/0047).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="new_codes")
    audience = models.CharField(max_length=6, choices=Audience)
    reason = models.CharField(max_length=8, choices=CodeReason)
    checked_how = models.CharField(max_length=12, choices=CodeCheck)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(default=timezone.now)
    allowed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    allowed_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(null=True, blank=True)
    changed_on = models.DateField(null=True, blank=True)

    objects = NewCodeQuerySet.as_manager()

    class Meta:
        ordering = ["-checked_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(allowed_by=None) | ~Q(allowed_by=F("checked_by")),
                name="new_code_second_is_another",
                violation_error_message=_("Whoever checked the person does not allow the new code; a second person does."),
            ),
            models.CheckConstraint(
                condition=Q(made_at=None) | Q(reason=CodeReason.FIRST) | Q(allowed_at__isnull=False),
                name="new_code_lost_needs_two",
                violation_error_message=_("A lost code is replaced only after a second person has allowed it."),
            ),
            models.CheckConstraint(
                condition=(Q(allowed_by=None, allowed_at=None) | Q(allowed_by__isnull=False, allowed_at__isnull=False))
                & (Q(made_by=None, made_at=None) | Q(made_by__isnull=False, made_at__isnull=False)),
                name="new_code_told_whole",
                violation_error_message=_("Who allowed or made a code is kept together with when."),
            ),
            models.CheckConstraint(
                condition=Q(refused_at=None) | Q(made_at=None),
                name="new_code_refused_or_made",
                violation_error_message=_("A refused code is never made."),
            ),
            models.CheckConstraint(
                condition=Q(reason=CodeReason.LOST, checked_how__in=list(FOR_LOST_CODES))
                | Q(reason=CodeReason.FIRST, checked_how=CodeCheck.SAFE_CONTACT),
                name="new_code_says_how_checked",
                violation_error_message=_("A lost code needs the code word or two known answers; a first one, safe contact."),
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(made_at=None, refused_at=None),
                name="new_code_one_at_a_time",
                violation_error_message=_("A new code is under way already. Finish or refuse it first."),
            ),
        ]

    class Privacy:
        fields = {
            "id": PrivacyClass.CLEAR,
            "case": PrivacyClass.CLEAR,
            "audience": PrivacyClass.CLEAR,
            "reason": PrivacyClass.CLEAR,
            "checked_how": PrivacyClass.CLEAR,
            "checked_by": PrivacyClass.STAFF,
            "checked_at": PrivacyClass.CLEAR,
            "allowed_by": PrivacyClass.STAFF,
            "allowed_at": PrivacyClass.CLEAR,
            "refused_at": PrivacyClass.CLEAR,
            "made_by": PrivacyClass.STAFF,
            "made_at": PrivacyClass.CLEAR,
            "changed_on": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "UPDATE"))

    def __str__(self) -> str:
        return f"new code {self.id}"

    @property
    def needs_second(self) -> bool:
        """Whether somebody else must allow it before it can be made."""
        return self.reason == CodeReason.LOST and self.allowed_at is None
