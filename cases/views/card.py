"""A case of somebody who may not see all of it: the card, without who it is and without what was written since; or the outline,
in which nothing sealed is opened."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cases import actions
from cases.access_panel import AccessPanel
from cases.care_panel import CareOfCase, on_card
from cases.models import Case
from cases.need_to_know import Depth
from cases.timeline import outline_of
from cases.views.finding import staff_of
from cases.views.places import facts_shown
from cases.why import why_of


def card_page(request: HttpRequest, case: Case, depth: Depth, *, may: object, told: Any) -> HttpResponse:
    """Show what may be seen, covered where a text says who it is.

    `told(case)` gives what the person stated, asked for a card only; each look is on record.
    """
    by = staff_of(request).actor
    is_card = depth >= Depth.CARD
    if is_card:
        actions.mark_read(case, by=by)
    stated = on_card(case, told(case)) if is_card else {}
    care = CareOfCase.of(case, stated, user=staff_of(request), shown=request.GET.getlist("show"))
    if is_card:
        care.record_opened([], by=by)
    context = {
        "case": case,
        "care": care,
        "may": may,
        "access": AccessPanel.of(case, by=by),
        "is_card": is_card,
        "why": why_of(case.latest_score) if is_card and case.latest_score else None,
        "facts": facts_shown(request, stated) if is_card else [],
        "words": [],
        "history": outline_of(case),
    }
    return render(request, "cases/card.html", context)
