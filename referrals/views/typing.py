"""What is typed into the long forms of a referral outlives the session, sealed for its author (docs/decisions/0103)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import ResolverMatch, reverse
from django.views.decorators.http import require_POST

from cases.models import Case
from cases.views import typing
from rainbowrail.accounts.models import User
from rainbowrail.web.doors import staff_page
from referrals.models import Referral
from referrals.views.finding import READER_ROLES, referral_of, staff_of

# The pages of a referral on which somebody writes at length, by their names.
PAGES = frozenset({"write", "consent", "consent_withdrawal", "return", "outcome", "withdraw"})


def page_name(match: ResolverMatch | None) -> str:
    """Return the name of the page of this address, or "" for one that keeps nothing."""
    is_ours = match is not None and match.namespace == "referrals" and match.url_name in PAGES
    return str(match.url_name) if match is not None and is_ours else ""


def place(referral: Referral, page: str) -> tuple[Case, str]:
    """Return where a form of this referral is kept: under its case, which may have several referrals."""
    return referral.case, f"{page}-{referral.packet_id}"


@staff_page(*READER_ROLES)
@require_POST
def keep_typed(request: HttpRequest, packet_id: str, page: str) -> HttpResponse:
    """Keep what the script of a form sends every few seconds; with `answer=drop`, the button of a page, forget it."""
    found = referral_of(request, packet_id)
    if page not in PAGES:
        raise Http404
    back = reverse(f"referrals:{page}", args=[found.packet_id])
    return typing.keep_or_drop(request, place(found, page), by=staff_of(request).actor, back=back)


def keep_put_off(sender: object, *, request: HttpRequest, user: User, **kwargs: Any) -> bool:
    """Hear that a form was not taken, as the pages of a case do."""
    page = page_name(request.resolver_match)
    packet_id = str(request.resolver_match.kwargs.get("packet_id", "")) if request.resolver_match else ""
    seen = Referral.objects.visible_to(user).filter(packet_id=packet_id, case__erasure__erased_on=None) if page else None
    referral = seen.select_related("case").first() if seen is not None else None
    return bool(page) and typing.keep_form(request, place(referral, page) if referral is not None else None, user)
