"""Tells the trail which case a reference names, for it knows only ids. Auditors read references, never what a case holds."""

from collections.abc import Collection, Mapping
from uuid import UUID

from cases.models import Case
from rainbowrail.audit.references import ReferenceBook


def find(reference: str) -> UUID | None:
    return Case.objects.filter(reference=reference).values_list("pk", flat=True).first()


def names(ids: Collection[UUID]) -> Mapping[UUID, str]:
    return dict(Case.objects.filter(pk__in=ids).values_list("pk", "reference"))


BOOK = ReferenceBook(find, names)
