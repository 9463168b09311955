"""Erase a person, put an erasure off, and see what will be erased in the next days."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import actions
from cases.actions.erasing import open_proposal
from cases.audit_verbs import CaseVerb
from cases.forms import PostponeForm, ReasonForm
from cases.models import Case, ErasureProposal
from cases.permissions import ERASURE_READERS, allows, check_ask_erasure, check_confirm_erasure, check_postpone_erasure
from cases.views.acting import Page, act, given
from cases.views.finding import READER_ROLES, case_of, staff_of
from rainbowrail.audit.record import record, record_view
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.errors import NotPossible
from rainbowrail.privacy import keeping
from rainbowrail.privacy.retention import Gone, Kept, due_on
from rainbowrail.roles import Role
from rainbowrail.web.doors import actor_of, staff_page
from rainbowrail.web.pagination import Keyset
from rainbowrail.web.recent import needs_recent_sign_in

PREVIEW_DAYS = 30


@staff_page(*READER_ROLES)
@needs_recent_sign_in()
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for it, or see who asked and decide."""
    case, by = case_of(request, reference), staff_of(request).actor
    check_ask_erasure(by, case)
    proposal = open_proposal(case)
    if proposal is not None and request.method != "POST":
        record_view(case, compartment=Compartment.CASEWORK, by=by, case_id=case.pk)  # its reason is sealed
        context = {
            "case": case,
            "proposal": proposal,
            "dates": dates_told(),
            "may_confirm": may_confirm(proposal, case, request),
            "may_refuse": by.staff_id == proposal.asked_by_id or allows(check_confirm_erasure, by, case),
        }
        return render(request, "cases/erase.html", context)

    def ask(told: dict[str, Any]) -> str:
        made = actions.ask_erasure(case, reason=told["reason"], by=by)
        if made.needs_second:
            return _("It is asked. Nothing is erased until another person, a triage lead, confirms it.")
        return _("It is asked. Nothing is erased until a triage lead confirms it.")

    page = Page(
        gettext_lazy("Erase the person"),
        gettext_lazy("Ask for it"),
        _("Everything about the person and all their cases goes for good; what can be counted stays.") + " " + dates_told(),
        danger=True,
    )
    return act(request, case, page, ReasonForm(given(request)), ask)


@staff_page(Role.CASEWORKER, Role.TRIAGE_LEAD)
@needs_recent_sign_in(form="cases:erase")
@require_POST
def decide_erasure(request: HttpRequest, reference: str) -> HttpResponse:
    case, by = case_of(request, reference), staff_of(request).actor
    proposal = get_object_or_404(ErasureProposal, case=case, confirmed_at=None, refused_at=None)
    try:
        if request.POST.get("answer") == "confirm":
            actions.confirm_erasure(proposal, by=by)
            messages.success(request, _("The person is erased."))
        else:
            actions.refuse_erasure(proposal, by=by)
            messages.success(request, _("Nothing is erased."))
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    return redirect(case)


@staff_page(Role.TRIAGE_LEAD)
@require_http_methods(["GET", "HEAD", "POST"])
def postpone(request: HttpRequest, reference: str) -> HttpResponse:
    case, by = case_of(request, reference), staff_of(request).actor
    check_postpone_erasure(by, case)

    def put_off(told: dict[str, Any]) -> str:
        actions.postpone_erasure(case, until=told["until"], reason=told["reason"], by=by)
        return _("The erasure is put off until %(day)s.") % {"day": date_format(told["until"])}

    page = Page(
        gettext_lazy("Put the erasure off"),
        gettext_lazy("Put it off"),
        _("Only a danger to life forbids an erasure. Your reason is its record. At most until %(day)s at a time.")
        % {"day": date_format(due_on(Kept.POSTPONEMENT, timezone.localdate()))},
    )
    return act(request, case, page, PostponeForm(given(request)), put_off)


@staff_page(*sorted(ERASURE_READERS))
@require_safe
def erasures(request: HttpRequest) -> HttpResponse:
    """Show what will be shredded in the next 30 days: reference, reason and day, and nothing else."""
    kinds = keeping.keepers()
    kind = keeping.keeper(request.GET.get("kind", kinds[0].name))
    if kind is None:
        raise Http404
    until = timezone.localdate() + timedelta(days=PREVIEW_DAYS)
    by = actor_of(request)
    page = Keyset(kind.shown_to(kind.upcoming(until), by), order=kind.order, after=request.GET.get("after"))
    record(CaseVerb.ERASURES_VIEWED, by=by, detail={"kind": kind.name})
    context = {
        "kinds": kinds,
        "kind": kind,
        "page": page,
        "lines": [kind.line(row) for row in page.rows],
        "may_postpone": Role.TRIAGE_LEAD in by.roles,
        "until": until,
    }
    return render(request, "cases/erasures.html", context)


def erased_page(request: HttpRequest, case: Case, erased_on: date) -> HttpResponse:
    """Show what is left of an erased case: its skeleton, and when it is gone from where we cannot reach."""
    return render(request, "cases/erased.html", {"case": case, "erased_on": erased_on, "gone": Gone.of(erased_on)})


def may_confirm(proposal: ErasureProposal, case: Case, request: HttpRequest) -> bool:
    by = staff_of(request).actor
    is_other = proposal.asked_by_id != by.staff_id
    return allows(check_confirm_erasure, by, case) and (is_other or not (proposal.needs_second or case.is_open))


def dates_told() -> str:
    """Say since when it is gone from everywhere, if it were erased today."""
    gone = Gone.of(timezone.localdate())
    return _(
        "Gone from this system at once; from our backups on %(backups)s; from copies that were stolen earlier at latest on "
        "%(copies)s, when the key of their time has been destroyed."
    ) % {"backups": date_format(gone.from_backups), "copies": date_format(gone.from_stolen_copies)}
