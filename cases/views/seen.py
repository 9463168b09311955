"""Who opened this case: for its owner, its referral officer and the leads, so that nobody looks unseen."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases import permissions
from cases.views.finding import READER_ROLES, case_of, staff_of
from rainbowrail.audit.lines import lines_of
from rainbowrail.audit.models import AuditEvent
from rainbowrail.web.doors import staff_page
from rainbowrail.web.pagination import Keyset


@staff_page(*READER_ROLES)
@require_safe
def seen(request: HttpRequest, reference: str) -> HttpResponse:
    """Newest first. Raises NotAllowed for anybody but owner, officer and leads; auditors have the trail."""
    found = case_of(request, reference, erased_too=True)
    permissions.check_see_access(staff_of(request).actor, found)
    page = Keyset(AuditEvent.objects.of_case(found.pk), order=("-id",), after=request.GET.get("after"))
    return render(request, "cases/seen.html", {"case": found, "page": page, "lines": lines_of(page.rows)})
