"""ConsentRecord: one act of consent for one programme and one official. Only ever added to; docs/decisions/0062 and 0065."""

import uuid
from uuid import UUID

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.fields import EncryptedJSONField, EncryptedTextField
from rainbowrail.crypto.grants import Grants
from rainbowrail.privacy.classification import PrivacyClass
from referrals.models.recipient import Recipient
from referrals.queries import ConsentQuerySet
from referrals.states import ConsentAct

NOTE_MAX_CHARS = 2000


class ConsentRecord(models.Model):
    """The person allowed, or no longer allows, that this official is told these parts.

    The latest act counts. `terms` is `{"parts": [letters], "how": casefile.ConsentHow, "language": BCP 47, "by_guardian":
    bool}`; no parts in a refusal or a withdrawal. `act_on` is the day of the conversation, `ends_on` the last day it holds
    (none unless it was given). Either a member of staff recorded it, or the person answered `offer_id` on their own page.

    `arrival` says which act is the latest: for the person's own the arrival of its delivery, however late that was opened; for
    one that staff recorded its place among those (`referrals.actions.consenting`). Equal: the one recorded later.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="consents")
    programme = models.CharField(max_length=40)
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=10, choices=ConsentAct)
    act_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    text_version = models.CharField(max_length=40)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    offer_id = models.UUIDField(null=True, editable=False)
    arrival = models.BigIntegerField(editable=False)
    recorded_at = models.DateTimeField(default=timezone.now)
    terms = EncryptedJSONField(seal_id="consent_record.terms.v1", compartment=Compartment.CASEWORK)
    note = EncryptedTextField(seal_id="consent_record.note.v1", compartment=Compartment.CASEWORK, max_chars=NOTE_MAX_CHARS)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["-arrival", "-recorded_at", "-id"]
        indexes = [models.Index(fields=["case", "programme", "recipient", "-arrival", "-recorded_at"], name="consent_of_case")]
        constraints = [
            models.CheckConstraint(
                condition=Q(act=ConsentAct.GIVEN, ends_on__isnull=False, ends_on__gte=F("act_on"))
                | Q(act__in=[ConsentAct.REFUSED, ConsentAct.WITHDRAWN], ends_on=None),
                name="consent_given_has_an_end",
                violation_error_message=_("Consent that is given has a last day, not before the day it was given."),
            ),
            models.CheckConstraint(
                condition=Q(recorded_by=None, offer_id__isnull=False) | Q(recorded_by__isnull=False, offer_id=None),
                name="consent_is_recorded_or_the_persons_own",
                violation_error_message=_("Consent was recorded by staff, or given by the person on their own page."),
            ),
        ]
        triggers = [pgtrigger.Protect(name="consent_is_only_added_to", operation=pgtrigger.Update | pgtrigger.Delete)]

    class Privacy:
        fields = {
            "id": PrivacyClass.CLEAR,
            "case": PrivacyClass.CLEAR,
            "programme": PrivacyClass.CLEAR,
            "recipient": PrivacyClass.CLEAR,
            "act": PrivacyClass.CLEAR,
            "act_on": PrivacyClass.CLEAR,
            "ends_on": PrivacyClass.CLEAR,
            "text_version": PrivacyClass.CLEAR,
            "recorded_by": PrivacyClass.STAFF,
            "offer_id": PrivacyClass.CLEAR,
            "arrival": PrivacyClass.CLEAR,
            "recorded_at": PrivacyClass.CLEAR,
            "terms": PrivacyClass.SEALED,
            "note": PrivacyClass.SEALED,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT"))

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.act_on}"

    def seal_subject(self, compartment: Compartment) -> UUID:
        return self.case_id
