"""Ways of reading many cases. Every staff read begins at `visible_to`; what it hides is answered with 404."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cases import need_to_know
from cases.need_to_know import Depth
from cases.states import REFERRAL_STATES, CaseState, Looked, ScoredBy
from cases.urgency.bands import Band
from rainbowrail.actors import Actor

if TYPE_CHECKING:
    from cases.models import Case, NewCode, PossibleDuplicate, SecondReading, UrgencyScore  # noqa: F401 - named in quotes below
    from rainbowrail.accounts.models import User

UNCLAIMED = Q(state=CaseState.RECEIVED)


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, who: "User | Actor", *, depth: Depth = Depth.OUTLINE) -> Self:
        """The cases this person may see at least so deep (cases.need_to_know): none for auditors and administrators."""
        seen = need_to_know.condition(who if isinstance(who, Actor) else who.actor, depth)
        return self.none() if seen is None else self.filter(seen)

    def with_depth_for(self, actor: Actor) -> Self:
        """With each case, how deep this person sees into it; `need_to_know.keep` remembers it."""
        return self.annotate(depth_seen=need_to_know.depth(actor))

    def waiting(self) -> Self:
        """Open cases: somebody waits for us."""
        return self.exclude(state=CaseState.CLOSED)

    def closed(self) -> Self:
        return self.filter(state=CaseState.CLOSED)

    def waiting_for_applicant(self) -> Self:
        return self.filter(waiting_since__isnull=False)

    def unclaimed(self) -> Self:
        return self.filter(UNCLAIMED, owner=None)

    def without_named_places(self) -> Self:
        """Cases whose card is shown to people who may not know who it is, and nobody noted where the words say so."""
        return self.filter(state__in=(CaseState.RECEIVED, *REFERRAL_STATES), named_places=None)

    def mine(self, who: "User | Actor") -> Self:
        """The cases that this person owns, or prepares the referral of."""
        actor = who if isinstance(who, Actor) else who.actor
        return self.filter(Q(owner=actor.staff_id) | Q(officer=actor.staff_id))

    def without_officer(self) -> Self:
        """In referral, and no referral officer has it."""
        return self.filter(state__in=REFERRAL_STATES, officer=None)

    def without_set_aside(self, *, at: datetime | None = None) -> Self:
        """Without what is set aside until a person has looked, unless it is an emergency, somebody has taken it, or a clock of
        its band ran out: nobody is ever lost there (docs/decisions/0093)."""
        open_rows = apps.get_model("cases", "Suspicion")._default_manager.filter(case=OuterRef("pk"), verdict=Looked.OPEN)
        stands = Q(band=int(Band.EMERGENCY)) | Q(owner__isnull=False) | Q(due_at__lte=at or timezone.now())
        return self.filter(stands | ~Q(Exists(open_rows)))

    def overdue(self, *, at: datetime | None = None) -> Self:
        """Open cases that slip: a clock of the band ran out, or the day of the next step is over.

        `at` is UTC, by default now.
        """
        at = at or timezone.now()
        return self.waiting().filter(Q(due_at__lte=at) | Q(next_step_on__lt=at.date()))

    def most_urgent_first(self) -> Self:
        """Band, then due_at, then score (higher first), then received_at, then id: the order of domain.md, everywhere."""
        return self.order_by("band", "due_at", "-score", "received_at", "id")

    def with_queue_columns(self) -> Self:
        """What one line of the queue shows, in one query: owner and officer, the policy's latest word (its reasons stay
        sealed), and whether the person was erased."""
        return self.select_related("owner", "officer", "latest_score", "erasure")


class UrgencyScoreQuerySet(models.QuerySet["UrgencyScore"]):
    def by_policy(self) -> Self:
        return self.filter(scored_by=ScoredBy.POLICY)

    def by_people(self) -> Self:
        return self.filter(scored_by=ScoredBy.PERSON)

    def in_force(self) -> Self:
        return self.filter(in_force_at__isnull=False)

    def open_proposals(self) -> Self:
        """A person's words that wait for a second person; at most one a case."""
        return self.by_people().filter(in_force_at=None, refused_at=None)

    def latest_first(self) -> Self:
        return self.order_by("-number")


class NewCodeQuerySet(models.QuerySet["NewCode"]):
    def under_way(self) -> Self:
        """Neither made nor refused; at most one a case."""
        return self.filter(made_at=None, refused_at=None)

    def made(self) -> Self:
        return self.filter(made_at__isnull=False)


class PossibleDuplicateQuerySet(models.QuerySet["PossibleDuplicate"]):
    def of(self, case: "Case") -> Self:
        """The pairs this case is one of."""
        return self.filter(Q(case=case) | Q(other=case)).select_related("case", "other", "judged_by")

    def with_both_among(self, cases: "CaseQuerySet") -> Self:
        """The pairs of which both are among these cases: nobody learns of a case they may not see."""
        return self.filter(case__in=cases, other__in=cases)


class SecondReadingQuerySet(models.QuerySet["SecondReading"]):
    def open(self) -> Self:
        """Not ended: somebody shall still read it."""
        return self.filter(ended_at=None)

    def passed_to(self, who: "User | Actor") -> Self:
        actor = who if isinstance(who, Actor) else who.actor
        return self.filter(passed_to=actor.staff_id)

    def passed_by(self, who: "User | Actor") -> Self:
        actor = who if isinstance(who, Actor) else who.actor
        return self.filter(passed_by=actor.staff_id)
