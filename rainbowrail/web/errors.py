"""The pages for what goes wrong. Their text is neutral and tells nothing about the person, the path or the cause.

Templates: `errors/<status>.html`, each given `title`, `sentence` and `status`; a refused form gets `errors/form_again.html`.
"""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from rainbowrail.errors import DomainError
from rainbowrail.web import logs

# Shown when even the error page cannot be drawn.
LAST_RESORT = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Please try again</title></head>'
    "<body><h1>Please try again</h1><p>Something did not work. Please try again in a few minutes.</p></body></html>"
)
# A refused form is offered again up to this many characters; above it the page could not be sent over a slow line.
MOST_OFFERED_AGAIN = 200_000
# Never written back into a page: secrets, and what belongs to the browser session.
NEVER_OFFERED_AGAIN = ("csrfmiddlewaretoken", "password", "code", "return_code", "token", "secret")

SENTENCES: dict[int, tuple[Promise, Promise]] = {
    400: (_("This request could not be read"), _("Please go back, reload the page and try again.")),
    403: (_("This page is not open to you"), _("If you think it should be, ask the person who invited you.")),
    404: (_("There is no page here"), _("The address may be incomplete, or the page may be gone.")),
    405: (_("This address works differently"), _("Please go back and use the button on the page.")),
    409: (_("This is not possible now"), _("Please go back, reload the page and look again.")),
    413: (
        _("This is too large to send at once"),
        # What was sent is not read at this size, so it cannot be offered again as `form_again` does.
        _(
            "It was more than we can take at once, so this page was not kept. Go back: your browser may still have your words. "
            "Copy them first, then send them in smaller parts. What you saved before is safe."
        ),
    ),
    500: (_("Please try again"), _("Something did not work on our side. Please try again in a few minutes.")),
    503: (_("Please wait a moment"), _("Many people are here at the same time. Please try again in a minute.")),
}

FORM_TOO_OLD = _("This form was open for too long, or your browser keeps no cookies. Please reload the page.")


def page(request: HttpRequest, status: int, sentence: str | None = None, **more: object) -> HttpResponse:
    """Draw the page for a status, with our sentence or the one that an action gave."""
    title, usual = SENTENCES[status]
    context = {"status": status, "title": title, "sentence": sentence or usual, **more}
    try:
        html: str = render_to_string(f"errors/{status}.html", context, request)
    except Exception as error:
        logs.failure("error_page_failed", error)
        html = LAST_RESORT
    return HttpResponse(html, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 403, _sentence_of(exception))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 404)


def method_not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    response = page(request, 405)
    response.headers["Allow"] = allowed
    return response


def not_possible(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 409, _sentence_of(exception))


def server_error(request: HttpRequest) -> HttpResponse:
    return page(request, 500)


@sensitive_variables()
def busy(request: HttpRequest) -> HttpResponse:
    """Ask to wait; a form comes along, to be sent again by its button, as one that was refused does; its files do not."""
    fields = _fields_to_offer(request)
    response = page(request, 503, fields=fields, action=request.get_full_path(), lost_files=bool(fields and request.FILES))
    response.headers["Retry-After"] = "30"
    return response


@sensitive_variables()
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token was missing or old, keeping what was typed.

    The page carries every field again, hidden, with a fresh token and a button *send again*. A form that came from another site
    is not offered again: one click must not do what that site wanted. Files and secrets never come back, nor forms above
    MOST_OFFERED_AGAIN characters. Nothing is written to the log but the fact.
    """
    logs.event("form_refused", status=403)
    fields = _fields_to_offer(request)
    if not fields:
        return page(request, 403, str(FORM_TOO_OLD))
    context = {"status": 403, "fields": fields, "action": request.get_full_path(), "lost_files": bool(request.FILES)}
    return HttpResponse(render_to_string("errors/form_again.html", context, request), status=403)


def _fields_to_offer(request: HttpRequest) -> list[tuple[str, str]]:
    if (
        request.method != "POST"
        or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin"
        or _foreign_origin(request)
    ):
        return []
    pairs = [(name, value) for name, values in request.POST.lists() for value in values]
    kept = [(name, value) for name, value in pairs if not any(secret in name.lower() for secret in NEVER_OFFERED_AGAIN)]
    return kept if sum(len(name) + len(value) for name, value in kept) <= MOST_OFFERED_AGAIN else []


def _foreign_origin(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin", "null")
    return origin not in {"null", f"{request.scheme}://{request.get_host()}"}


def _sentence_of(exception: Exception | None) -> str | None:
    """Only our own errors carry a sentence fit for the screen."""
    return str(exception) if isinstance(exception, DomainError) else None
