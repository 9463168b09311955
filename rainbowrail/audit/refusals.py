"""Refusals on record: who was refused which page or act, about which case, and whose seal did not open (decision 0084).

A line names the route and the case of its address, never the address: words somebody typed may stand in it. A flood leaves a
bounded trail: one line an hour for each person, route and case, ten for addresses that name nothing, and sixty an hour for a
person at most. Seals that do not open have sixty of their own: no refusals hide them.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from rainbowrail.actors import Actor
from rainbowrail.audit import references
from rainbowrail.audit.models import AuditEvent
from rainbowrail.audit.record import record
from rainbowrail.audit.verbs import AuditVerb, KernelVerb
from rainbowrail.crypto.errors import OpenFailed

REFUSED: Final = frozenset({403, 404})
SPAN: Final = timedelta(hours=1)
MOST_IN_A_SPAN: Final = 60
# Addresses that name nothing there is: whoever tries one after the other shall stand out.
GUESSES_IN_A_SPAN: Final = 10


class Refusals:
    """Middleware around the staff door: notes what it, a view or an action refused to somebody who is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code in REFUSED:
            note(request, KernelVerb.REFUSED, status=response.status_code)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        if isinstance(exception, OpenFailed):
            note(request, KernelVerb.SEAL_FAILED, status=500)


def note(request: HttpRequest, verb: AuditVerb, *, status: int) -> bool:
    """Add the line, unless there is one like it in the last hour or the person has their sixty of it; says whether it did.

    One query for the bound, one for each reference of the address, one for the line. Nothing for strangers and for addresses
    that do not exist.
    """
    by, match = getattr(getattr(request, "user", None), "actor", None), request.resolver_match
    if not isinstance(by, Actor) or by.staff_id is None or match is None:
        return False
    page, (case_id, is_guess) = match.view_name, _named(match.kwargs)
    lately = AuditEvent.objects.of_person(by.staff_id).filter(verb=verb, at__gt=timezone.now() - SPAN)
    told = list(lately.order_by("-id").values_list("detail__page", "case_id")[:MOST_IN_A_SPAN])
    if told.count((page, case_id)) >= (GUESSES_IN_A_SPAN if is_guess else 1) or len(told) == MOST_IN_A_SPAN:
        return False
    record(verb, by=by, case_id=case_id, detail={"page": page, "status": status})
    return True


def _named(named: Mapping[str, object]) -> tuple[UUID | None, bool]:
    """Return the case that the parts of an address name, and whether one of them may be a guess: a reference of no case, or
    any part at all where no case is known by which to tell one try from the next."""
    cases = [references.find_by(kind, said) for kind, said in named.items() if isinstance(said, str) and references.tells(kind)]
    case_id = next((each for each in cases if each is not None), None)
    return case_id, None in cases or (case_id is None and bool(named))
