"""The page of the panic plan: what it does, the one button that begins it, and the steps that two people make afterwards."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rainbowrail.errors import NotPossible
from rainbowrail.lifecycle import engine
from rainbowrail.panic import actions, workflow
from rainbowrail.panic.forms import AskEndForm, BeginForm, HostsForm
from rainbowrail.panic.models import Panic
from rainbowrail.panic.permissions import KEEPERS, check_end, check_keeper
from rainbowrail.panic.reminders import chores_of
from rainbowrail.panic.states import WhyBegun, WhyEnded
from rainbowrail.web.doors import actor_of, staff_page
from rainbowrail.web.forms import PageForm
from rainbowrail.web.recent import needs_recent_sign_in

PAST_SHOWN = 10


@staff_page(*KEEPERS)
@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    return _page(request)


@staff_page(*KEEPERS)
@needs_recent_sign_in(form="panic:plan")
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    check_keeper(actor_of(request))
    form = BeginForm(request.POST)
    if not form.is_valid():
        return _page(request, begin_form=form)
    why = WhyBegun(form.cleaned_data["why"])
    actions.begin(why, by=actor_of(request), session_key=request.session.session_key or "")
    messages.success(request, _("The panic plan is in force. Everybody else is signed out."))
    return redirect("panic:plan")


@staff_page(*KEEPERS)
@needs_recent_sign_in(form="panic:plan")
@require_POST
def hosts(request: HttpRequest) -> HttpResponse:
    found, by = _current(), actor_of(request)
    workflow.CONFIRM_HOSTS.may(by, found)
    form = HostsForm(request.POST)
    if not form.is_valid():
        return _page(request, hosts_form=form)
    actions.confirm_hosts(found, by=by)
    messages.success(request, _("Confirmed. The intake pair turns within a minute; the page says what is left to do."))
    return redirect("panic:plan")


@staff_page(*KEEPERS)
@require_POST
def ask_end(request: HttpRequest) -> HttpResponse:
    found, by = _current(), actor_of(request)
    check_keeper(by, found)
    form = AskEndForm(request.POST)
    if not form.is_valid():
        return _page(request, end_form=form)
    actions.ask_end(found, why=WhyEnded(form.cleaned_data["why"]), by=by)
    messages.success(request, _("It is asked. A second person must agree."))
    return redirect("panic:plan")


@staff_page(*KEEPERS)
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    actions.keep(_current(), by=actor_of(request))
    messages.success(request, _("The plan stays in force."))
    return redirect("panic:plan")


@staff_page(*KEEPERS)
@needs_recent_sign_in(form="panic:plan")
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    found, by = _current(), actor_of(request)
    check_end(by, found)
    actions.end(found, by=by)
    messages.success(request, _("The plan has ended. Files may leave again, and places are shown."))
    return redirect("panic:plan")


def _current() -> Panic:
    """Return the plan in force. Raises NotPossible when there is none."""
    found = Panic.objects.in_force().first()
    if found is None:
        raise NotPossible(_("No panic plan is in force."))
    return found


def _page(
    request: HttpRequest,
    *,
    begin_form: PageForm | None = None,
    hosts_form: PageForm | None = None,
    end_form: PageForm | None = None,
) -> HttpResponse:
    found = Panic.objects.in_force().with_people().first()
    by = actor_of(request)
    refused = begin_form or hosts_form or end_form
    context: dict[str, Any] = {
        "plan": found,
        "moves": {step.name for step in engine.available(found, workflow.MOVES, by=by)} if found else set(),
        "chores": list(chores_of(found)) if found else [],
        "form": refused,
        "begin_form": begin_form or BeginForm(),
        "hosts_form": hosts_form or HostsForm(),
        "end_form": end_form or AskEndForm(),
        "past": Panic.objects.filter(ended_at__isnull=False).with_people().order_by("-begun_at")[:PAST_SHOWN],
    }
    return render(request, "panic/plan.html", context, status=422 if refused else 200)
