"""Worker and staff web: the plan in force by which a person may be reached, its history, and what their code may see of it.

The request keeps the plan it was sent with; what the person confirms or changes later stands in `ContactPlan`
(docs/decisions/0091). Everything that reaches out asks `in_force`, everything that looks for a leak asks `ever`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from intake import finding
from intake.audit_verbs import IntakeVerb
from intake.finding import Known
from intake.models import ContactPlan, HelpRequest, RequestStatus, ShownPlan
from intake.models.message import conversation_subject
from intake.states import Audience, Channel
from rainbowrail.actors import APPLICANT
from rainbowrail.audit.record import record
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.models import DataKey

PLAN_KEYS = frozenset(
    {
        "channel", "address", "from_hour", "until_hour", "utc_offset", "shared_device", "leave_message", "word", "confirmed_on",
    }
)  # fmt: skip
SHOWN_KEYS = ("channel", "from_hour", "until_hour", "utc_offset", "confirmed_on")


def in_force(request: HelpRequest) -> dict[str, Any]:
    """Return the plan that counts now. One query. Opens IDENTITY."""
    row = request.contact_plans.filter(ended_on=None).first()
    plan: dict[str, Any] = row.plan if row else (request.identity or {}).get("contact") or {}
    return plan


def ever(request: HelpRequest) -> list[dict[str, Any]]:
    """Return every plan there ever was: an old number is as secret as the new one. One query. Opens IDENTITY."""
    first: dict[str, Any] = (request.identity or {}).get("contact") or {}
    return [first, *(row.plan for row in request.contact_plans.all())]


def history(request: HelpRequest) -> list[ContactPlan]:
    """Return the plans, the newest first; empty while the one of the request itself is in force. One query."""
    return list(request.contact_plans.order_by("-arrival"))


def change(request: HelpRequest, plan: Mapping[str, Any], *, today: date, arrival: int) -> bool:
    """Close the plan before this one and begin it, confirmed `today`; index entries and what the code shows follow.

    `arrival` of its delivery decides what "before" means. A plan that is opened after a newer one is closed from the start: it
    goes between the two that it arrived between. Returns whether it is in force now. Writes in the caller's transaction. Opens
    IDENTITY, STORY and CONVERSATION.
    """
    closing, newer = _rows_around(request, arrival)
    since = max(today, closing.since_on)
    # Where the plan that came next began earlier than this day can be: they meet on that day.
    since = since if newer is None else min(since, newer.since_on)
    closing.ended_on = since
    closing.save()
    said = {key: value for key, value in plan.items() if key in PLAN_KEYS and value is not None}
    ContactPlan.objects.create(
        help_request=request,
        plan=said | {"confirmed_on": today.isoformat()},
        since_on=since,
        ended_on=newer.since_on if newer else None,
        arrival=arrival,
    )
    record(IntakeVerb.PLAN_CHANGED, by=APPLICANT, on=request)
    show(request)
    finding.reindex_person(request.person_id)
    return newer is None


def confirm(request: HelpRequest, *, today: date, arrival: int) -> None:
    """Note that the plan which was in force when this arrived was right `today`. Writes in the caller's transaction."""
    row, _newer = _rows_around(request, arrival)
    # ISO dates compare like days; a word that is opened late does not make a later one undone.
    row.plan = row.plan | {"confirmed_on": max(today.isoformat(), str(row.plan.get("confirmed_on") or ""))}
    row.save()
    record(IntakeVerb.PLAN_CONFIRMED, by=APPLICANT, on=request)
    show(request)


def show(request: HelpRequest) -> None:
    """Publish what the person's own code may see of the plan in force, under their newest conversation key.

    Nothing is published for somebody without a code of their own. Opens IDENTITY.
    """
    subject_id = conversation_subject(Audience.PERSON, person_id=request.person_id, help_request_id=request.id)
    if not DataKey.objects.filter(subject_id=subject_id, compartment=Compartment.CONVERSATION).exists():
        return
    plan = in_force(request)
    shown = {key: plan[key] for key in SHOWN_KEYS if plan.get(key) is not None}
    row = ShownPlan.objects.filter(help_request=request).first() or ShownPlan(help_request=request, person_id=request.person_id)
    row.shown = {"channel": str(Channel.NONE)} | shown
    row.save()


def said_of(person_ids: Collection[UUID]) -> dict[UUID, Known]:
    """Return the addresses of every later plan of these people, for the index. One query. Opens IDENTITY."""
    found: dict[UUID, Known] = {}
    rows = ContactPlan.objects.filter(help_request__person_id__in=person_ids).select_related("help_request").order_by("id")
    for row in rows:
        answers = row.help_request.answers or {}
        countries = {str(answers.get(key) or "") for key in ("current_country", "nationality")}
        known = finding.as_known(row.plan.get("channel"), str(row.plan.get("address") or ""), countries=countries)
        found.setdefault(row.help_request.person_id, Known()).add(known)
    return found


def _rows_around(request: HelpRequest, arrival: int) -> tuple[ContactPlan, ContactPlan | None]:
    """Return the plan that was in force when `arrival` came, and the one that came next if there is one already.

    The first row is written from the request itself.
    """
    # The status row is the lock: two changes at once see each other's rows.
    RequestStatus.objects.select_for_update().filter(id=request.id).first()
    rows = ContactPlan.objects.filter(help_request=request)
    before = rows.filter(arrival__lt=arrival).order_by("-arrival").first()
    if before is None:
        first = (request.identity or {}).get("contact") or {}
        since = timezone.localdate(request.received_hour)
        before = ContactPlan.objects.create(help_request=request, plan=first, since_on=since)
    return before, rows.filter(arrival__gt=arrival).order_by("arrival").first()
