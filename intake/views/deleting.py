"""Delete everything: what happens when, in plain days, before it is asked for (docs/decisions/0048)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from intake import access, codes
from intake.forms.return_code import BUSY, NOT_THIS_CODE, PresentCodeForm
from intake.opened import OpenVisit
from intake.views.sessions import visit_page
from intake.wishes import ask_to_delete, check_may_ask
from rainbowrail.crypto.errors import Busy
from rainbowrail.privacy.retention import Gone, Kept, due_on
from rainbowrail.web.doors import applicant_page


@applicant_page
@require_http_methods(["GET", "POST"])
@visit_page
def delete_all(request: HttpRequest, visit: OpenVisit) -> HttpResponseBase:
    """The code is typed once more: nobody who finds the phone open for a moment can undo what the person sent."""
    check_may_ask(visit)
    form = PresentCodeForm(request.POST if request.method == "POST" else None, ask=True, initial={})
    if request.method == "POST" and form.is_valid() and _is_theirs(visit, form):
        ask_to_delete(visit)
        response = redirect("intake:gone")
        access.forget(response)
        return response
    erased_on = due_on(Kept.WISH, timezone.localdate())
    return render(request, "intake/delete_all.html", {"form": form, "erased_on": erased_on, "gone": Gone.of(erased_on)})


@applicant_page
@require_safe
def gone(request: HttpRequest) -> HttpResponse:
    """It is asked for. Knows nothing of who reads it."""
    return render(request, "intake/gone.html")


def _is_theirs(visit: OpenVisit, form: PresentCodeForm) -> bool:
    try:
        if codes.keys_of_present_code(visit, form.cleaned_data["return_code"]) is not None:
            return True
        form.add_error("return_code", NOT_THIS_CODE)
    except Busy:
        form.add_error("return_code", BUSY)
    return False
