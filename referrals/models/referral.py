"""Referral: one case put forward to one programme."""

import uuid
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from rainbowrail.accounts.models import User
from rainbowrail.actors import Actor
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.fields import EncryptedJSONField, EncryptedTextField
from rainbowrail.crypto.grants import Grants
from rainbowrail.lifecycle.moves import Move
from rainbowrail.privacy.classification import PrivacyClass
from rainbowrail.references import new_reference
from referrals.models.recipient import Recipient
from referrals.queries import ReferralQuerySet
from referrals.states import APPROVED_STATES, OPEN_STATES, WITH_FILE, WITH_US, BuildProblem, ReferralState


def new_packet_id() -> str:
    """Return what stands on the paper and in the file's name, such as `K7MT-4QWD`: it names neither us nor the case."""
    return new_reference().removeprefix("RR-")


class NotAmong(Func):
    """`who <> ALL (list)`: true when the person is not in the array; unknown, and so no hindrance, when there is no person."""

    template = "(%(expressions)s))"
    arg_joiner = " <> ALL ("
    output_field = models.BooleanField()
    conditional = True


class Referral(models.Model):
    """One case to one programme and one official.

    `identity` answers the programme's questions about who the person is (the person's identity key), `account` all others (the
    case's key); both are dictionaries from the programme's keys to words. `edited_by` lists everybody who ever wrote in it:
    none of them may approve. `approved_digest` is the sealed digest of what the second person read, so that nothing else can be
    built. `state` is assigned by rainbowrail.lifecycle.engine alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="referrals")
    person_id = models.UUIDField(editable=False)
    packet_id = models.CharField(max_length=12, unique=True, default=new_packet_id, editable=False)
    programme = models.CharField(max_length=40)
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="referrals")
    language = models.CharField(max_length=12)
    state = models.CharField(max_length=12, choices=ReferralState, default=ReferralState.DRAFT)
    version = models.PositiveSmallIntegerField(default=1)

    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(default=timezone.now)
    edited_by = ArrayField(models.IntegerField(), default=list)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    problem = models.CharField(max_length=12, choices=BuildProblem, blank=True, default="")

    identity = EncryptedJSONField(seal_id="referral.identity.v1", compartment=Compartment.IDENTITY)
    account = EncryptedJSONField(seal_id="referral.account.v1", compartment=Compartment.CASEWORK)
    approved_digest = EncryptedTextField(seal_id="referral.approved_digest.v1", compartment=Compartment.CASEWORK, max_chars=64)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "id"]
        indexes = [
            models.Index(fields=["-changed_at", "id"], name="referral_list"),
            models.Index(fields=["state", "-changed_at", "id"], name="referral_list_of_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ReferralState.values),
                name="referral_state_known",
                violation_error_message=_("This is no stage of a referral."),
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("drafted_by")),
                name="referral_two_people",
                violation_error_message=_("Who drafts a referral does not approve it; a second person does."),
            ),
            models.CheckConstraint(
                condition=NotAmong(F("approved_by"), F("edited_by")),
                name="referral_writers_do_not_approve",
                violation_error_message=_("Who wrote in a referral does not approve it; a second person does."),
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_at=None) | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="referral_approval_told_whole",
                violation_error_message=_("An approval says who and when."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=APPROVED_STATES) | Q(approved_by__isnull=False),
                name="referral_leaves_approved_only",
                violation_error_message=_("Nothing is built or handed over without the approval of a second person."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ReferralState.DRAFT, ReferralState.WAITING]) | Q(approved_by=None),
                name="referral_draft_is_not_approved",
                violation_error_message=_("A draft has no approval; a change needs a new one."),
            ),
            models.CheckConstraint(
                condition=Q(state=ReferralState.BUILD_FAILED, problem__in=BuildProblem.values)
                | (~Q(state=ReferralState.BUILD_FAILED) & Q(problem="")),
                name="referral_failure_says_why",
                violation_error_message=_("A file that could not be made says why."),
            ),
            models.UniqueConstraint(
                fields=["case", "programme"],
                condition=Q(state__in=OPEN_STATES),
                name="referral_one_open_of_a_programme",
                violation_error_message=_("This case has an open referral to this programme."),
            ),
        ]

    class Privacy:
        fields = {
            "id": PrivacyClass.CLEAR,
            "case": PrivacyClass.CLEAR,
            "person_id": PrivacyClass.CLEAR,
            "packet_id": PrivacyClass.CLEAR,
            "programme": PrivacyClass.CLEAR,
            "recipient": PrivacyClass.CLEAR,
            "language": PrivacyClass.CLEAR,
            "state": PrivacyClass.CLEAR,
            "version": PrivacyClass.CLEAR,
            "drafted_by": PrivacyClass.STAFF,
            "drafted_at": PrivacyClass.CLEAR,
            "edited_by": PrivacyClass.STAFF,
            "approved_by": PrivacyClass.STAFF,
            "approved_at": PrivacyClass.CLEAR,
            "changed_at": PrivacyClass.CLEAR,
            "problem": PrivacyClass.CLEAR,
            "identity": PrivacyClass.SEALED,
            "account": PrivacyClass.SEALED,
            "approved_digest": PrivacyClass.SEALED,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "UPDATE"))

    def __str__(self) -> str:
        return self.packet_id

    def get_absolute_url(self) -> str:
        return reverse("referrals:referral", args=[self.packet_id])

    def seal_subject(self, compartment: Compartment) -> UUID:
        return self.person_id if compartment is Compartment.IDENTITY else self.case_id

    def write_history(self, move: Move, left: str, by: Actor, reason: str) -> None:
        """Write the row that says who moved it from where to where, and why; the engine calls this inside the move."""
        self.moves.create(
            name=move.name, left=left, entered=self.state, by_kind=by.kind.value, by_id=by.staff_id, reason=reason
        )

    @property
    def responsible(self) -> User:
        """Who stands on the paper as our contact: the officer of the case, or who began it while the case has none."""
        return self.case.officer or self.drafted_by

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_with_us(self) -> bool:
        """Whether the office does not have this version yet: what it would be told is still to be read."""
        return self.state in WITH_US

    @property
    def has_file(self) -> bool:
        """Whether there is an approved file of the present version that may be fetched."""
        return self.state in WITH_FILE

    @property
    def is_editable(self) -> bool:
        return self.state == ReferralState.DRAFT
