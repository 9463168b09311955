"""Enforces the staff door: a mark, a sign-in with both factors, a role. A view without a mark is refused."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

from rainbowrail.accounts import ended_sessions, factors, limits, recent, standing
from rainbowrail.accounts.queries import staff_of
from rainbowrail.accounts.way_back import after_signing_in
from rainbowrail.web import errors, logs
from rainbowrail.web.doors import DoorKind, door_of

# All that is open to somebody who has no second factor yet: adding the first.
ENROLMENT = frozenset({"mfa_index", "mfa_add_webauthn", "mfa_activate_totp"})


class StaffDoor:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> HttpResponseBase | None:
        door = door_of(view)
        if door is None or door.kind is DoorKind.APPLICANT:
            logs.event("view_refused_at_staff_door", view=f"{view.__module__}.{getattr(view, '__qualname__', '')}")
            return errors.not_found(request)
        if door.kind is DoorKind.OPEN:
            return None
        if not request.user.is_authenticated:
            ended_sessions.tell_of_form(request)
            return redirect_to_login(after_signing_in(request, view, kwargs))
        if not standing.has_both_factors(request):
            # Those without a second factor are let in to the few pages of enrolment, which ask for no role.
            return _to_the_second_factor(request, after_signing_in(request, view, kwargs))
        if door.roles and not request.user.has_role(*door.roles):
            # The front page belongs to those who read cases; whoever else knocks there is led to their own first page.
            return redirect("account_home") if request.path == "/" else errors.forbidden(request)
        return recent.ask_first(request, view, kwargs)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Say how long to wait when tries came too fast; with this status nothing was looked at."""
        if not isinstance(exception, limits.TooSoon):
            return None
        response = render(request, "accounts/too_soon.html", {"wait": exception.wait}, status=429)
        response.headers["Retry-After"] = str(exception.wait)
        return response


def _to_the_second_factor(request: HttpRequest, then: str) -> HttpResponseBase | None:
    """Let somebody without a second factor enrol and do nothing else; whoever has one must show it, in a new session."""
    if get_adapter().is_mfa_enabled(request.user):
        opens = factors.kinds_of(staff_of(request)).opens
        logout(request)
        if not opens:
            messages.error(request, str(factors.NONE_OPENS))
        return redirect_to_login(then)
    match = request.resolver_match
    return None if match and match.url_name in ENROLMENT else redirect("mfa_index")
