"""Where somebody finds the form again that they sent when they were not signed in any more.

After signing in a form is not sent by itself, and an address that takes forms only would answer with an error.
"""

from collections.abc import Callable
from inspect import getclosurevars, isfunction
from typing import Any

from django.http import HttpRequest
from django.urls import Resolver404, resolve

from rainbowrail.accounts.recent import page_of
from rainbowrail.web.recent import recent_of

LOOKS = frozenset({"GET", "HEAD"})


def after_signing_in(request: HttpRequest, view: Callable[..., Any], kwargs: dict[str, Any]) -> str:
    """Return the address that was asked for; for a form that has no page of its own, that of the page it stands on."""
    if request.method in LOOKS or shows_a_page(view):
        return request.get_full_path()
    mark = recent_of(view)
    if mark is not None and mark.form:
        return page_of(mark.form, kwargs)
    path = request.path
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            if shows_a_page(resolve(path).func):
                return path
        except Resolver404:
            continue
    return path


def shows_a_page(view: Callable[..., Any]) -> bool:
    """Whether a view answers a GET, as far as Django's decorators on it say."""
    layer: Any = view
    while layer is not None:
        told = getclosurevars(layer).nonlocals.get("request_method_list") if isfunction(layer) else None
        if told is not None:
            return not LOOKS.isdisjoint(told)
        layer = getattr(layer, "__wrapped__", None)
    return True
