"""Acts on the mark `needs_recent_sign_in` (rainbowrail.web.recent, decision 0028)."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from rainbowrail.accounts import standing
from rainbowrail.accounts.queries import staff_of
from rainbowrail.accounts.signals import is_kept
from rainbowrail.web.recent import recent_of


def ask_first(request: HttpRequest, view: object, kwargs: dict[str, Any]) -> HttpResponseRedirect | None:
    """Return the way to the page that asks for a factor, or None when the view may run.

    Whoever enrols passes: the staff door has made sure that there is no factor to show, and the session has just begun.
    What was typed at length into a form is kept meanwhile by the app whose form it is (decision 0103).
    """
    mark = recent_of(view)
    if mark is None or standing.is_recent(request) or (mark.enrolment and not standing.has_both_factors(request)):
        return None
    if request.method in {"GET", "HEAD"}:
        return _confirm(request.get_full_path())
    if is_kept(request, staff_of(request)):
        said = _(
            "Nothing was done yet. Show that it is you, then press the button again. What you typed is kept, sealed, if its "
            "case is there for you."
        )
    else:
        said = _("Nothing was done yet. Show that it is you, then press the button again.")
    messages.info(request, said)
    if mark.form:
        return _confirm(page_of(mark.form, kwargs))
    carried = [(name, value) for name in mark.carries for value in request.POST.getlist(name) if value.isdecimal()]
    return _confirm(f"{request.path}?{urlencode(carried)}" if carried else request.path)


def _confirm(then: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('account_confirm')}?{urlencode({'next': then})}")


def page_of(form: str, kwargs: dict[str, Any]) -> str:
    """Return the address of the page with the form: it takes the same arguments as the view, or the first few of them."""
    names = list(kwargs)
    for count in range(len(names), -1, -1):
        try:
            return reverse(form, kwargs={name: kwargs[name] for name in names[:count]} or None)
        except NoReverseMatch:
            continue
    raise NoReverseMatch(f"No page called {form!r} takes any of the arguments {', '.join(names) or '(none)'}.")
