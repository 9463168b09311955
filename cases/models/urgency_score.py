"""UrgencyScore: what the policy said, and what a person said instead; kept, never overwritten."""

import uuid
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.queries import UrgencyScoreQuerySet
from cases.states import ScoredBy
from cases.urgency.bands import Band
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.fields import EncryptedJSONField
from rainbowrail.crypto.grants import Grants
from rainbowrail.privacy.classification import PrivacyClass


class UrgencyScore(models.Model):
    """One word about how soon: the policy's (with all its reasons, sealed) or a person's (with theirs, sealed).

    A policy row's `result` is the dictionary of cases.actions.scoring; a person's is `{"reason": text}`. A person's row counts
    from `in_force_at`; until then it is a proposal that a second person may confirm or refuse. It rests on the policy row
    that the person had before them. `scored_at` is cut to the hour, for the first scoring follows the drain.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="scores")
    number = models.PositiveIntegerField()
    scored_by = models.CharField(max_length=8, choices=ScoredBy)
    band = models.PositiveSmallIntegerField(choices=[(int(band), band.name) for band in Band])
    score = models.DecimalField(max_digits=4, decimal_places=1)
    policy_version = models.CharField(max_length=40)
    countries_as_of = models.DateField()
    result = EncryptedJSONField(seal_id="urgency_score.result.v1", compartment=Compartment.CASEWORK)
    scored_at = models.DateTimeField()
    rests_on = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    seconded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    in_force_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)

    objects = UrgencyScoreQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "number"],
                name="urgency_scores_are_in_order",
                violation_error_message=_("Somebody else set the urgency at the same moment. Look again."),
            ),
            models.CheckConstraint(
                condition=Q(scored_by=ScoredBy.POLICY, by=None, rests_on=None, seconded_by=None, in_force_at__isnull=False)
                | Q(scored_by=ScoredBy.PERSON, by__isnull=False, rests_on__isnull=False),
                name="urgency_score_says_whose",
                violation_error_message=_("A person's urgency names the person and the policy's word it stands against."),
            ),
            models.CheckConstraint(
                condition=Q(seconded_by=None) | ~Q(seconded_by=F("by")),
                name="urgency_second_is_another",
                violation_error_message=_("Nobody confirms their own proposal; a second person does."),
            ),
            models.CheckConstraint(
                condition=Q(refused_at=None) | Q(in_force_at=None),
                name="urgency_refused_or_in_force",
                violation_error_message=_("A refused proposal never comes into force."),
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(scored_by=ScoredBy.PERSON, in_force_at=None, refused_at=None),
                name="urgency_one_open_proposal",
                violation_error_message=_("There is a proposal already; it waits for a second person."),
            ),
        ]

    class Privacy:
        fields = {
            "id": PrivacyClass.CLEAR,
            "case": PrivacyClass.CLEAR,
            "number": PrivacyClass.CLEAR,
            "scored_by": PrivacyClass.CLEAR,
            "band": PrivacyClass.CLEAR,
            "score": PrivacyClass.CLEAR,
            "policy_version": PrivacyClass.CLEAR,
            "countries_as_of": PrivacyClass.CLEAR,
            "result": PrivacyClass.SEALED,
            "scored_at": PrivacyClass.CLEAR,
            "rests_on": PrivacyClass.CLEAR,
            "by": PrivacyClass.STAFF,
            "seconded_by": PrivacyClass.STAFF,
            "in_force_at": PrivacyClass.CLEAR,
            "refused_at": PrivacyClass.CLEAR,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "UPDATE"))

    def __str__(self) -> str:
        return f"{Band(self.band).name} {self.score}"

    def words(self) -> dict[str, Any]:
        """The policy's gates, floors, reasons, questions and factors as sentences, in the reader's language. Opens CASEWORK."""
        by_language: dict[str, dict[str, Any]] = self.result["words"]
        return by_language.get(get_language() or "") or by_language["en"]

    def seal_subject(self, compartment: Compartment) -> UUID:
        return self.case_id
