"""My footprint: what the person who is signed in opened and did. My cases: what others opened of theirs. Newest first.

Everybody may read their own; a case that changed hands is shown to who has it now.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rainbowrail.audit import references
from rainbowrail.audit.kinds import Kind, verbs_of
from rainbowrail.audit.lines import lines_of
from rainbowrail.audit.models import AuditEvent
from rainbowrail.web.doors import me_of, staff_page
from rainbowrail.web.pagination import Keyset


@staff_page()
@require_safe
def footprint(request: HttpRequest) -> HttpResponse:
    me = me_of(request)
    mine = AuditEvent.objects.of_person(me).exclude(verb__in=verbs_of(Kind.REFUSED))  # see rainbowrail.audit.forms.TrailForm
    page = Keyset(mine, order=("-id",), after=request.GET.get("after"))
    return render(request, "audit/footprint.html", {"page": page, "lines": lines_of(page.rows, reader=me)})


@staff_page()
@require_safe
def my_cases(request: HttpRequest) -> HttpResponse:
    """Who else opened the cases that this person owns now."""
    me = me_of(request)
    page = Keyset(
        AuditEvent.objects.by_others_on_cases_of(me, references.owned_by(me)), order=("-id",), after=request.GET.get("after")
    )
    return render(request, "audit/my_cases.html", {"page": page, "lines": lines_of(page.rows)})
