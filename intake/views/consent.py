"""Consent texts: exactly what would go to whom, until when; say yes or no, and end it on any day (docs/decisions/0065)."""

from __future__ import annotations

import secrets
from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from intake import returning
from intake.consent import PARTS, PURPOSES
from intake.opened import OpenVisit
from intake.states import MAY_FOLLOW, OfferState
from intake.views.sessions import visit_page
from rainbowrail.countries import codes
from rainbowrail.web.doors import applicant_page

ANSWERS = {"yes": OfferState.GIVEN, "no": OfferState.REFUSED}


@applicant_page
@require_http_methods(["GET", "POST"])
@visit_page
def offer(request: HttpRequest, visit: OpenVisit, offer_id: UUID) -> HttpResponseBase:
    """Read what is asked, in the page's language, and say yes or no."""
    found = _offer(visit, offer_id)
    if request.method == "POST" and (act := ANSWERS.get(request.POST.get("answer", ""))):
        returning.answer_offer(visit, found, act, language=get_language() or "en", token=_token(request))
        return redirect("intake:offer", found.id)
    may = MAY_FOLLOW[found.state]
    context = {
        "offer": found,
        "told": words_of(found),
        "once": secrets.token_urlsafe(16),
        "may_give": OfferState.GIVEN in may and not returning.is_over(found),
        "may_refuse": OfferState.REFUSED in may,
        "may_end": OfferState.WITHDRAWN in may,
    }
    return render(request, "intake/offer.html", context)


@applicant_page
@require_http_methods(["GET", "POST"])
@visit_page
def end_consent(request: HttpRequest, visit: OpenVisit, offer_id: UUID) -> HttpResponseBase:
    """One press and one confirmation end it."""
    found = _offer(visit, offer_id)
    if request.method == "POST":
        returning.answer_offer(visit, found, OfferState.WITHDRAWN, language=get_language() or "en", token=_token(request))
        return redirect("intake:offer", found.id)
    if found.state != OfferState.GIVEN:
        return redirect("intake:offer", found.id)
    return render(request, "intake/end_consent.html", {"offer": found, "once": secrets.token_urlsafe(16)})


def words_of(offer: returning.Offer) -> dict[str, object]:
    """Return what the page says, in its language: parts, who would read it, what for, until when."""
    terms = offer.terms
    country = codes.name(terms["country"], get_language() or "en")
    return {
        "parts": [PARTS[part["words"]] for part in terms["parts"]],
        "withheld": [words for key, words in PARTS.items() if key not in {part["words"] for part in terms["parts"]}],
        "recipient": terms["recipient"],
        "purpose": str(PURPOSES[terms["purpose"]]) % {"country": country},
        "country": country,
        "ends_on": date.fromisoformat(terms["ends_on"]),
    }


def _offer(visit: OpenVisit, offer_id: UUID) -> returning.Offer:
    found = returning.offer_called(visit, offer_id)
    if found is None:
        raise Http404
    return found


def _token(request: HttpRequest) -> str:
    return request.POST.get("once", "")[:64] or secrets.token_urlsafe(16)
