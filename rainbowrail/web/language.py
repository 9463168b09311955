"""The one page that sets the language cookie, and only when a person chooses."""

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from rainbowrail.web.doors import public_page


@public_page
@require_POST
def choose_language(request: HttpRequest) -> HttpResponseBase:
    """Remember `language` until the browser closes and go back to `next`, a path of this door."""
    return set_language(request)
