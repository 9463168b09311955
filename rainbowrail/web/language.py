"""Which language a page speaks: chosen by the person, remembered until the browser closes, set nowhere else."""

import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language

from rainbowrail.web.doors import applicant_page, public_page
from rainbowrail.web.forms import SPEAK

# Of the page and not typed; and a code or part of one, which no page writes back.
NOT_CARRIED = frozenset({"csrfmiddlewaretoken", SPEAK, "return_code", "group"})
REVIEWS = Path(__file__).resolve().parents[1] / "locale" / "reviews.toml"


@public_page
@require_POST
def choose_language(request: HttpRequest) -> HttpResponseBase:
    """Remember `language` until the browser closes and go back to `next`, a path of this door."""
    return set_language(request)


@applicant_page
@require_GET
def begin_in(request: HttpRequest, code: str) -> HttpResponseBase:
    """Show the first page in a language and remember it: a plain link, so that the first page needs no form and no cookie.

    Nothing but the preference changes, so that a link which somebody else made can do no harm.
    """
    if code not in dict(settings.LANGUAGES):
        raise Http404
    response = redirect("/")
    remember(response, code)
    return response


def remember(response: HttpResponseBase, code: str) -> None:
    """Let the browser ask for this language until it closes."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Strict",
    )


class KeepsWhatIsTyped:
    """Lets a person choose another language in the middle of a form, with nothing typed lost and nothing saved.

    The form is sent with the button `speak`. Without a language the answer is the list of languages, which carries along what
    was typed; with one, the view gets the form again, which shows itself as it was (`PageForm.is_only_shown`).
    Stands behind the check of the token; a form with files is left alone, since a file cannot be carried.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if code := getattr(request, "language_chosen", ""):
            remember(response, code)
        return response

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        if request.method != "POST" or request.content_type != "application/x-www-form-urlencoded" or SPEAK not in request.POST:
            return None
        code = request.POST[SPEAK]
        if code not in dict(settings.LANGUAGES):
            typed = [(name, value) for name, values in request.POST.lists() for value in values if name not in NOT_CARRIED]
            return render(request, "rainbowrail/language_of_form.html", {"action": request.path, "carried": typed})
        translation.activate(code)
        request.LANGUAGE_CODE = translation.get_language()
        request.language_chosen = code  # type: ignore[attr-defined]
        return None


class StaffLanguage(LocaleMiddleware):
    """The staff door speaks the languages that are whole for staff; half a page in another one would mislead.

    First what the person who is signed in chose, then what was chosen in this browser, then what the browser asks for.
    """

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        chosen = getattr(getattr(request, "user", None), "language", "")
        code = chosen or request.LANGUAGE_CODE
        translation.activate(code if code in settings.STAFF_LANGUAGES else settings.STAFF_LANGUAGES[0])
        request.LANGUAGE_CODE = translation.get_language()


@cache
def _reviews() -> dict[str, dict[str, str]]:
    return tomllib.loads(REVIEWS.read_text(encoding="utf-8"))


def is_reviewed(code: str) -> bool:
    """Say whether a native speaker has read every sentence of the public door in a language."""
    return bool(_reviews().get(code, {}).get("read_by"))
