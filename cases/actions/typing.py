"""What somebody typed and did not save: kept sealed for them alone, found again in the form, gone when it is saved.

Decision 0058. Nothing here stands in the trail: what is saved does, and what is thrown away was nobody's but its author's.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cases.models import Case, Note, UnsavedText
from cases.permissions import person
from rainbowrail.actors import Actor
from rainbowrail.privacy.retention import Kept, load

# More than the longest form holds, which is that of a referral; what is longer was not typed into one of our forms.
MOST_FIELDS, MOST_CHARS = 60, 200_000
NEVER_KEPT = frozenset({"csrfmiddlewaretoken", "answer", "code"})
# The field that marks one copy of a form, so that a second press writes nothing more.
ONCE = "once"


def keep_typed(case: Case, *, page: str, typed: Mapping[str, list[str]], by: Actor) -> UnsavedText | None:
    """Seal what was typed on one page of a case, in place of what was kept of it before; None when there is nothing to keep.

    `typed` is `{field: values}`. Empty fields, and a form that was saved in the meantime, leave nothing behind. The caller has
    asked whether `by` may see the case.
    """
    fields = worth_keeping(typed)
    with transaction.atomic():
        Case.objects.select_for_update(of=("self",)).get(pk=case.pk)  # two copies of one form come one after the other
        row = UnsavedText.objects.filter(case=case, author_id=person(by), page=page).first()
        if not fields or _was_saved(fields):
            if row is not None:
                row.delete()
            return None
        row = row or UnsavedText(case=case, author_id=person(by), page=page)
        row.typed, row.typed_at = fields, timezone.now()
        row.save()
    return row


def typed_in(case: Case, *, pages: Iterable[str], by: Actor) -> dict[str, UnsavedText | None]:
    """Return what this person typed and did not save, or None, for each of the pages. One query; opens nothing."""
    wanted = list(pages)
    rows = UnsavedText.objects.filter(case=case, author_id=person(by), page__in=wanted)
    return {**dict.fromkeys(wanted), **{row.page: row for row in rows}}


def last_typed(*, page: str, by: Actor) -> UnsavedText | None:
    """Return what this person typed last on a page that asks itself which case it is about. One query; opens nothing."""
    return (
        UnsavedText.objects.filter(author_id=person(by), page=page).select_related("case").order_by("-typed_at", "id").first()
    )


def drop_typed(case: Case, *, page: str, by: Actor) -> None:
    """Forget what this person typed on one page: it was saved, or is not wanted any more."""
    UnsavedText.objects.filter(case=case, author_id=person(by), page=page).delete()


def forget_old_typed() -> int:
    """Delete what nobody came back for in the days of an unfinished draft. Returns how many were deleted."""
    return _expired().delete()[0]


def _expired() -> "QuerySet[UnsavedText]":
    span = load().spans[Kept.DRAFT]
    today = timezone.localdate()
    old = [pk for pk, at in UnsavedText.objects.values_list("pk", "typed_at") if span.after(at.date()) <= today]
    return UnsavedText.objects.filter(pk__in=old)


def worth_keeping(typed: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return the fields that hold something; none at all for a form that is empty or longer than any of ours."""
    fields = {
        name: values for name, values in typed.items() if name not in NEVER_KEPT and any(value.strip() for value in values)
    }
    length = sum(len(value) for values in fields.values() for value in values)
    if not set(fields) - {ONCE} or len(fields) > MOST_FIELDS or length > MOST_CHARS:
        return {}
    return fields


def _was_saved(fields: Mapping[str, list[str]]) -> bool:
    """Whether a note stands under the mark of this very form: its last copy came after the form itself."""
    try:
        marks = [UUID(mark) for mark in fields.get(ONCE, [])]
    except ValueError:
        return False
    return bool(marks) and Note.objects.filter(pk__in=marks).exists()
