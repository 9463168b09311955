"""Partner organisations, their codes, and which request came through whom (docs/decisions/0094)."""

import uuid
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.fields import EncryptedJSONField
from rainbowrail.crypto.grants import Grants
from rainbowrail.privacy.classification import PrivacyClass

NAME_MAX, CONTACT_MAX, NOTES_MAX, CODE_MAX = 120, 200, 500, 12


class PartnerOrganisation(models.Model):
    """An organisation that sends people to us. What stands here is about the organisation, never about a person we help."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=NAME_MAX, unique=True)
    contact = models.CharField(max_length=CONTACT_MAX, blank=True)
    notes = models.CharField(max_length=NOTES_MAX, blank=True)
    is_active = models.BooleanField(default=True)
    # Requests that came in a file; those that came with a code are counted at the code.
    filed = models.PositiveIntegerField(default=0)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_on = models.DateField(default=timezone.localdate)

    class Meta:
        ordering = ["name", "id"]

    class Privacy:
        fields = {
            "id": PrivacyClass.CLEAR,
            "name": PrivacyClass.STAFF,
            "contact": PrivacyClass.STAFF,
            "notes": PrivacyClass.STAFF,
            "is_active": PrivacyClass.CLEAR,
            "filed": PrivacyClass.CLEAR,
            "added_by": PrivacyClass.STAFF,
            "added_on": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "UPDATE"))

    def __str__(self) -> str:
        return f"partner {self.id}"


class PartnerCode(models.Model):
    """What an applicant may type to say who sent them: capitals and digits, as `intake.likeness.contacts.partner` writes it.

    A revoked or expired code stays, so that a request that names it is understood; it is never given out again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partner = models.ForeignKey(PartnerOrganisation, on_delete=models.PROTECT, related_name="codes")
    code = models.CharField(max_length=CODE_MAX, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField(default=timezone.localdate)
    expires_on = models.DateField(null=True, blank=True)
    revoked_on = models.DateField(null=True, blank=True)
    uses = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-made_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_on=None) | models.Q(expires_on__gte=models.F("made_on")),
                name="partner_code_ends_after_it_began",
                violation_error_message=_("The last day of a code cannot lie before the day on which it is made."),
            ),
        ]

    class Privacy:
        fields = {
            "id": PrivacyClass.CLEAR,
            "partner": PrivacyClass.CLEAR,
            "code": PrivacyClass.STAFF,
            "made_by": PrivacyClass.STAFF,
            "made_on": PrivacyClass.CLEAR,
            "expires_on": PrivacyClass.CLEAR,
            "revoked_on": PrivacyClass.CLEAR,
            "uses": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "UPDATE"))

    def __str__(self) -> str:
        return f"partner code {self.id}"

    @property
    def is_good(self) -> bool:
        today = timezone.localdate()
        return self.revoked_on is None and (self.expires_on is None or self.expires_on >= today) and self.partner.is_active


class CaseOrigin(models.Model):
    """Through whom a request came: sealed, because the way somebody found us can say who and where they are.

    `told`: {"partner": id as text, "how": a word of cases.states.CameBy}.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="origin")
    told = EncryptedJSONField(seal_id="case_origin.told.v1", compartment=Compartment.CASEWORK)

    class Privacy:
        fields = {"id": PrivacyClass.CLEAR, "case": PrivacyClass.CLEAR, "told": PrivacyClass.SEALED}

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "DELETE"))

    def __str__(self) -> str:
        return f"case origin {self.id}"

    def seal_subject(self, compartment: Compartment) -> UUID:
        return self.case_id


class ImportedRow(models.Model):
    """A keyed fingerprint of (partner, their number of a row): the same file twice does not make a request twice.

    It stays when the person is erased and then says nothing: without the index key and the partner's own list it is noise; and
    it keeps a file that is sent again from bringing back whom we erased.
    """

    fingerprint = models.CharField(primary_key=True, max_length=32)
    key = models.PositiveSmallIntegerField()
    help_request = models.OneToOneField("intake.HelpRequest", on_delete=models.PROTECT, related_name="+")

    class Privacy:
        fields = {
            "fingerprint": PrivacyClass.LOOKUP,
            "key": PrivacyClass.CLEAR,
            "help_request": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "UPDATE", "DELETE"))

    def __str__(self) -> str:
        return f"imported row {self.fingerprint[:8]}"
