"""Which language a page speaks: chosen by the person, remembered until the browser closes, set nowhere else."""

import tomllib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect
from django.utils import translation
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language

from rainbowrail.web.doors import applicant_page, public_page

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
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Strict",
    )
    return response


class StaffLanguage(LocaleMiddleware):
    """The staff door speaks the languages that are whole for staff; half a page in another one would mislead."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        if request.LANGUAGE_CODE not in settings.STAFF_LANGUAGES:
            translation.activate(settings.STAFF_LANGUAGES[0])
            request.LANGUAGE_CODE = translation.get_language()


@cache
def _reviews() -> dict[str, dict[str, str]]:
    return tomllib.loads(REVIEWS.read_text(encoding="utf-8"))


def is_reviewed(code: str) -> bool:
    """Say whether a native speaker has read every sentence of the public door in a language."""
    return bool(_reviews().get(code, {}).get("read_by"))
