"""Recipient: an official of a programme, and the public key that files for their eyes are sealed to."""

import hashlib
import uuid

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rainbowrail.crypto.grants import Grants
from rainbowrail.crypto.recipients import age
from rainbowrail.privacy.classification import PrivacyClass
from referrals.queries import RecipientQuerySet

FINGERPRINT_GROUPS = 8
# What the official types, so that the fingerprint comes from the private key they hold and from nothing that we sent them.
FINGERPRINT_COMMAND = r"age-keygen -y key.txt | tr -d '\n' | sha256sum"


def is_private_key(text: str) -> bool:
    return "AGE-SECRET-KEY-" in text.upper()


def validate_age_key(text: str) -> None:
    """Refuse anything that is not the public half of an age key; a private key gets its own sentence."""
    if is_private_key(text):
        raise ValidationError(
            _("This is a private key. It must never leave the official's computer: ask them to make a new pair.")
        )
    try:
        age.check_public_key(text)
    except ValueError:
        raise ValidationError(_("This is not an age public key. It begins with “age1” and has 62 signs.")) from None


class Recipient(models.Model):
    """One official with one key. A new key is a new row: whose eyes a sent file was for must not change afterwards.

    `key_checked_by` is a second person, who compared the fingerprint with the official over another channel.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=120)
    office = models.CharField(_("office"), max_length=200)
    email = models.EmailField(_("e-mail address"), max_length=254)
    age_public_key = models.CharField(_("age public key"), max_length=80, validators=[validate_age_key])
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_on = models.DateField(default=timezone.localdate)
    key_checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    key_checked_on = models.DateField(null=True, blank=True)
    retired_on = models.DateField(null=True, blank=True)

    objects = RecipientQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "age_public_key"],
                name="recipient_key_is_one_officials",
                violation_error_message=_("This key belongs to an official already."),
            ),
            models.CheckConstraint(
                condition=Q(key_checked_by=None, key_checked_on=None)
                | Q(key_checked_by__isnull=False, key_checked_on__isnull=False),
                name="recipient_check_told_whole",
                violation_error_message=_("A checked key says who checked it and when."),
            ),
            models.CheckConstraint(
                condition=Q(key_checked_by=None) | ~Q(key_checked_by=F("added_by")),
                name="recipient_key_checked_by_another",
                violation_error_message=_("Who adds a key does not check it; a second person does."),
            ),
        ]
        triggers = [pgtrigger.ReadOnly(name="recipient_key_never_changes", fields=["programme", "age_public_key", "added_by"])]

    class Privacy:
        fields = {
            "id": PrivacyClass.CLEAR,
            "programme": PrivacyClass.CLEAR,
            "name": PrivacyClass.STAFF,
            "office": PrivacyClass.STAFF,
            "email": PrivacyClass.STAFF,
            "age_public_key": PrivacyClass.KEY,
            "added_by": PrivacyClass.STAFF,
            "added_on": PrivacyClass.CLEAR,
            "key_checked_by": PrivacyClass.STAFF,
            "key_checked_on": PrivacyClass.CLEAR,
            "retired_on": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "UPDATE"))

    def __str__(self) -> str:
        return f"{self.name}, {self.office}"

    @property
    def is_active(self) -> bool:
        return self.retired_on is None

    @property
    def is_checked(self) -> bool:
        return self.key_checked_on is not None

    @property
    def fingerprint(self) -> str:
        """Eight groups of four hex digits, the beginning of SHA-256 of the key's text: what two people read to each other."""
        digest = hashlib.sha256(self.age_public_key.encode()).hexdigest()
        return " ".join(digest[4 * group : 4 * group + 4] for group in range(FINGERPRINT_GROUPS))
