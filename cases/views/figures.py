"""All work in numbers, for whoever needs no contents: managers, leads and auditors."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.figures import DAYS_OF_COUNTRIES, FEWEST, Figures
from cases.need_to_know import READERS
from cases.permissions import FIGURE_READERS
from rainbowrail.web.doors import actor_of, staff_page


@staff_page(*FIGURE_READERS)
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    by = actor_of(request)
    counted = Figures.of(by)
    context = {
        "figures": counted,
        "busiest": max([1, *(max(week.received, week.referred, week.closed) for week in counted.weeks)]),
        "most_from": max([1, *(row.now for row in counted.countries)]),
        "days": DAYS_OF_COUNTRIES,
        "fewest": FEWEST,
        # Whoever sees the queue could count there what waits now.
        "floor": 1 if by.roles & READERS else FEWEST,
    }
    return render(request, "cases/figures.html", context)
