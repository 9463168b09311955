"""The auditor's page: who did what on which case, newest first. Reading it is on record too."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rainbowrail.audit import references
from rainbowrail.audit.forms import TrailForm
from rainbowrail.audit.models import AuditEvent
from rainbowrail.audit.queries import AuditEventQuerySet
from rainbowrail.audit.record import record
from rainbowrail.audit.verbs import KernelVerb
from rainbowrail.roles import Role
from rainbowrail.web.doors import actor_of, staff_page
from rainbowrail.web.pagination import Keyset


@dataclass(frozen=True, slots=True)
class Line:
    """One line as the page shows it; `who` and `case` are empty where there is no name or reference."""

    event: AuditEvent
    who: str
    case: str


@staff_page(Role.AUDITOR)
@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    form = TrailForm(request.GET or None)
    page = Keyset(_narrowed(form), order=("-id",), after=request.GET.get("after"))
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    about = {"person": wanted["person"].pk} if wanted.get("person") else {}
    lines = lines_of(page.rows)  # before our own line, which is for the next reader
    record(KernelVerb.TRAIL_VIEWED, by=actor_of(request), case_id=wanted.get("case"), detail=about)
    return render(request, "audit/trail.html", {"form": form, "page": page, "lines": lines})


def _narrowed(form: TrailForm) -> AuditEventQuerySet:
    events: AuditEventQuerySet = AuditEvent.objects.all()
    if not form.is_bound:
        return events
    if not form.is_valid():
        return events.none()
    wanted = form.cleaned_data
    if wanted["case"]:
        events = events.of_case(wanted["case"])
    if wanted["person"]:
        events = events.of_person(wanted["person"].pk)
    return events.on_day(wanted["day"]) if wanted["day"] else events


def lines_of(events: list[AuditEvent]) -> list[Line]:
    """Return the events with names and references: two queries for any number of lines."""
    people: dict[int, Any] = get_user_model()._default_manager.in_bulk({e.actor_id for e in events if e.actor_id})
    cases = references.names({e.case_id for e in events if e.case_id})
    return [Line(e, _name(people, e.actor_id), cases.get(e.case_id, "") if e.case_id else "") for e in events]


def _name(people: dict[int, Any], staff_id: int | None) -> str:
    return str(people[staff_id]) if staff_id in people else ""
