"""The page after signing in: the first of the menu that this person may open."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rainbowrail.accounts import granting
from rainbowrail.accounts.queries import staff_of
from rainbowrail.web.doors import actor_of, staff_page
from rainbowrail.web.navigation import menu_for


@staff_page()
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    lines = menu_for(actor_of(request).roles)
    if lines:
        return HttpResponseRedirect(lines[0].url)
    waiting = granting.grants_of(staff_of(request)).waiting().order_by("role")
    return render(request, "account/home.html", {"waiting": waiting})
