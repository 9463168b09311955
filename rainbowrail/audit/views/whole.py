"""Is the trail whole? When it was last verified, by whom, what was wrong; ask for it; take a checkpoint along."""

import json
from collections.abc import Mapping
from dataclasses import asdict

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rainbowrail.audit import chain, verifying
from rainbowrail.audit.models import AuditExpiry
from rainbowrail.audit.record import record
from rainbowrail.audit.verbs import KernelVerb
from rainbowrail.errors import NotPossible
from rainbowrail.roles import Role
from rainbowrail.web.doors import actor_of, staff_page


@staff_page(Role.AUDITOR)
@require_safe
def whole(request: HttpRequest) -> HttpResponse:
    last, waiting = verifying.last(), verifying.waiting()
    people = get_user_model()._default_manager.in_bulk({one.asked_by_id for one in (last, waiting) if one and one.asked_by_id})
    context = {
        "last": last,
        "is_genuine": last is None or verifying.is_genuine(last),
        "asked_by": _name(people, last.asked_by_id) if last else "",
        "waiting": waiting,
        "end": chain.checkpoint(),
        "expiry": AuditExpiry.objects.order_by("-last_number").first(),
    }
    response = render(request, "audit/whole.html", context)
    if waiting is None:
        record(KernelVerb.TRAIL_VIEWED, by=actor_of(request), detail={"page": "whole"})
    else:  # that somebody asked is on record; the page looking again by itself is no look of a person
        response.headers["Refresh"] = "5"  # works without script; the worker looks every ten seconds
    return response


@staff_page(Role.AUDITOR)
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    if verifying.ask(by=actor_of(request)):
        messages.success(request, _("It is asked. The page shows the answer when the worker has walked the whole trail."))
    else:
        messages.info(request, _("Somebody asked a moment ago; the answer comes here."))
    return redirect("audit:whole")


@staff_page(Role.AUDITOR)
@require_POST
def checkpoint(request: HttpRequest) -> HttpResponse:
    """Hand out where the chain ends: a number and a hash, about nobody, so that the panic plan does not hold it back."""
    end = chain.checkpoint()
    if end is None:
        raise NotPossible(_("Nothing is linked yet. The worker does it each second: does it run?"))
    record(KernelVerb.CHECKPOINT_TAKEN, by=actor_of(request), detail={"sequence": end.number})
    name = f"trail-checkpoint-{timezone.now():%Y-%m-%d-%H%M}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(json.dumps(asdict(end)) + "\n", content_type="application/json", headers=headers)


def _name(people: Mapping[int, object], staff_id: int | None) -> str:
    return str(people[staff_id]) if staff_id is not None and staff_id in people else ""
