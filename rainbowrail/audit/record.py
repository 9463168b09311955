"""record(), record_view() and record_listed(): the only ways into the trail."""

import re
from collections.abc import Collection, Mapping
from datetime import timedelta
from enum import Enum
from uuid import UUID

from django.db import models
from django.utils import timezone

from rainbowrail.actors import Actor, ActorKind
from rainbowrail.audit import chain
from rainbowrail.audit.models import AuditEvent
from rainbowrail.audit.verbs import AuditVerb, KernelVerb

# What a detail may be about. Adding a key is a decision about what a stolen database tells (README, first row of the promise).
DETAIL_KEYS = frozenset(
    {
        "band", "case", "cause", "channel", "code", "compartment", "count", "edition", "entered", "format", "found",
        "from_band", "kind", "left", "move", "owner", "page", "person", "policy", "programme", "reason_code", "recipient",
        "referral", "role", "roles", "sequence", "sha256", "size", "state", "status", "step", "template", "to_band",
        "tries", "version",
    }
)  # fmt: skip
# Who looks at a list again and again leaves one line a case in this time (docs/decisions/0084).
LISTED_ANEW_AFTER = timedelta(hours=6)
_CODE = re.compile(r"[A-Za-z0-9_.:,+-]{0,128}")  # all roles of one person, or a SHA-256, and not a sentence


def record(
    verb: AuditVerb,
    *,
    by: Actor,
    on: models.Model | None = None,
    case_id: UUID | None = None,
    detail: Mapping[str, str | int] | None = None,
) -> AuditEvent:
    """Add one line to the trail, in the caller's transaction.

    Of an applicant's act only the hour is kept. Raises ValueError for a detail whose key is not on the list, or whose value is
    neither a whole number nor a code of at most 64 letters, digits and `_.:,+-`: a trail must not become a second case file.
    """
    event = _line(verb, by=by, on=on, case_id=case_id, detail=detail)
    event.save(force_insert=True)
    return event


def _line(
    verb: AuditVerb,
    *,
    by: Actor,
    on: models.Model | None = None,
    case_id: UUID | None = None,
    detail: Mapping[str, str | int] | None = None,
) -> AuditEvent:
    now = timezone.now()
    if by.kind is ActorKind.APPLICANT:
        now = now.replace(minute=0, second=0, microsecond=0)
    event = AuditEvent(
        at=now,
        verb=verb.value,
        actor_kind=by.kind.value,
        actor_id=by.staff_id,
        thing=on._meta.label_lower if on is not None else "",
        thing_id=str(on.pk) if on is not None else "",
        case_id=case_id,
        detail=_checked(detail or {}),
    )
    event.seal = chain.seal_of(event)
    return event


def record_view(thing: models.Model, *, compartment: str | Enum, by: Actor, case_id: UUID | None = None) -> AuditEvent:
    """Add the line that says who opened what: reading is recorded like changing. `compartment` says how deep they looked."""
    return record(
        KernelVerb.VIEWED,
        by=by,
        on=thing,
        case_id=case_id,
        detail={"compartment": str(getattr(compartment, "value", compartment))},
    )


def record_listed(case_ids: Collection[UUID], *, page: str, compartment: str | Enum, by: Actor) -> int:
    """Add a line for each case of which somebody saw something sealed in a list; returns how many lines.

    None for a case that the same person saw on the same page in the last six hours. Two statements for any number of cases.
    """
    if not case_ids:
        return 0
    lately = AuditEvent.objects.filter(
        actor_id=by.staff_id,
        verb=KernelVerb.LISTED,
        at__gt=timezone.now() - LISTED_ANEW_AFTER,
        case_id__in=case_ids,
        detail__page=page,
    )
    told = set(lately.values_list("case_id", flat=True))
    detail = {"page": page, "compartment": str(getattr(compartment, "value", compartment))}
    new = [case_id for case_id in dict.fromkeys(case_ids) if case_id not in told]
    AuditEvent.objects.bulk_create([_line(KernelVerb.LISTED, by=by, case_id=case_id, detail=detail) for case_id in new])
    return len(new)


def _checked(detail: Mapping[str, str | int]) -> dict[str, str | int]:
    for key, value in detail.items():
        if key not in DETAIL_KEYS:
            raise ValueError(f"The audit trail knows no detail called {key!r}; it takes {', '.join(sorted(DETAIL_KEYS))}.")
        if not isinstance(value, int) and not _CODE.fullmatch(str(value)):
            raise ValueError(f"The audit detail {key!r} must be a whole number or a short code, never free text.")
    return {key: value if isinstance(value, int) else str(value) for key, value in detail.items()}
