"""Who may open a case that is not theirs: ask with a reason, break the glass, approve, refuse, end early, take note."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import actions, need_to_know
from cases.audit_verbs import CaseVerb
from cases.forms import AskAccessForm
from cases.models import AccessRequest, Case
from cases.need_to_know import ASKERS
from cases.views import typing
from cases.views.acting import Page, given
from cases.views.finding import staff_of
from rainbowrail.audit.record import record, record_listed
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.errors import NotPossible
from rainbowrail.roles import Role
from rainbowrail.web.doors import staff_page
from rainbowrail.web.pagination import Keyset
from rainbowrail.web.recent import needs_recent_sign_in

ACCESS_ROLES = tuple(sorted({*ASKERS, Role.TRIAGE_LEAD}))

ASK = Page(
    gettext_lazy("Ask to open a case"),
    gettext_lazy("Ask a lead"),
    gettext_lazy("A triage lead reads your reason and decides. The case is then open to you for 24 hours."),
)
BREAK_GLASS = Page(
    gettext_lazy("Break the glass"),
    gettext_lazy("Open the case now"),
    gettext_lazy(
        "Only when somebody is in danger and no lead answers. The case opens to you at once, for four hours. Every triage lead "
        "is told at once, with your name and your reason, and it stays on record. It can be done five times in 24 hours."
    ),
    danger=True,
)


@staff_page(*ACCESS_ROLES)
@require_safe
def access(request: HttpRequest) -> HttpResponse:
    """What waits and what is open, newest first: of cases one sees for a lead, one's own for everybody else."""
    user = staff_of(request)
    is_lead = user.has_role(Role.TRIAGE_LEAD)
    seen = Q(case__in=Case.objects.visible_to(user))
    rows = AccessRequest.objects.select_related("case", "person", "decided_by").annotate(case_opens=seen)
    rows = rows.filter(Q(person=user) | seen if is_lead else Q(person=user))
    rows = rows.exclude(case__in=need_to_know.hidden_ids(user.actor))
    wanted = request.GET.get("show", "")
    if wanted != "all":
        is_live = Q(ends_at=None, refused_at=None) | Q(ends_at__gt=timezone.now())
        rows = rows.filter(is_live | Q(is_break_glass=True, seen_at=None))
    page = Keyset(rows, ("-asked_at", "id"), after=request.GET.get("after"))
    if page.rows:
        record(CaseVerb.REQUESTS_VIEWED, by=user.actor, detail={"count": len(page.rows)})
        asked_for = [row.case_id for row in page.rows]  # the reasons are sealed with these cases
        record_listed(asked_for, page="access", compartment=Compartment.CASEWORK, by=user.actor)
    context = {
        "page": page,
        "shows_all": wanted == "all",
        "is_lead": is_lead,
        "may_ask": bool(user.actor.roles & ASKERS),
    }
    return render(request, "cases/access.html", context)


@staff_page(*sorted(ASKERS))
@require_http_methods(["GET", "HEAD", "POST"])
def ask_access(request: HttpRequest) -> HttpResponse:
    def ask(case: Case, reason: str) -> str:
        actions.ask_access(case, reason=reason, by=staff_of(request).actor)
        return _("The leads are asked. You get a mail when one has decided.")

    return _asking(request, ASK, ask)


@staff_page(*sorted(ASKERS))
@needs_recent_sign_in()
@require_http_methods(["GET", "HEAD", "POST"])
def break_glass(request: HttpRequest) -> HttpResponse:
    def break_it(case: Case, reason: str) -> str:
        actions.break_glass(case, reason=reason, by=staff_of(request).actor)
        return _("The case is open to you for four hours. The leads have been told.")

    return _asking(request, BREAK_GLASS, break_it)


def _asking(request: HttpRequest, page: Page, do: Any) -> HttpResponse:
    """Ask for reference and reason. A case that is hidden from who asks is answered like a reference that does not exist."""
    by, name = staff_of(request).actor, request.resolver_match.url_name or "" if request.resolver_match else ""
    if request.POST.get("answer") == "drop":
        if (unwanted := actions.last_typed(page=name, by=by)) is not None:
            actions.drop_typed(unwanted.case, page=name, by=by)
        messages.success(request, _("What you had typed is gone."))
        return redirect(f"cases:{name}")
    data = given(request)
    reference = request.GET.get("reference", "")
    form = AskAccessForm(data, initial={"reference": reference})
    kept = typing.last_asked(page=name, reference=reference, by=by) if data is None else None
    typing.give_back(form, kept)
    status = 200 if data is None else 422
    if data is not None and form.is_valid():
        status = 409
        try:
            case = actions.case_to_ask_for(form.cleaned_data["reference"], by=by)
            messages.success(request, do(case, form.cleaned_data["reason"]))
            actions.drop_typed(case, page=name, by=by)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(case) if page is BREAK_GLASS else redirect("cases:access")
    context = {"page": page, "form": form, "kept": kept, "drop_url": request.path}
    return render(request, "cases/ask_access.html", context, status=status)


@staff_page(*ACCESS_ROLES)
@require_POST
def decide_access(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The answers of the list: allow, refuse or take back, end early, take note."""
    user = staff_of(request)
    found = get_object_or_404(AccessRequest.objects.select_related("case", "person"), pk=request_id)
    if found.person_id != user.pk and not Case.objects.visible_to(user).filter(pk=found.case_id).exists():
        raise Http404
    by = user.actor
    try:
        match request.POST.get("answer"):
            case "allow":
                actions.allow_access(found, by=by)
                messages.success(request, _("%(name)s may open the case for 24 hours.") % {"name": found.person.name})
            case "refuse":
                actions.refuse_access(found, by=by)
                messages.success(request, _("The case stays closed to them."))
            case "end":
                actions.end_access(found, by=by)
                messages.success(request, _("The case is closed again."))
            case "seen":
                actions.note_broken_glass(found, by=by)
                messages.success(request, _("It is noted that you have seen it."))
            case _other:
                raise Http404
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    return redirect("cases:access")
