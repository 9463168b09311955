"""Where am I signed in: my sessions, each with a button that ends it; and the language I read."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rainbowrail.accounts import session_ending
from rainbowrail.accounts.forms.language import LanguageForm
from rainbowrail.accounts.queries import staff_of
from rainbowrail.web.doors import staff_page


@staff_page()
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """Begun, last used to the hour, kind of browser. No address of it is kept anywhere."""
    person = staff_of(request)
    mine = session_ending.mine(person, request.session.session_key or "")
    language = LanguageForm(initial={"language": person.language})
    return render(request, "accounts/sessions.html", {"sessions": mine, "language_form": language})


@staff_page()
@require_POST
def end_session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """End one of mine. One of somebody else does not exist, and one that is over is over."""
    if session_ending.end_one(staff_of(request), session_id):
        messages.success(request, _("This session has ended."))
    return redirect("account_sessions")


@staff_page()
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    session_ending.end_others(staff_of(request), request.session.session_key or "")
    messages.success(request, _("All your other sessions have ended."))
    return redirect("account_sessions")
