"""The page after signing in: the first of the menu that this person may open."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rainbowrail.web.doors import actor_of, staff_page
from rainbowrail.web.navigation import menu_for


@staff_page()
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    lines = menu_for(actor_of(request).roles)
    return HttpResponseRedirect(lines[0].url) if lines else render(request, "account/home.html")
