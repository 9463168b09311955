"""The triage queue: who waits, the most urgent first, and why."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases import actions, need_to_know
from cases.alerts import Alerts, NoTimeNow
from cases.audit_verbs import CaseVerb
from cases.forms import QueueFilter, SearchForm
from cases.models import Case
from cases.models.case import CLOSED_ORDER, QUEUE_ORDER
from cases.need_to_know import ASKERS, Depth
from cases.permissions import SEARCHERS, allows, check_claim
from cases.queries import CaseQuerySet
from cases.states import CaseState
from cases.urgency.bands import Band
from cases.views.finding import READER_ROLES, case_of, staff_of
from cases.why import Reason, reasons_of
from intake import flood
from rainbowrail.accounts.models import User
from rainbowrail.actors import Actor
from rainbowrail.audit.record import record, record_listed
from rainbowrail.crypto import datakeys
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.roles import Role
from rainbowrail.web.doors import staff_page
from rainbowrail.web.pagination import Keyset

PAGE_SIZE = 25
REASONS_SHOWN = 2


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line: the case, the first reasons of its urgency (none for who sees an outline only), how many more there are,
    whether this person may take it, and whether they may read why."""

    case: Case
    reasons: list[Reason]
    more: int
    can_claim: bool
    may_read: bool

    @classmethod
    def of(cls, case: Case, *, by: Actor) -> "QueueRow":
        may_read = need_to_know.depth_of(case, by) >= Depth.CARD and not case.erased_on
        reasons = reasons_of(case.latest_score) if case.latest_score and may_read else []
        can_claim = case.state == CaseState.RECEIVED and allows(check_claim, by, case)
        return cls(case, reasons[:REASONS_SHOWN], len(reasons[REASONS_SHOWN:]), can_claim, may_read)


@staff_page(*READER_ROLES)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    user = staff_of(request)
    if (time := NoTimeNow.of(user.actor)) is not None:
        return render(request, "cases/no_time.html", {"time": time})
    form = QueueFilter(request.GET)
    if form.is_valid() and (reference := form.cleaned_data["reference"]):
        if found := Case.objects.visible_to(user).filter(reference=reference).first():
            return redirect(found)
        form.add_error("reference", _("You have no case with this reference. Letters that sound alike are never in one."))
    wanted = {name: value for name, value in form.cleaned_data.items() if value}
    is_closed = wanted.get("whose") == "closed"
    cases = narrowed(Case.objects.visible_to(user), wanted, user).with_depth_for(user.actor).with_queue_columns()
    page = Keyset(cases, CLOSED_ORDER if is_closed else QUEUE_ORDER, after=request.GET.get("after"), size=PAGE_SIZE)
    rows = rows_of(page.rows, by=user.actor)
    record(CaseVerb.QUEUE_VIEWED, by=user.actor, detail={"count": len(rows)})
    # The reasons are casework: whoever looks at the queue has opened a little of each of these cases.
    told = [row.case.pk for row in rows if row.reasons]
    record_listed(told, page="queue", compartment=Compartment.CASEWORK, by=user.actor)
    context = {
        "form": form,
        "rows": rows,
        "alerts": Alerts.of(user.actor),
        "may_ask": bool(user.actor.roles & ASKERS),
        "shows_reasons": shows_reasons(user.actor),
        "flood": Role.TRIAGE_LEAD in user.actor.roles and flood.is_on(),
        "whose": links_of(request.GET, form),
        "is_narrowed": bool(wanted),
        "search_form": SearchForm(auto_id="search_%s") if user.actor.roles & SEARCHERS else None,
        "previous_url": link_to(request.GET, page.previous_token),
        "next_url": link_to(request.GET, page.next_token),
    }
    return render(request, "cases/queue.html", context)


def narrowed(cases: CaseQuerySet, wanted: dict[str, Any], user: User) -> CaseQuerySet:
    """Keep what the filter asks for: open cases unless it asks for the closed; an unknown word asks for nothing."""
    cases = cases.closed() if wanted.get("whose") == "closed" else cases.waiting()
    match wanted.get("whose"):
        case None:
            cases = cases.without_set_aside()
        case "mine":
            cases = cases.mine(user)
        case "unclaimed":
            cases = cases.unclaimed().without_set_aside()
        case "overdue":
            cases = cases.overdue()
        case "waiting":
            cases = cases.waiting_for_applicant()
    if band := wanted.get("band"):
        cases = cases.filter(band=int(Band[band.upper()]))
    columns = {"stage": "state", "country": "country", "language": "language"}
    return cases.filter(**{column: wanted[name] for name, column in columns.items() if wanted.get(name)})


def rows_of(cases: list[Case], *, by: Actor) -> list[QueueRow]:
    """Open the reasons of the shown cases only, with one query for all their keys."""
    need_to_know.keep(cases, by)
    if shows_reasons(by):
        datakeys.open_many([case.pk for case in cases], Compartment.CASEWORK)
    return [QueueRow.of(case, by=by) for case in cases]


def shows_reasons(by: Actor) -> bool:
    """Whether somebody with these roles ever sees why a case is urgent: a manager sees that it is, and no more."""
    return bool(by.roles & need_to_know.reaching(Depth.CARD))


def links_of(query: QueryDict, form: QueueFilter) -> list[dict[str, Any]]:
    """Return the links for "whose", each keeping the other filters and starting at the first page."""
    here = form.cleaned_data.get("whose", "")
    return [
        {"url": link_to(query, "", whose=value), "label": label, "is_here": value == here} for value, label in QueueFilter.WHOSE
    ]


def link_to(query: QueryDict, token: str | None, **changes: str) -> str:
    """Return the query string of another page of the same list, or nothing when there is no such page."""
    if token is None:
        return ""
    wanted = query.copy()
    for name, value in {"after": token, **changes}.items():
        wanted[name] = value
    for name in [name for name, value in wanted.items() if not value]:
        del wanted[name]
    return f"?{wanted.urlencode()}"


@staff_page(*READER_ROLES)
@require_POST
def claim(request: HttpRequest, reference: str) -> HttpResponse:
    case, by = case_of(request, reference), staff_of(request).actor
    check_claim(by, case)
    actions.claim(case, by=by)
    messages.success(request, _("You have this case now. The first thing is to read it."))
    return redirect(case)
