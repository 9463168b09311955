"""Enforces the staff door: a mark, a sign-in, a role. A view without a mark is refused."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from rainbowrail.web import errors, logs
from rainbowrail.web.doors import DoorKind, door_of


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
            return redirect_to_login(request.get_full_path())
        if door.roles and not request.user.has_role(*door.roles):
            # The front page belongs to those who read cases; whoever else knocks there is led to their own first page.
            return redirect("account_home") if request.path == "/" else errors.forbidden(request)
        return None
