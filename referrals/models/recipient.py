"""Recipient: an official of a programme, and the public key that files for their eyes are sealed to."""

import uuid

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rainbowrail.crypto import recipients
from rainbowrail.crypto.grants import Grants
from rainbowrail.crypto.recipients import base
from rainbowrail.privacy.classification import PrivacyClass
from referrals.queries import RecipientQuerySet
from referrals.states import KeyKind

GROUP = 4
GROUPS_SHOWN = {KeyKind.AGE: 8, KeyKind.SMIME: 8}  # 128 bits of a SHA-256; an OpenPGP fingerprint is read whole
# What the official types, so that the fingerprint comes from the private key they hold and from nothing that we sent them.
FINGERPRINT_COMMANDS = {
    KeyKind.AGE: r"age-keygen -y key.txt | tr -d '\n' | sha256sum",
    KeyKind.OPENPGP: "gpg --list-secret-keys --with-fingerprint",
    KeyKind.SMIME: "openssl pkcs12 -in own.p12 -nokeys -clcerts | openssl x509 -noout -fingerprint -sha256",
    KeyKind.ARCHIVE: "",
}
SENTENCES: dict[type[base.KeyRefused], str | Promise] = {
    base.SecretKeyGiven: _("This is a private key. It must never leave the official's computer: ask them to make a new pair."),
    base.KeyExpired: _("This key has expired, or its part for encryption has. Ask the official for a new one."),
    base.KeyNotYetValid: _("This certificate is not valid yet. Add it on the day it begins."),
    base.KeyRevoked: _("This key was revoked by its owner. Ask the official for a new one."),
    base.KeyTooWeak: _("This key is too weak: it may be broken in the years in which the story must stay secret."),
    base.KeyUnsuitable: _("This key is not made for receiving files: it signs only, or belongs to a server or an authority."),
}
NOT_THIS_KIND = {
    KeyKind.AGE: _("This is not an age public key. It begins with “age1” and has 62 signs."),
    KeyKind.OPENPGP: _("This is not one OpenPGP key. It begins with “-----BEGIN PGP PUBLIC KEY BLOCK-----”."),
    KeyKind.SMIME: _("This is not one certificate. It begins with “-----BEGIN CERTIFICATE-----”."),
    KeyKind.ARCHIVE: _("An office that opens archives by passphrase has no key. Leave this empty."),
}


def is_private_key(text: str) -> bool:
    upper = text.upper()
    return "AGE-SECRET-KEY-" in upper or "PRIVATE KEY" in upper


def checked_key(kind: KeyKind, text: str) -> tuple[str, str]:
    """Return the key as it is stored and its whole fingerprint.

    Raises ValidationError with a sentence for what must not be sealed to; a private key gets its own, whatever the kind.
    """
    try:
        if is_private_key(text):
            raise base.SecretKeyGiven
        sealer = recipients.sealer(base.RecipientKind(kind))
        key = sealer.check_public_key(text)
        return key, sealer.fingerprint(key)
    except base.KindNotInstalled:
        raise ValidationError(_("This installation cannot seal to OpenPGP keys. Ask the administrator.")) from None
    except base.KeyRefused as refusal:
        raise ValidationError(str(SENTENCES.get(type(refusal), NOT_THIS_KIND[kind]))) from None


KEYED = [KeyKind.AGE, KeyKind.OPENPGP, KeyKind.SMIME]
WHOSE_KEY = ["programme", "kind", "public_key", "key_print", "added_by"]


class Recipient(models.Model):
    """One official with one key. A new key is a new row: whose eyes a sent file was for must not change afterwards.

    `public_key` is text as its kind writes it, and empty for an office that gets archives by passphrase; `key_print` is its
    whole fingerprint in hex. `key_checked_by` is a second person, who compared the fingerprint with the official over another
    channel, or, where there is none, asked them whether they can open such an archive and on which number the passphrase is
    told.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=120)
    office = models.CharField(_("office"), max_length=200)
    email = models.EmailField(_("e-mail address"), max_length=254)
    kind = models.CharField(_("kind of key"), max_length=8, choices=KeyKind)
    public_key = models.TextField(_("public key"), max_length=base.LONGEST_KEY, blank=True)
    key_print = models.CharField(max_length=64, blank=True, editable=False)
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
                fields=["programme", "key_print"],
                condition=~Q(key_print=""),
                name="recipient_key_is_one_officials",
                violation_error_message=_("This key belongs to an official already."),
            ),
            models.CheckConstraint(
                condition=Q(kind=KeyKind.ARCHIVE, public_key="", key_print="")
                | (Q(kind__in=KEYED) & ~Q(public_key="") & ~Q(key_print="")),
                name="recipient_key_fits_its_kind",
                violation_error_message=_("A kind of key goes with a key of this kind, and an archive with none."),
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
        triggers = [pgtrigger.ReadOnly(name="recipient_key_never_changes", fields=WHOSE_KEY)]

    class Privacy:
        fields = {
            "id": PrivacyClass.CLEAR,
            "programme": PrivacyClass.CLEAR,
            "name": PrivacyClass.STAFF,
            "office": PrivacyClass.STAFF,
            "email": PrivacyClass.STAFF,
            "kind": PrivacyClass.CLEAR,
            "public_key": PrivacyClass.KEY,
            "key_print": PrivacyClass.LOOKUP,
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
        """What two people read to each other: groups of four hex digits as the office's tool prints them, or the empty text.

        Of an age key or a certificate the first eight groups of SHA-256, of an OpenPGP key the whole.
        """
        digits = self.key_print if self.kind == KeyKind.AGE else self.key_print.upper()
        groups = [digits[start : start + GROUP] for start in range(0, len(digits), GROUP)]
        return " ".join(groups[: GROUPS_SHOWN.get(KeyKind(self.kind))])

    @property
    def fingerprint_command(self) -> str:
        return FINGERPRINT_COMMANDS[KeyKind(self.kind)]

    @property
    def gets_archives(self) -> bool:
        """Whether this office has no key, so that each file gets a passphrase of its own."""
        return self.kind == KeyKind.ARCHIVE

    def clean(self) -> None:
        """Bring the key into the form it is stored in. Raises ValidationError with a sentence for what is no good key."""
        super().clean()
        if self.kind in KeyKind.values:
            self.public_key, self.key_print = checked_key(KeyKind(self.kind), self.public_key)
