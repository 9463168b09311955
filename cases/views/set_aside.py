"""What is set aside: requests that look as if no person had written them, each with why, for a person to say."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from cases import actions
from cases.audit_verbs import CaseVerb
from cases.models import Case, Suspicion
from cases.need_to_know import Depth
from cases.permissions import LOOKERS, allows, check_confirm_suspicion
from cases.states import Looked
from cases.views.finding import case_of, staff_of
from intake import flood
from intake.marks import Mark
from rainbowrail.audit.record import record
from rainbowrail.crypto import datakeys
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.errors import NotPossible
from rainbowrail.roles import Role
from rainbowrail.web.doors import staff_page
from rainbowrail.web.pagination import Keyset

PAGE_SIZE = 50
ROLES: tuple[Role, ...] = tuple(sorted(LOOKERS))
WORDS: dict[Mark, str | Promise] = {
    Mark.TRAP: gettext_lazy("A field that no person sees was filled in"),
    Mark.FAST: gettext_lazy("Sent faster than anybody reads the questions"),
    Mark.FLOOD: gettext_lazy("Sent while a flood was on, by waiting instead of the puzzle"),
    Mark.ALIKE: gettext_lazy("Nearly the same words came in another request of the last days"),
}


@dataclass(frozen=True, slots=True)
class Line:
    suspicion: Suspicion
    reasons: list[str | Promise]

    @classmethod
    def of(cls, suspicion: Suspicion) -> "Line":
        return cls(suspicion, [WORDS[Mark(mark)] for mark in suspicion.marks])


@staff_page(*ROLES)
@require_safe
def set_aside(request: HttpRequest) -> HttpResponse:
    by = staff_of(request).actor
    seen = Suspicion.objects.filter(verdict=Looked.OPEN, case__in=Case.objects.visible_to(by, depth=Depth.CARD)).select_related(
        "case"
    )
    page = Keyset(seen, order=("found_on", "id"), after=request.GET.get("after"), size=PAGE_SIZE)
    datakeys.open_many([row.case_id for row in page.rows], Compartment.CASEWORK)
    lines = [Line.of(row) for row in page.rows]
    record(CaseVerb.SET_ASIDE_VIEWED, by=by, detail={"count": len(lines), "compartment": Compartment.CASEWORK.value})
    context = {
        "lines": lines,
        "page": page,
        "may_confirm": Role.TRIAGE_LEAD in by.roles,
        "flood": flood.is_on() and Role.TRIAGE_LEAD in by.roles,
    }
    return render(request, "cases/set_aside.html", context)


@staff_page(*ROLES)
@require_POST
def judge_set_aside(request: HttpRequest) -> HttpResponse:
    """Judge the chosen ones: release them, or close them as no requests."""
    by = staff_of(request).actor
    verdict = _verdict_in(request)
    chosen = [value for value in request.POST.getlist("chosen") if len(value) < 20][:PAGE_SIZE]
    visible = Case.objects.visible_to(by, depth=Depth.CARD).filter(reference__in=chosen)
    rows = list(Suspicion.objects.filter(verdict=Looked.OPEN, case__in=visible).select_related("case").order_by("id"))
    if not rows:
        raise NotPossible(_("Choose at least one request that is still set aside."))
    judged = actions.judge_many(rows, verdict, by=by)
    if judged < len(rows):
        messages.warning(request, _("Emergencies were left: each is judged on its own page, after reading it."))
    if judged:
        words = ngettext("%(count)s request was judged.", "%(count)s requests were judged.", judged) % {"count": judged}
        messages.success(request, words)
    return redirect("cases:set_aside")


@staff_page(*ROLES)
@require_POST
def judge_one(request: HttpRequest, reference: str) -> HttpResponse:
    """Judge one, from its own page."""
    case, by = case_of(request, reference), staff_of(request).actor
    suspicion = get_object_or_404(Suspicion.objects.select_related("case"), case=case)
    if _verdict_in(request) is Looked.RELEASED:
        actions.release_suspicion(suspicion, by=by)
        messages.success(request, _("It stands in the queue like every other."))
    else:
        actions.confirm_suspicion(suspicion, by=by)
        messages.success(request, _("The case is closed. A triage lead can open it again."))
    return redirect(case)


def line_of(case: Case, request: HttpRequest) -> dict[str, object] | None:
    """Return what the case page shows: why it was set aside and what this person may say; None when it never was."""
    suspicion = Suspicion.objects.filter(case=case).select_related("judged_by").first()
    if suspicion is None:
        return None
    by = staff_of(request).actor
    return {
        "line": Line.of(suspicion),
        "is_open": suspicion.verdict == Looked.OPEN and bool(by.roles & LOOKERS),
        "may_confirm": allows(check_confirm_suspicion, by, case),
        "url": reverse("cases:judge_set_aside_one", args=[case.reference]),
    }


def _verdict_in(request: HttpRequest) -> Looked:
    verdict = request.POST.get("verdict", "")
    if verdict not in {Looked.RELEASED.value, Looked.CONFIRMED.value}:
        raise NotPossible(_("Say that a person wrote it, or that it is no request for help."))
    return Looked(verdict)
