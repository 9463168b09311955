"""AuditEvent: who did what, on what, when. AuditLink: the chain over it.

No foreign keys, so that nothing can take a line along; no private data.
"""

import pgtrigger
from django.db import models
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
