"""needs_recent_sign_in: what a stolen browser session must not do asks for a factor once more (decision 0028).

    @staff_page(*OFFICER_ROLES)
    @needs_recent_sign_in(form="referrals:referral")
    @require_POST
    def file(request, packet_id): ...

Within ten minutes of showing both factors the view runs. Later a GET leads to the page that asks, and back. A POST is kept
nowhere: it leads to that page and from there to the page with the form, where the person presses again.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from rainbowrail.accounts import standing

type View = Callable[..., HttpResponseBase]
MARK = "needs_recent_sign_in"


def needs_recent_sign_in(form: str = "", *, enrolment: bool = False) -> Callable[[View], View]:
    """Let the view run only when both factors were shown within ten minutes; stands below `staff_page`.

    `form` is the URL name of the page whose button posts here, taken with those of the view's arguments that it knows; a view
    that draws its own form needs none.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if standing.is_recent(request) or (enrolment and not standing.has_both_factors(request)):
                return view(request, *args, **kwargs)
            if request.method in {"GET", "HEAD"}:
                return confirm_first(request.get_full_path())
            messages.info(request, _("Nothing was done yet. Show that it is you, then press the button again."))
            return confirm_first(_page_of(form, kwargs) if form else request.path)

        setattr(guarded, MARK, True)
        return guarded

    return decorate


def confirm_first(then: str) -> HttpResponseRedirect:
    """Lead to the page that asks for a factor, and from there to `then`, an address of ours."""
    return HttpResponseRedirect(f"{reverse('account_confirm')}?{urlencode({'next': then})}")


def asks_for_recent_sign_in(view: object) -> bool:
    """Whether a routed view is guarded: what the table of sensitive pages is held against."""
    return bool(getattr(view, MARK, False))


def _page_of(form: str, kwargs: dict[str, Any]) -> str:
    """Return the address of the page with the form: it takes the same arguments as the view, or the first few of them."""
    names = list(kwargs)
    for count in range(len(names), -1, -1):
        try:
            return reverse(form, kwargs={name: kwargs[name] for name in names[:count]} or None)
        except NoReverseMatch:
            continue
    raise NoReverseMatch(f"No page called {form!r} takes any of the arguments {', '.join(names) or '(none)'}.")
