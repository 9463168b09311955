"""What is due to be shredded among cases: the keeper for the nightly run and the preview, and how each table ends."""

from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases import actions, need_to_know
from cases.erasures import day_of
from cases.models import Case, ErasurePlan
from cases.states import ErasureWhy
from rainbowrail.actors import Actor
from rainbowrail.privacy import erased, keeping
from rainbowrail.privacy.keeping import CASE_SPANS, Ends, Keeper, Life, Line
from rainbowrail.privacy.retention import Kept, load

PLAN_BATCH = 2_000

LIVES = {
    label: Life(Ends.EMPTIES, CASE_SPANS)
    for label in (
        "cases.Case", "cases.CaseMove", "cases.Note", "cases.Assessment", "cases.UrgencyScore", "cases.NewCode",
        "cases.ErasurePlan", "cases.ErasureProposal", "cases.Postponement", "cases.Restriction", "cases.AccessRequest",
    )
} | {
    "cases.PossibleDuplicate": Life(Ends.GOES, CASE_SPANS),
    "cases.HardMark": Life(Ends.GOES, CASE_SPANS),
    "cases.SecondReading": Life(Ends.GOES, CASE_SPANS),
    "cases.NamedPlaces": Life(Ends.GOES, CASE_SPANS),
    "cases.Suspicion": Life(Ends.EMPTIES, CASE_SPANS),
    "cases.CaseOrigin": Life(Ends.EMPTIES, CASE_SPANS),
    "cases.TextPrint": Life(Ends.GOES, because="14 days; about nobody"),
    "cases.PartnerOrganisation": Life(Ends.STAYS, because="about organisations, not people"),
    "cases.PartnerCode": Life(Ends.STAYS, because="about organisations, not people"),
    "cases.ImportedRow": Life(Ends.STAYS, because="a keyed fingerprint, so that a file sent again brings back nobody erased"),
    "cases.Dismissal": Life(Ends.GOES, CASE_SPANS, "with the delivery that it is about"),
    "cases.Slot": Life(Ends.STAYS, because="about staff; no person of ours is in it"),
    "cases.UnsavedText": Life(Ends.GOES, (Kept.DRAFT,), "sooner when it is saved or thrown away"),
}  # fmt: skip

OPENERS = {
    "identity": "the case's owner, triage leads, the officer of the case, whom a lead let in; each look on record",
    "story": "as identity; where nobody has the case, caseworkers, volunteers at a booked time, officers; each look on record",
    "conversation": "as identity, on record; the person with their return code",
    "casework": "as story; notes and what staff wrote only as identity; each look on record",
    "evidence": "the case's owner, triage leads, the officer of the case; each look on record",
}


def register() -> None:
    """Join the lists; CasesConfig.ready calls this once."""
    keeping.register(KEEPER)
    keeping.register_lives(LIVES)
    keeping.register_openers(OPENERS)
    erased.register("cases", actions.forget_again)


def upcoming(until: date) -> "QuerySet[ErasurePlan]":
    return ErasurePlan.objects.filter(erased_on=None, due_on__lte=until).select_related("case")


def shown_to(plans: "QuerySet[ErasurePlan]", actor: Actor) -> "QuerySet[ErasurePlan]":
    return plans.exclude(case__in=need_to_know.hidden_ids(actor))


def line(plan: ErasurePlan) -> Line:
    change = reverse("cases:postpone", args=[plan.case.reference])
    return Line(plan.case.reference, ErasureWhy(plan.why).label, plan.due_on, change)


def plan(today: date) -> int:
    """Plan closed cases that have no plan yet, and reckon anew those of an older policy. Returns how many were written."""
    version, written = load().version, 0
    unplanned = Case.objects.closed().filter(erasure=None)
    while cases := list(unplanned.order_by("closed_at", "id")[:PLAN_BATCH]):
        new = [ErasurePlan(case=case, due_on=day_of(case), why=ErasureWhy.RETENTION, policy=version) for case in cases]
        ErasurePlan.objects.bulk_create(new, ignore_conflicts=True)
        written += len(new)
    old = upcoming(date.max).filter(why=ErasureWhy.RETENTION).exclude(policy=version)
    while plans := list(old.order_by("id")[:PLAN_BATCH]):
        for each in plans:
            each.due_on, each.policy = day_of(each.case), version
        ErasurePlan.objects.bulk_update(plans, ["due_on", "policy"])
        written += len(plans)
    return written


def due(today: date, most: int) -> list[UUID]:
    """Return the plans to carry out: due, and with them every other case of the same person."""
    others = Case.objects.filter(help_request__person_id=OuterRef("case__help_request__person_id"))
    not_due = others.exclude(pk=OuterRef("case_id")).exclude(
        Q(erasure__erased_on__isnull=False) | Q(erasure__due_on__lte=today)
    )
    ready = ErasurePlan.objects.filter(erased_on=None, due_on__lte=today).exclude(Exists(not_due))
    return list(ready.order_by("due_on", "id").values_list("id", flat=True)[:most])


def shred(plan_id: UUID, today: date) -> bool:
    return actions.erase_due(plan_id, today=today)


KEEPER = Keeper(
    name="cases", label=_("People and their cases"), order=("due_on", "id"),
    upcoming=upcoming, line=line, plan=plan, due=due, shred=shred, shown_to=shown_to,
)  # fmt: skip
