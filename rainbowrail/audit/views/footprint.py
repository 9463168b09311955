"""My footprint: what the person who is signed in opened and did, newest first. Everybody may read their own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rainbowrail.audit.models import AuditEvent
from rainbowrail.audit.views.trail import lines_of
from rainbowrail.web.doors import actor_of, staff_page
from rainbowrail.web.pagination import Keyset


@staff_page()
@require_safe
def footprint(request: HttpRequest) -> HttpResponse:
    me = actor_of(request).staff_id
    assert me is not None  # noqa: S101 - the door lets nobody else in; for the type checker
    page = Keyset(AuditEvent.objects.of_person(me), order=("-id",), after=request.GET.get("after"))
    return render(request, "audit/footprint.html", {"page": page, "lines": lines_of(page.rows)})
