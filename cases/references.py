"""Tells the trail which case a reference names and whose it is, for it knows only ids. Auditors read references, never what a
case holds."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q

from cases.models import Case, Restriction
from rainbowrail.audit.references import ReferenceBook


def find(reference: str) -> UUID | None:
    return Case.objects.filter(reference=reference).values_list("pk", flat=True).first()


def names(ids: Collection[UUID]) -> Mapping[UUID, str]:
    return dict(Case.objects.filter(pk__in=ids).values_list("pk", "reference"))


def owners(ids: Collection[UUID]) -> Mapping[UUID, Collection[int]]:
    """Return whose each case is: its owner's and its referral officer's."""
    rows = Case.objects.filter(pk__in=ids).values_list("pk", "owner_id", "officer_id")
    return {case_id: people for case_id, *both in rows if (people := {one for one in both if one is not None})}


def owned_by(staff_id: int) -> Any:
    # A closed case keeps its owner also when it is hidden from them.
    hidden = Restriction.objects.filter(person=staff_id, lifted_at=None)
    mine = Q(owner=staff_id) | Q(officer=staff_id)
    return Case.objects.filter(mine).exclude(pk__in=hidden.values("case")).values("pk")


def hidden(staff_id: int, ids: Collection[UUID]) -> Collection[UUID]:
    rows = Restriction.objects.filter(person=staff_id, lifted_at=None, case__in=ids)
    return set(rows.values_list("case", flat=True))


def all_hidden(staff_id: int) -> Any:
    return Restriction.objects.filter(person=staff_id, lifted_at=None).values("case")


BOOK = ReferenceBook(find, names, owners, owned_by, hidden, all_hidden)
