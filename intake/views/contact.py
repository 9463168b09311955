"""How we may reach the person: still right, or another plan. What is written here is not shown again (docs/decisions/0091)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from intake import returning
from intake.forms.contact import ContactPlanForm
from intake.opened import OpenVisit
from intake.states import Audience
from intake.views.sessions import visit_page
from rainbowrail.web.doors import applicant_page


@applicant_page
@require_http_methods(["GET", "POST"])
@visit_page
def plan(request: HttpRequest, visit: OpenVisit) -> HttpResponseBase:
    """Is it still right? One press says yes; another page asks for a new plan."""
    shown = returning.plan_of(visit)
    if shown is None:
        raise Http404
    if request.method == "POST":
        returning.confirm_plan(visit, token=request.POST.get("once", "")[:64] or secrets.token_urlsafe(16))
        return redirect("intake:plan")
    context = {
        "plan": shown,
        "is_old": shown.is_old(timezone.localdate()),
        "is_said_now": visit.told_plan is not None,
        "once": secrets.token_urlsafe(16),
    }
    return render(request, "intake/plan.html", context)


@applicant_page
@require_http_methods(["GET", "POST"])
@visit_page
def new_plan(request: HttpRequest, visit: OpenVisit) -> HttpResponseBase:
    """Another plan, written only: nothing of the old one stands here, and nothing of the new one afterwards."""
    if visit.audience is not Audience.PERSON:
        raise Http404
    form = plan_form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        returning.change_plan(visit, form.plan(), token=form.cleaned_data["once"])
        return redirect("intake:plan" if returning.plan_of(visit) else "intake:here")
    return new_plan_page(request, form)


def plan_form(data: Mapping[str, Any] | None, **initial: str) -> ContactPlanForm:
    return ContactPlanForm(
        data,
        today=timezone.localdate(),
        language=get_language() or "en",
        initial={"once": secrets.token_urlsafe(16), **initial},
    )


def new_plan_page(request: HttpRequest, form: ContactPlanForm) -> HttpResponse:
    return render(request, "intake/new_plan.html", {"form": form, "action": reverse("intake:new_plan")})
