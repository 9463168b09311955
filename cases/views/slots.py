"""The times of volunteers: a lead books and cancels them, a volunteer sees their own."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cases import actions
from cases.forms import SlotForm
from cases.models import Slot
from cases.views.acting import given
from cases.views.finding import staff_of
from rainbowrail.accounts.models import User
from rainbowrail.errors import NotPossible
from rainbowrail.roles import Role
from rainbowrail.web.doors import staff_page
from rainbowrail.web.pagination import Keyset


@staff_page(Role.TRIAGE_LEAD, Role.VOLUNTEER)
@require_http_methods(["GET", "HEAD", "POST"])
def slots(request: HttpRequest) -> HttpResponse:
    """Coming times first; a lead's page has the form to book one."""
    user, status = staff_of(request), 200
    is_lead = user.has_role(Role.TRIAGE_LEAD)
    form = SlotForm(given(request), by=user) if is_lead else None
    if form is not None and request.method == "POST":
        status = 422
        if form.is_valid():
            told, status = form.cleaned_data, 409
            try:
                actions.book_slot(told["volunteer"], begins_at=told["begins_at"], ends_at=told["ends_at"], by=user.actor)
            except NotPossible as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("The time of %(name)s is booked.") % {"name": told["volunteer"].name})
                return redirect("cases:slots")
    rows = Slot.objects.filter(ends_at__gt=timezone.now()).select_related("volunteer", "booked_by")
    page = Keyset(rows if is_lead else rows.filter(volunteer=user), ("begins_at", "id"), after=request.GET.get("after"))
    context = {
        "form": form,
        "page": page,
        "is_lead": is_lead,
        "zone": timezone.get_current_timezone_name(),
        "there_are_volunteers": bool(form) and User.objects.with_role(Role.VOLUNTEER).exclude(pk=user.pk).exists(),
    }
    return render(request, "cases/slots.html", context, status=status)


@staff_page(Role.TRIAGE_LEAD)
@require_POST
def cancel_slot(request: HttpRequest, slot_id: UUID) -> HttpResponse:
    slot = get_object_or_404(Slot, pk=slot_id)
    try:
        actions.cancel_slot(slot, by=staff_of(request).actor)
        messages.success(request, _("The time is cancelled."))
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    return redirect("cases:slots")
