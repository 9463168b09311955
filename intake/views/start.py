"""Before anything is stored: what this is, whether it is safe to go on, the code offered first; and the pages about safety."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from intake import access, actions
from intake.access import SessionEnded
from intake.opened import OpenDraft
from intake.steps import STEPS
from intake.views.sessions import draft_page
from rainbowrail.web.doors import applicant_page
from rainbowrail.web.leaving import forget_everything


@applicant_page
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """What will happen, in a few lines. Reads and stores nothing, sets no cookie."""
    return render(request, "intake/start.html")


@applicant_page
@require_http_methods(["GET", "POST"])
@draft_page
def begin(request: HttpRequest, draft: OpenDraft | None) -> HttpResponseBase:
    """The page before the first answer: take the code now, or later and know what that means."""
    if request.method == "GET":
        return render(request, "intake/begin.html", {"first": STEPS[0], "has_draft": draft is not None})
    if draft is None:
        draft = actions.start_draft(language=get_language())
    actions.keep_with_code(draft)
    response = redirect("intake:code")
    access.remember(response, draft.secret)
    return response


@applicant_page
@require_GET
def safety(request: HttpRequest) -> HttpResponse:
    """More about staying safe with a phone, and where to turn now."""
    return render(request, "intake/safety.html")


@applicant_page
@require_GET
def languages(request: HttpRequest) -> HttpResponse:
    """Every language in its own script. `next` is the path of the page the person came from; the browser sends no referrer."""
    path = request.GET.get("next", "")
    known = url_has_allowed_host_and_scheme(path, allowed_hosts=None) and path.startswith("/")
    context = {"next": path if known else reverse("intake:start"), "action": reverse("language")}
    return render(request, "intake/language.html", context)


@applicant_page
@require_GET
def leave(request: HttpRequest) -> HttpResponseBase:
    """Go at once: the session ends here, and the browser is asked to forget this site."""
    try:
        secret = access.secret_in(request)
        if secret:
            access.end(secret)
    except SessionEnded:
        pass
    response = redirect(settings.LEAVE_TO) if settings.LEAVE_TO else render(request, "intake/left.html")
    access.forget(response)
    for name in (settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME):
        response.delete_cookie(name, samesite="Strict")
    return forget_everything(response)
