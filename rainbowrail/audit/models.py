"""AuditEvent: who did what, on what, when. AuditLink: the chain over it.

No foreign keys, so that nothing can take a line along; no private data.
"""

import pgtrigger
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rainbowrail.actors import ActorKind
from rainbowrail.audit.queries import AuditEventQuerySet
from rainbowrail.audit.verbs import label_of
from rainbowrail.crypto import trail_seal
from rainbowrail.crypto.grants import Grants
from rainbowrail.privacy.classification import PrivacyClass


class AuditEvent(models.Model):
    """One line of the trail. Staff web and worker may add and read lines; nobody may change or remove one (decision 0023)."""

    at = models.DateTimeField(_("when"), help_text=_("UTC; of an applicant the hour only."))
    verb = models.CharField(_("what"), max_length=64)
    actor_kind = models.CharField(_("kind of person"), max_length=10, choices=[(kind.value, kind.value) for kind in ActorKind])
    actor_id = models.BigIntegerField(_("member of staff"), null=True)
    thing = models.CharField(_("kind of thing"), max_length=64, blank=True)
    thing_id = models.CharField(_("thing"), max_length=36, blank=True)
    case_id = models.UUIDField(_("case"), null=True)
    detail = models.JSONField(_("detail"), default=dict)
    # Keyed hash over the rest of the line; empty where the writer held no audit key, which the verifier tells.
    seal = models.CharField(max_length=trail_seal.MAX_CHARS, default="", editable=False)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["case_id", "-id"], name="audit_of_a_case"),
            models.Index(fields=["actor_id", "-id"], name="audit_of_a_person"),
            models.Index(fields=["-at", "-id"], name="audit_of_a_day"),
            models.Index(fields=["verb", "-id"], name="audit_of_a_verb"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(actor_kind=ActorKind.STAFF, actor_id__isnull=False)
                | ~models.Q(actor_kind=ActorKind.STAFF) & models.Q(actor_id__isnull=True),
                name="audit_names_staff_and_only_staff",
            ),
            models.UniqueConstraint(fields=["seal"], condition=~models.Q(seal=""), name="audit_seals_are_unlike_each_other"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    class Privacy:
        fields = {
            "id": PrivacyClass.CLEAR,
            "at": PrivacyClass.CLEAR,
            "verb": PrivacyClass.CLEAR,
            "actor_kind": PrivacyClass.CLEAR,
            "actor_id": PrivacyClass.STAFF,
            "thing": PrivacyClass.CLEAR,
            "thing_id": PrivacyClass.CLEAR,
            "case_id": PrivacyClass.CLEAR,
            "detail": PrivacyClass.CLEAR,
            "seal": PrivacyClass.LOOKUP,
        }
        bounded = {"detail": "record() admits only keys of an allow-list, with whole numbers or short codes"}

    class Access:
        grants = Grants(staff=("SELECT", "INSERT"))

    def __str__(self) -> str:
        return f"{self.verb} on {self.thing or 'nothing'}"

    @property
    def verb_label(self) -> str:
        return str(label_of(self.verb))

    @property
    def actor_label(self) -> str:
        """Who acted, when it was nobody of staff or somebody whose account is gone."""
        labels = {ActorKind.APPLICANT: _("Applicant"), ActorKind.SYSTEM: _("The system"), ActorKind.STAFF: _("Former staff")}
        return str(labels[ActorKind(self.actor_kind)])


class AuditLink(models.Model):
    """One link of the chain: number, the line it holds, and a keyed hash over both and the link before (decision 0027).

    Written by one linker at a time, some seconds after the line. `number` has no gaps: 1, 2, 3, …
    """

    number = models.BigIntegerField(primary_key=True)
    event_id = models.BigIntegerField(unique=True)
    seal = models.CharField(max_length=trail_seal.MAX_CHARS)

    class Meta:
        triggers = [pgtrigger.Protect(name="links_are_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    class Privacy:
        fields = {"number": PrivacyClass.CLEAR, "event_id": PrivacyClass.CLEAR, "seal": PrivacyClass.LOOKUP}

    class Access:
        grants = Grants(staff=("SELECT", "INSERT"))

    def __str__(self) -> str:
        return f"link {self.number}"


class AuditExpiry(models.Model):
    """A beginning of the chain that was past its years and was removed: up to which link, and a seal over it (decision 0080).

    The verifier goes on from the newest of these. The owner's command writes it, with the audit key; nobody may change one.
    """

    last_number = models.BigIntegerField(primary_key=True)
    last_seal = models.CharField(max_length=trail_seal.MAX_CHARS)
    lines = models.BigIntegerField(_("lines removed"))
    before_on = models.DateField(_("all from before this day"))
    removed_on = models.DateField()
    seal = models.CharField(max_length=trail_seal.MAX_CHARS)

    class Meta:
        triggers = [pgtrigger.Protect(name="expiries_are_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    class Privacy:
        fields = {
            "last_number": PrivacyClass.CLEAR,
            "last_seal": PrivacyClass.LOOKUP,
            "lines": PrivacyClass.CLEAR,
            "before_on": PrivacyClass.CLEAR,
            "removed_on": PrivacyClass.CLEAR,
            "seal": PrivacyClass.LOOKUP,
        }

    class Access:
        grants = Grants(staff=("SELECT",))

    def __str__(self) -> str:
        return f"links up to {self.last_number} expired"


class AuditVerification(models.Model):
    """One walk over the whole chain: who asked for it, when it ended, where the chain ended then, and what was wrong."""

    MOST_KEPT = 50

    asked_at = models.DateTimeField(default=timezone.now)
    asked_by_id = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    number = models.BigIntegerField(null=True)
    end_seal = models.CharField(max_length=trail_seal.MAX_CHARS, blank=True)
    wrong = models.PositiveIntegerField(null=True)
    findings = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ended_at"], condition=models.Q(ended_at=None), nulls_distinct=False, name="one_verification_waits"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, wrong=None) | models.Q(ended_at__isnull=False, wrong__isnull=False),
                name="a_verification_that_ended_says_how",
            ),
        ]

    class Privacy:
        fields = {
            "id": PrivacyClass.CLEAR,
            "asked_at": PrivacyClass.CLEAR,
            "asked_by_id": PrivacyClass.STAFF,
            "ended_at": PrivacyClass.CLEAR,
            "number": PrivacyClass.CLEAR,
            "end_seal": PrivacyClass.LOOKUP,
            "wrong": PrivacyClass.CLEAR,
            "findings": PrivacyClass.CLEAR,
        }
        bounded = {"findings": "at most 50 sentences of the verifier, which hold numbers of lines and links"}

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "UPDATE"))

    def __str__(self) -> str:
        return "waiting" if self.ended_at is None else f"{self.wrong} wrong"
