"""The auditor's page: who did what on which case, newest first. Reading it is on record too."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rainbowrail.audit.forms import TrailForm
from rainbowrail.audit.lines import lines_of
from rainbowrail.audit.models import AuditEvent
from rainbowrail.audit.record import record
from rainbowrail.audit.table import MOST_LINES, as_csv, rows
from rainbowrail.audit.verbs import KernelVerb
from rainbowrail.errors import NotPossible
from rainbowrail.roles import Role
from rainbowrail.web.doors import actor_of, me_of, staff_page
from rainbowrail.web.exports import export
from rainbowrail.web.pagination import Keyset


@staff_page(Role.AUDITOR)
@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    form = TrailForm(request.GET or None, reader=me_of(request))
    page = Keyset(form.narrowed(), order=form.order, after=request.GET.get("after"))
    lines = lines_of(page.rows)  # before our own line, which is for the next reader
    record(KernelVerb.TRAIL_VIEWED, by=actor_of(request), case_id=form.wanted.get("case"), detail=form.about())
    context = {"form": form, "page": page, "lines": lines, "is_narrowed": bool(request.GET), "most_lines": MOST_LINES}
    return render(request, "audit/trail.html", context)


@staff_page(Role.AUDITOR)
@export(form="audit:trail")
@require_POST
def table(request: HttpRequest) -> StreamingHttpResponse:
    """Hand out the lines asked for as a table, at most 50,000 of them. Taking them is on record, before the first leaves."""
    form = TrailForm(request.POST, reader=me_of(request))
    if not form.is_valid():
        raise NotPossible(_("Go back, mend what the page shows in the fields above the list, and try again."))
    newest = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    events = form.narrowed().filter(pk__lte=newest)
    count = events.order_by()[: MOST_LINES + 1].count()
    if count > MOST_LINES:
        raise NotPossible(
            _("This is more than %(most)s lines. Narrow it to some days, and take one part after the other.")
            % {"most": MOST_LINES}
        )
    record(
        KernelVerb.TRAIL_EXPORTED,
        by=actor_of(request),
        case_id=form.wanted.get("case"),
        detail={**form.about(), "count": count, "format": "csv"},
    )
    name = f"trail-{timezone.now():%Y-%m-%d-%H%M}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return StreamingHttpResponse(as_csv(rows(events)), content_type="text/csv; charset=utf-8", headers=headers)
