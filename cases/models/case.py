"""Case: our work on one help request."""

import uuid
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.queries import CaseQuerySet
from cases.states import REFERRAL_STATES, STAFF_CLOSE_REASONS, CaseState, CloseReason, NextStep
from cases.urgency.bands import Band
from rainbowrail.actors import Actor
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.grants import Grants
from rainbowrail.lifecycle.moves import Move
from rainbowrail.privacy.classification import PrivacyClass
from rainbowrail.references import new_reference

QUEUE_ORDER = ("band", "due_at", "-score", "received_at", "id")
CLOSED_ORDER = ("-closed_at", "id")
OPEN = ~Q(state=CaseState.CLOSED)
# In referral, and no referral officer has it: any of them may take it.
WITHOUT_OFFICER = Q(state__in=REFERRAL_STATES, officer=None)


class Case(models.Model):
    """One per help request: stage, owner, urgency and dates in the clear so that the queue needs no key; all else is sealed.

    `state` is assigned by rainbowrail.lifecycle.engine alone. `due_at` is the earlier of the next unmet clock of the band and
    the nearest dated harm (UTC). `score` is the policy's, 0–100; a person overrides the band, never the score.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    help_request = models.OneToOneField("intake.HelpRequest", on_delete=models.PROTECT, related_name="case")
    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    state = models.CharField(max_length=12, choices=CaseState, default=CaseState.RECEIVED)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    # Who prepares its referrals and answers for them (docs/decisions/0066). `case_of_officer` serves as the index of the key.
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    band = models.PositiveSmallIntegerField(choices=[(int(band), band.name) for band in Band])
    score = models.DecimalField(max_digits=4, decimal_places=1)
    latest_score = models.OneToOneField("cases.UrgencyScore", null=True, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    received_at = models.DateTimeField()
    country = models.CharField(max_length=3, blank=True)
    language = models.CharField(max_length=12)

    first_read_at = models.DateTimeField(null=True, blank=True)
    contacted_at = models.DateTimeField(null=True, blank=True)
    planned_at = models.DateTimeField(null=True, blank=True)
    next_step = models.CharField(max_length=20, choices=NextStep, blank=True, default=NextStep.READ)
    next_step_on = models.DateField(null=True, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    referred_on = models.DateField(null=True, blank=True)
    # Whether it was compared with the others since its person's names and contacts last changed; no time, which would tell.
    is_compared = models.BooleanField(default=False)

    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    close_reason = models.CharField(max_length=20, choices=CloseReason, blank=True, default="")

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = QUEUE_ORDER
        indexes = [
            models.Index(fields=QUEUE_ORDER, condition=OPEN, name="case_queue"),
            models.Index(fields=["owner", *QUEUE_ORDER], condition=OPEN, name="case_queue_of_owner"),
            models.Index(fields=QUEUE_ORDER, condition=OPEN & Q(owner=None), name="case_queue_unclaimed"),
            models.Index(fields=["officer", *QUEUE_ORDER], condition=Q(officer__isnull=False), name="case_of_officer"),
            models.Index(fields=QUEUE_ORDER, condition=WITHOUT_OFFICER, name="case_without_officer"),
            models.Index(fields=["country", *QUEUE_ORDER], condition=OPEN, name="case_queue_of_country"),
            models.Index(fields=CLOSED_ORDER, condition=Q(state=CaseState.CLOSED), name="case_closed"),
            models.Index(fields=["next_step_on"], condition=OPEN, name="case_next_step_on"),
            models.Index(fields=["received_at", "id"], condition=Q(is_compared=False), name="case_not_compared"),
            models.Index(fields=["received_at"], name="case_received"),
            models.Index(fields=["referred_on"], condition=Q(referred_on__isnull=False), name="case_referred_on"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=CaseState.values),
                name="case_state_known",
                violation_error_message=_("This is no stage of a case."),
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, close_reason="")
                | Q(closed_at__isnull=False, closed_by__isnull=False, close_reason__in=STAFF_CLOSE_REASONS)
                | Q(closed_at__isnull=False, closed_by=None, close_reason=CloseReason.DELETION),
                name="case_closing_told_whole",
                violation_error_message=_(
                    "A closed case says when and why, and by whom unless by the person; an open one says none of these."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state=CaseState.CLOSED, closed_at__isnull=False) | (OPEN & Q(closed_at=None)),
                name="case_closed_has_closing",
                violation_error_message=_("A case is closed exactly when it has a date of closing."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=[CaseState.RECEIVED, CaseState.CLOSED]) | Q(owner__isnull=False),
                name="case_has_an_owner",
                violation_error_message=_("A case that is being worked on has an owner."),
            ),
            models.CheckConstraint(
                condition=~Q(state=CaseState.RECEIVED) | Q(owner=None),
                name="case_received_is_unclaimed",
                violation_error_message=_("A case that somebody owns is at least in review."),
            ),
            models.CheckConstraint(
                condition=~Q(state=CaseState.RECEIVED) | Q(officer=None),
                name="case_received_has_no_officer",
                violation_error_message=_("A case that a referral officer has is at least in review."),
            ),
            models.CheckConstraint(
                condition=(OPEN & Q(next_step__in=NextStep.values, next_step_on__isnull=False))
                | Q(state=CaseState.CLOSED, next_step="", next_step_on=None, waiting_since=None),
                name="case_has_a_next_step",
                violation_error_message=_("An open case has a next step and its day; a closed one waits for nothing."),
            ),
            models.CheckConstraint(
                condition=Q(band__in=[int(band) for band in Band]),
                name="case_band_known",
                violation_error_message=_("This is no band of the urgency policy."),
            ),
            models.CheckConstraint(
                condition=Q(score__gte=0, score__lte=100),
                name="case_score_in_range",
                violation_error_message=_("A score lies between 0 and 100 points."),
            ),
        ]

    class Privacy:
        fields = {
            "id": PrivacyClass.CLEAR,
            "help_request": PrivacyClass.CLEAR,
            "reference": PrivacyClass.CLEAR,
            "state": PrivacyClass.CLEAR,
            "owner": PrivacyClass.STAFF,
            "officer": PrivacyClass.STAFF,
            "band": PrivacyClass.CLEAR,
            "score": PrivacyClass.CLEAR,
            "latest_score": PrivacyClass.CLEAR,
            "due_at": PrivacyClass.CLEAR,
            "received_at": PrivacyClass.CLEAR,
            "country": PrivacyClass.CLEAR,
            "language": PrivacyClass.CLEAR,
            "first_read_at": PrivacyClass.CLEAR,
            "contacted_at": PrivacyClass.CLEAR,
            "planned_at": PrivacyClass.CLEAR,
            "next_step": PrivacyClass.CLEAR,
            "next_step_on": PrivacyClass.CLEAR,
            "waiting_since": PrivacyClass.CLEAR,
            "referred_on": PrivacyClass.CLEAR,
            "is_compared": PrivacyClass.CLEAR,
            "closed_at": PrivacyClass.CLEAR,
            "closed_by": PrivacyClass.STAFF,
            "close_reason": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "UPDATE"))

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("cases:case", args=[self.reference])

    @property
    def is_open(self) -> bool:
        return self.state != CaseState.CLOSED

    @property
    def erased_on(self) -> date | None:
        """The day on which the person was erased. One query, unless the case was loaded with `erasure`."""
        plan = getattr(self, "erasure", None)
        return plan.erased_on if plan is not None else None

    @property
    def is_in_referral(self) -> bool:
        return self.state in REFERRAL_STATES or self.referred_on is not None

    @property
    def is_waiting_for_applicant(self) -> bool:
        return self.waiting_since is not None

    @property
    def is_past_due(self) -> bool:
        return self.is_open and self.due_at <= timezone.now()

    @property
    def is_overdue(self) -> bool:
        """A clock of the band has run out, or the day of the next step is over (UTC)."""
        return self.is_past_due or (self.next_step_on is not None and self.next_step_on < timezone.localdate())

    @property
    def met_clocks(self) -> set[str]:
        """The clocks of the band that are met, by the names that cases.urgency.clocks uses."""
        met = {"first_read": self.first_read_at, "contact": self.contacted_at, "plan": self.planned_at}
        return {name for name, when in met.items() if when is not None}

    def seal_subject(self, compartment: Compartment) -> UUID:
        return self.id

    def write_history(self, move: Move, left: str, by: Actor, reason: str) -> None:
        """Keep one row about the move just made; the engine calls this inside its transaction."""
        from cases.models.case_move import CaseMove

        CaseMove.objects.create(
            case=self, name=move.name, left=left, entered=self.state, by_kind=by.kind, by_id=by.staff_id, reason=reason
        )
