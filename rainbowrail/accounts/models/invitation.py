"""Invitation: a link by mail that works once. FactorReset: two administrators let somebody begin again."""

import uuid
from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rainbowrail.crypto.grants import Grants
from rainbowrail.privacy.classification import PrivacyClass
from rainbowrail.roles import Role

VALID_FOR = timedelta(hours=72)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        """Return those that were neither used nor taken back; one of them may have run out."""
        return self.filter(used_at=None, revoked_at=None)

    def usable(self) -> "InvitationQuerySet":
        return self.open().filter(expires_at__gt=timezone.now()).exclude(token_hash="")


class Invitation(models.Model):
    """For somebody new (`person` empty), or for somebody who has an account and begins again.

    The link's secret exists in the mail alone: it is made at the moment of sending, and only its SHA-256 is kept. Sending again
    makes another one, and the former stops working. `expires_at` counts from the last sending.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=254)
    roles = ArrayField(models.CharField(max_length=24, choices=Role), verbose_name=_("roles"), default=list, blank=True)
    person = models.ForeignKey("accounts.User", on_delete=models.CASCADE, null=True, related_name="+")
    invited_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("invited"), default=timezone.now)
    token_hash = models.CharField(max_length=64, blank=True, default="")
    expires_at = models.DateTimeField(_("works until"), null=True)
    used_at = models.DateTimeField(_("used"), null=True)
    revoked_at = models.DateTimeField(_("taken back"), null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                condition=Q(used_at=None, revoked_at=None),
                name="one_open_invitation_an_address",
                violation_error_message=_("This address is invited already; send that invitation again."),
            ),
            models.UniqueConstraint(fields=["token_hash"], condition=~Q(token_hash=""), name="invitation_links_differ"),
            models.CheckConstraint(condition=Q(used_at=None) | Q(revoked_at=None), name="used_or_taken_back"),
        ]

    class Privacy:
        fields = {
            "id": PrivacyClass.STAFF,
            "email": PrivacyClass.STAFF,
            "roles": PrivacyClass.STAFF,
            "person": PrivacyClass.STAFF,
            "invited_by": PrivacyClass.STAFF,
            "created_at": PrivacyClass.STAFF,
            "token_hash": PrivacyClass.KEY,
            "expires_at": PrivacyClass.STAFF,
            "used_at": PrivacyClass.STAFF,
            "revoked_at": PrivacyClass.STAFF,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "UPDATE"))

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def has_run_out(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()


class FactorReset(models.Model):
    """One administrator asks that somebody may begin again without their lost factor; another one allows it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    decided_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True)
    allowed = models.BooleanField(_("allowed"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(decided_at=None), name="one_open_reset_a_person"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="two_people_reset_a_factor"
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None) | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="resets_are_decided_by_somebody",
            ),
        ]

    class Privacy:
        fields = {
            "id": PrivacyClass.STAFF,
            "person": PrivacyClass.STAFF,
            "asked_by": PrivacyClass.STAFF,
            "asked_at": PrivacyClass.STAFF,
            "decided_by": PrivacyClass.STAFF,
            "decided_at": PrivacyClass.STAFF,
            "allowed": PrivacyClass.STAFF,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "UPDATE"))

    def __str__(self) -> str:
        return f"reset {self.pk}"
