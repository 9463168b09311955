"""RoleGrant: a role that one person gave and that begins when a second one agrees (decision 0081)."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rainbowrail.crypto.grants import Grants
from rainbowrail.privacy.classification import PrivacyClass
from rainbowrail.roles import SENTENCES, Role

WAITS_FOR = timedelta(days=14)


class Answer(models.TextChoices):
    """How a role that waited came to its end."""

    AGREED = "agreed", _("agreed")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("taken back")
    LAPSED = "lapsed", _("ended")


class WhyNot(models.TextChoices):
    """Why a second person refuses. Codes: who reads them may be whoever tried to become two people."""

    UNKNOWN = "unknown", _("I could not make sure who this is")
    NOT_NEEDED = "not_needed", _("they do not need this role for their work")
    NOT_NOW = "not_now", _("not now; I speak with whoever gave it")


class WhyLapsed(models.TextChoices):
    TIME = "time", _("nobody answered in time")
    GIVER = "giver", _("whoever gave it may not give roles any more")
    ACCOUNT = "account", _("the account was closed")
    UNUSED = "unused", _("agreed to, and the invitation was not used in time")


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def unanswered(self) -> "RoleGrantQuerySet":
        return self.filter(answer="")

    def waiting(self) -> "RoleGrantQuerySet":
        """Return those to which somebody may still agree."""
        return self.unanswered().filter(waits_until__gt=timezone.now())

    def overdue(self) -> "RoleGrantQuerySet":
        return self.unanswered().filter(waits_until__lte=timezone.now())

    def unused(self) -> "RoleGrantQuerySet":
        """Return those of invitations that somebody agreed to so long ago that the agreement counts no more."""
        return self.filter(answer=Answer.AGREED, person=None, answered_at__lte=timezone.now() - WAITS_FOR)

    def with_people(self) -> "RoleGrantQuerySet":
        return self.select_related("person", "invitation", "given_by", "answered_by")


class RoleGrant(models.Model):
    """One role for one person, or for whoever accepts one invitation: `person` is filled in when they do.

    An answer without `answered_by` is the clock's, or the operator's at the host. At most one waits for a person and a role.
    What was agreed to for an invitation ends after WAITS_FOR as well, unless the invitation was accepted before.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    role = models.CharField(_("role"), max_length=24, choices=Role)
    person = models.ForeignKey("accounts.User", on_delete=models.CASCADE, null=True, related_name="+")
    invitation = models.ForeignKey("accounts.Invitation", on_delete=models.CASCADE, null=True, related_name="grants")
    given_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("given"), default=timezone.now)
    waits_until = models.DateTimeField(_("waits until"))
    answer = models.CharField(_("answer"), max_length=10, choices=Answer, blank=True, default="")
    answered_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(_("answered"), null=True)
    why = models.CharField(_("why"), max_length=12, choices=[*WhyNot.choices, *WhyLapsed.choices], blank=True, default="")

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-given_at", "id"], name="grants_newest_first")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role"], condition=Q(answer="", person__isnull=False), name="one_grant_waits_a_person"
            ),
            models.UniqueConstraint(
                fields=["invitation", "role"],
                condition=Q(answer="", invitation__isnull=False),
                name="one_grant_waits_an_invitation",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(invitation__isnull=False), name="grants_are_for_somebody"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, answered_by=None) | ~Q(answer="") & Q(answered_at__isnull=False),
                name="grants_are_answered_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(answer__in=[Answer.AGREED, Answer.REFUSED])
                | Q(answered_by=None)
                | ~Q(answered_by=F("given_by")) & (Q(person=None) | ~Q(answered_by=F("person"))),
                name="two_people_give_a_role",
            ),
            models.CheckConstraint(
                condition=Q(answer=Answer.REFUSED, why__in=WhyNot.values)
                | Q(answer=Answer.LAPSED, why__in=WhyLapsed.values)
                | ~Q(answer__in=[Answer.REFUSED, Answer.LAPSED]) & Q(why=""),
                name="grants_that_came_to_nothing_say_why",
            ),
        ]

    class Privacy:
        fields = {
            "id": PrivacyClass.STAFF,
            "role": PrivacyClass.STAFF,
            "person": PrivacyClass.STAFF,
            "invitation": PrivacyClass.STAFF,
            "given_by": PrivacyClass.STAFF,
            "given_at": PrivacyClass.STAFF,
            "waits_until": PrivacyClass.STAFF,
            "answer": PrivacyClass.STAFF,
            "answered_by": PrivacyClass.STAFF,
            "answered_at": PrivacyClass.STAFF,
            "why": PrivacyClass.STAFF,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "UPDATE"))

    def __str__(self) -> str:
        return f"role that waits {self.pk}"

    @property
    def is_waiting(self) -> bool:
        return not self.answer and self.waits_until > timezone.now()

    @property
    def sentence(self) -> str:
        """What the role may do."""
        return str(SENTENCES[Role(self.role)])

    @property
    def address(self) -> str:
        """The mail address of whom it is for; costs a query without `with_people`."""
        return self.person.email if self.person else self.invitation.email if self.invitation else ""
