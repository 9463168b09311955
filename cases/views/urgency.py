"""A person overrides the band, with a reason; EMERGENCY is lowered by two."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from cases import actions
from cases.forms import UrgencyForm
from cases.models import UrgencyScore
from cases.permissions import check_raise_urgency
from cases.views.acting import Page, act
from cases.views.finding import READER_ROLES, case_of, staff_of
from rainbowrail.web.doors import staff_page

URGENCY = Page(
    gettext_lazy("Set the urgency"),
    gettext_lazy("Set the urgency"),
    gettext_lazy(
        "Urgency says how fast a person must act if the account is true, not whether it is true. Your word stands beside the "
        "policy’s, with your name and reason. Raising counts at once; only a lead lowers, and to lower an EMERGENCY a second "
        "lead must confirm."
    ),
)


@staff_page(*READER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def urgency(request: HttpRequest, reference: str) -> HttpResponse:
    case, by = case_of(request, reference), staff_of(request).actor
    check_raise_urgency(by, case)

    def set_it(told: dict[str, Any]) -> str:
        word = actions.set_urgency(case, band=told["band"], reason=told["reason"], by=by)
        if word.in_force_at is None:
            return _("Your proposal is kept. The case stays an EMERGENCY until a second lead confirms it.")
        return _("The urgency is set.")

    form = UrgencyForm(request.POST) if request.method == "POST" else UrgencyForm(initial={"band": str(case.band)})
    return act(request, case, URGENCY, form, set_it)


@staff_page(*READER_ROLES)
@require_POST
def second(request: HttpRequest, reference: str) -> HttpResponse:
    """Confirm or refuse the proposal to lower that waits on this case."""
    case, by = case_of(request, reference), staff_of(request).actor
    proposal = get_object_or_404(UrgencyScore.objects.open_proposals(), case=case)
    if request.POST.get("answer") == "confirm":
        actions.confirm_urgency(proposal, by=by)
        messages.success(request, _("The lower urgency is in force."))
    else:
        actions.refuse_urgency(proposal, by=by)
        messages.success(request, _("The proposal is refused. The case stays an EMERGENCY."))
    return redirect(case)
