"""Panic: one time at which everything was closed. Who did each step is in its columns, every step is in the trail."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rainbowrail.accounts.models import User
from rainbowrail.actors import Actor
from rainbowrail.crypto.grants import Grants
from rainbowrail.lifecycle.moves import Move
from rainbowrail.panic.states import PanicState, WhyBegun, WhyEnded
from rainbowrail.privacy.classification import PrivacyClass


class PanicQuerySet(models.QuerySet["Panic"]):
    def in_force(self) -> "PanicQuerySet":
        """The plan that is in force: at most one, by a constraint."""
        return self.filter(ended_at=None)

    def waiting_for_the_hosts(self) -> "PanicQuerySet":
        """The plan in force whose hosts nobody has confirmed."""
        return self.in_force().filter(hosts_confirmed_at=None)

    def with_people(self) -> "PanicQuerySet":
        return self.select_related("begun_by", "hosts_confirmed_by", "end_asked_by", "ended_by")

    def waiting_for_the_pair(self) -> "PanicQuerySet":
        """Those whose hosts were confirmed and whose intake pair the worker has not turned yet."""
        return self.in_force().filter(hosts_confirmed_at__isnull=False, pair_turned_at=None)


def _step_by(name: str) -> models.CheckConstraint:
    when, who = f"{name}_at", f"{name}_by"
    both = Q(**{f"{when}__isnull": True, f"{who}__isnull": True}) | Q(**{f"{when}__isnull": False, f"{who}__isnull": False})
    return models.CheckConstraint(condition=both, name=f"panic_{name}_says_who_and_when")


class Panic(models.Model):
    # A thing of its own: the engine writes no case beside its lines.
    case_id: ClassVar[None] = None

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=PanicState, default=PanicState.IN_FORCE)
    why_begun = models.CharField(_("why"), max_length=10, choices=WhyBegun)
    begun_at = models.DateTimeField(_("begun"), default=timezone.now)
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    hosts_confirmed_at = models.DateTimeField(null=True, blank=True)
    hosts_confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    # Which keys were the newest when somebody vouched for the hosts: what turns must differ from them.
    intake_key_then = models.CharField(max_length=24, blank=True)
    store_key_then = models.PositiveSmallIntegerField(null=True, blank=True)
    pair_turned_at = models.DateTimeField(null=True, blank=True)
    why_ended = models.CharField(_("why it ends"), max_length=12, choices=WhyEnded, blank=True)
    end_asked_at = models.DateTimeField(null=True, blank=True)
    end_asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    objects = PanicQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ended_at"], condition=Q(ended_at=None), nulls_distinct=False, name="one_panic_plan_at_a_time"
            ),
            *(_step_by(name) for name in ("hosts_confirmed", "end_asked", "ended")),
            models.CheckConstraint(
                condition=Q(hosts_confirmed_by=None) | ~Q(hosts_confirmed_by=F("begun_by")),
                name="panic_hosts_are_confirmed_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(ended_by=None) | Q(end_asked_by__isnull=False) & ~Q(ended_by=F("end_asked_by")),
                name="panic_is_ended_by_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state=PanicState.ENDED, ended_at__isnull=False)
                | ~Q(state=PanicState.ENDED) & Q(ended_at__isnull=True),
                name="panic_that_ended_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state=PanicState.IN_FORCE) | Q(hosts_confirmed_at__isnull=False),
                name="panic_ends_only_on_confirmed_hosts",
            ),
        ]

    class Privacy:
        fields = {
            "id": PrivacyClass.CLEAR,
            "state": PrivacyClass.CLEAR,
            "why_begun": PrivacyClass.CLEAR,
            "begun_at": PrivacyClass.CLEAR,
            "begun_by": PrivacyClass.STAFF,
            "hosts_confirmed_at": PrivacyClass.CLEAR,
            "hosts_confirmed_by": PrivacyClass.STAFF,
            "intake_key_then": PrivacyClass.CLEAR,
            "store_key_then": PrivacyClass.CLEAR,
            "pair_turned_at": PrivacyClass.CLEAR,
            "why_ended": PrivacyClass.CLEAR,
            "end_asked_at": PrivacyClass.CLEAR,
            "end_asked_by": PrivacyClass.STAFF,
            "ended_at": PrivacyClass.CLEAR,
            "ended_by": PrivacyClass.STAFF,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "UPDATE"))

    def __str__(self) -> str:
        return f"panic plan ({self.state})"

    def write_history(self, move: Move, left: str, by: Actor, reason: str) -> None:
        """The columns say who and when; the engine's line in the trail says the rest."""

    @property
    def last_step_at(self) -> datetime:
        return self.ended_at or self.end_asked_at or self.hosts_confirmed_at or self.begun_at
