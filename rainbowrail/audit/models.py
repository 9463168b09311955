"""AuditEvent: who did what, on what, when. AuditLink: the chain over it. AuditAnchor: how far it reached, and when.

No foreign keys, so that nothing can take a line along; no private data. Nobody may change or remove a row of these, nor empty a
table; what AuditAsked holds is a wish.
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


def append_only(name: str, *, emptying: str) -> list[pgtrigger.Trigger]:
    """The triggers of a table in which rows stay as they are written, and which is never emptied at one stroke either."""
    return [
        pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete),
        pgtrigger.Trigger(
            name=emptying,
            operation=pgtrigger.Truncate,
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            func="RAISE EXCEPTION 'Cannot empty %', TG_TABLE_NAME;",
        ),
    ]


# A link goes on from the end of the chain or, where its end was cut off, from the end that an anchor remembers.
NEXT_LINK = """
IF NEW.number = 1 + GREATEST((SELECT max(number) FROM audit_auditlink), (SELECT max(last_number) FROM audit_auditexpiry), 0)
   OR (NEW.number > (SELECT COALESCE(max(number), 0) FROM audit_auditlink)
       AND EXISTS (SELECT 1 FROM audit_auditanchor WHERE number = NEW.number - 1)) THEN
    RETURN NEW;
END IF;
RAISE EXCEPTION 'link % does not follow from the end of the chain', NEW.number;
"""
ANCHORED_LINK = """
IF EXISTS (SELECT 1 FROM audit_auditlink WHERE number = NEW.number AND seal = NEW.end_seal) THEN
    RETURN NEW;
END IF;
RAISE EXCEPTION 'there is no such link as the anchor at % names', NEW.number;
"""


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
        triggers = append_only("append_only", emptying="never_emptied")

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

    Written by one linker at a time, some seconds after the line. `number` has no gaps: 1, 2, 3, …; the database takes no other.
    """

    number = models.BigIntegerField(primary_key=True)
    event_id = models.BigIntegerField(unique=True)
    seal = models.CharField(max_length=trail_seal.MAX_CHARS)

    class Meta:
        triggers = [
            *append_only("links_are_append_only", emptying="links_are_never_emptied"),
            pgtrigger.Trigger(
                name="links_follow_each_other", operation=pgtrigger.Insert, when=pgtrigger.Before, func=NEXT_LINK
            ),
        ]

    class Privacy:
        fields = {"number": PrivacyClass.CLEAR, "event_id": PrivacyClass.CLEAR, "seal": PrivacyClass.LOOKUP}

    class Access:
        grants = Grants(staff=("SELECT", "INSERT"))

    def __str__(self) -> str:
        return f"link {self.number}"


class AuditAnchor(models.Model):
    """What the linker saw of the chain at one moment, sealed: how far it reached, and which lines it held (decision 0083).

    It covers the lines with ids above `from_id` up to `up_to_id`; all of them were linked, but for those in `gaps`, as pairs of
    first and last: numbers that the database gave to writers that failed, or that came late. A number may have several: the
    seal is the key, so that nothing written without the audit key takes the place of one that holds.
    """

    number = models.BigIntegerField()
    after_number = models.BigIntegerField()
    end_seal = models.CharField(max_length=trail_seal.MAX_CHARS)
    from_id = models.BigIntegerField()
    up_to_id = models.BigIntegerField()
    gaps = models.JSONField(default=list)
    made_at = models.DateTimeField()
    seal = models.CharField(primary_key=True, max_length=trail_seal.MAX_CHARS)

    class Meta:
        indexes = [
            models.Index(fields=["up_to_id", "number"], name="audit_anchor_of_a_line"),
            models.Index(fields=["number", "from_id"], name="audit_anchor_at_a_link"),
        ]
        triggers = [
            *append_only("anchors_are_append_only", emptying="anchors_are_never_emptied"),
            pgtrigger.Trigger(
                name="anchors_name_a_link", operation=pgtrigger.Insert, when=pgtrigger.Before, func=ANCHORED_LINK
            ),
        ]

    class Privacy:
        fields = {
            "number": PrivacyClass.CLEAR,
            "after_number": PrivacyClass.CLEAR,
            "end_seal": PrivacyClass.LOOKUP,
            "from_id": PrivacyClass.CLEAR,
            "up_to_id": PrivacyClass.CLEAR,
            "gaps": PrivacyClass.CLEAR,
            "made_at": PrivacyClass.CLEAR,
            "seal": PrivacyClass.LOOKUP,
        }
        bounded = {"gaps": "pairs of whole numbers: ids of lines that were never written"}

    class Access:
        grants = Grants(staff=("SELECT", "INSERT"))

    def __str__(self) -> str:
        return f"anchor at link {self.number}"


class AuditExpiry(models.Model):
    """A beginning of the chain that was past its years and was removed: up to which link, and a seal over it (decision 0080).

    The verifier goes on from the newest of these. The owner's command writes it, with the audit key; nobody may change one.
    """

    last_number = models.BigIntegerField(primary_key=True)
    last_seal = models.CharField(max_length=trail_seal.MAX_CHARS)
    lines = models.BigIntegerField(_("lines removed"))
    before_on = models.DateField(_("all from before this day"))
    removed_on = models.DateField()
    # The highest id among the lines that went: an anchor that covers later lines too cannot tell these apart.
    last_event_id = models.BigIntegerField(default=0)
    seal = models.CharField(max_length=trail_seal.MAX_CHARS)

    class Meta:
        triggers = append_only("expiries_are_append_only", emptying="expiries_are_never_emptied")

    class Privacy:
        fields = {
            "last_number": PrivacyClass.CLEAR,
            "last_seal": PrivacyClass.LOOKUP,
            "lines": PrivacyClass.CLEAR,
            "before_on": PrivacyClass.CLEAR,
            "removed_on": PrivacyClass.CLEAR,
            "last_event_id": PrivacyClass.CLEAR,
            "seal": PrivacyClass.LOOKUP,
        }

    class Access:
        grants = Grants(staff=("SELECT",))

    def __str__(self) -> str:
        return f"links up to {self.last_number} expired"


class AuditAsked(models.Model):
    """That somebody wants the chain walked: one row at most, which the worker removes when it has answered."""

    ONLY = 1

    id = models.SmallIntegerField(primary_key=True, default=ONLY)
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_verification_is_asked_for")]

    class Privacy:
        fields = {"id": PrivacyClass.CLEAR, "asked_at": PrivacyClass.CLEAR, "asked_by_id": PrivacyClass.STAFF}

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "DELETE"))

    def __str__(self) -> str:
        return "waiting"


class AuditVerification(models.Model):
    """One walk over the whole chain: who asked for it, when it ended, where the chain ended then, and what was wrong.

    Sealed under the audit key by the worker that walked, and never changed: a page believes none whose seal does not hold.
    """

    MOST_KEPT = 50

    asked_at = models.DateTimeField(default=timezone.now)
    asked_by_id = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField()
    number = models.BigIntegerField(null=True)
    end_seal = models.CharField(max_length=trail_seal.MAX_CHARS, blank=True)
    wrong = models.PositiveIntegerField()
    findings = models.JSONField(default=list)
    seal = models.CharField(max_length=trail_seal.MAX_CHARS, default="", editable=False)

    class Meta:
        triggers = append_only("verifications_are_append_only", emptying="verifications_are_never_emptied")

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
            "seal": PrivacyClass.LOOKUP,
        }
        bounded = {"findings": "at most 50 sentences of the verifier, which hold numbers of lines and links"}

    class Access:
        grants = Grants(staff=("SELECT", "INSERT"))

    def __str__(self) -> str:
        return f"{self.wrong} wrong"
