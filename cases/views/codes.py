"""A return code for somebody: who was recognised and how, the second person's word, and the code, shown once."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cases import actions
from cases.forms import NewCodeForm
from cases.models import NewCode
from cases.permissions import check_give_code
from cases.views.acting import Page, act, given
from cases.views.finding import READER_ROLES, case_of, staff_of
from intake.staff_actions import audiences_of
from rainbowrail.crypto import return_code
from rainbowrail.web.doors import staff_page
from rainbowrail.web.recent import needs_recent_sign_in

NEW_CODE = Page(
    gettext_lazy("Give a return code"),
    gettext_lazy("I have recognised them"),
    gettext_lazy(
        "Recognise them by the code word of their contact plan, or by two answers from their request that people around them "
        "hardly know. Never ask for a document. For a lost code, a second person must then allow the new one. It opens only "
        "what you write from then on."
    ),
)


@staff_page(*READER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def new_code(request: HttpRequest, reference: str) -> HttpResponse:
    case, by = case_of(request, reference), staff_of(request).actor
    check_give_code(by, case)

    def check(told: dict[str, Any]) -> str:
        made = actions.check_person(case, audience=told["audience"], how=told["how"], by=by)
        if made.needs_second:
            return _("It is on record. A second person must allow the new code before it can be made.")
        return _("It is on record. You can make the code now.")

    form = NewCodeForm(given(request), have_code=audiences_of(case.help_request))
    return act(request, case, NEW_CODE, form, check)


@staff_page(*READER_ROLES)
@needs_recent_sign_in(form="cases:case")
@require_POST
def decide_code(request: HttpRequest, reference: str) -> HttpResponse:
    """Allow or refuse the code that is under way on this case."""
    case, by = case_of(request, reference), staff_of(request).actor
    under_way = get_object_or_404(NewCode.objects.under_way(), case=case)
    if request.POST.get("answer") == "allow":
        actions.allow_code(under_way, by=by)
        messages.success(request, _("The new code is allowed. Whoever works on the case can make it now."))
    else:
        actions.refuse_code(under_way, by=by)
        messages.success(request, _("No code is made. The old one goes on working."))
    return redirect(f"{case.get_absolute_url()}#code")


@staff_page(*READER_ROLES)
@needs_recent_sign_in(form="cases:case")
@require_POST
def make_code(request: HttpRequest, reference: str) -> HttpResponse:
    """Make the code and show it, on this one page; looking again finds that it was made."""
    case, by = case_of(request, reference), staff_of(request).actor
    under_way = get_object_or_404(NewCode.objects.filter(refused_at=None), case=case, pk=_named(request))
    code = actions.make_code(under_way, by=by)
    here, theirs = return_code.show(code, get_language() or "en"), return_code.show(code, case.language)
    return render(request, "cases/make_code.html", {"case": case, "shown": here, "theirs": theirs if theirs != here else ""})


def _named(request: HttpRequest) -> UUID:
    """Return which code the button was for. Raises Http404 for what names none."""
    try:
        return UUID(request.POST.get("code", ""))
    except ValueError:
        raise Http404 from None
