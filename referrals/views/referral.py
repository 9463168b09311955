"""One referral: where it stands, what now, what became of it.

What it says about the person is on a page of its own; a look at either is on record.
"""

from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from rainbowrail.actors import Actor
from rainbowrail.audit.record import record_view
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.lifecycle import engine
from rainbowrail.web.doors import staff_page
from referrals import permissions, workflow
from referrals.actions import has_passphrase, offers_about
from referrals.casefile import ConsentHow
from referrals.gather import consent_in_force
from referrals.models import RecallNotice, Referral
from referrals.programmes import programme
from referrals.queries import RECALLERS
from referrals.states import ReferralState
from referrals.timeline import history_of
from referrals.views.finding import READER_ROLES, referral_of, staff_of

LOOK_AGAIN_SECONDS = 3
HOW: dict[ConsentHow, str | Promise] = {
    ConsentHow.RECORDED_ORAL: _("Spoken, and written down by staff"),
    ConsentHow.SIGNED: _("Signed"),
    ConsentHow.OWN_PAGE: _("By the person, on their own page"),
}


@dataclass(frozen=True, slots=True)
class Buttons:
    """What this person may do here and now: the names of the moves that would work, and what needs no move."""

    moves: frozenset[str]
    read: bool
    read_through: bool
    write: bool
    consent: bool
    fetch: bool
    passphrase: bool
    hear_withdrawal: bool
    recall: bool

    @classmethod
    def of(cls, referral: Referral, *, by: Actor) -> "Buttons":
        officer = permissions.allows(permissions.check_draft, by, referral)
        return cls(
            moves=frozenset(move.name for move in engine.available(referral, workflow.MOVES, by=by)),
            read=permissions.allows(permissions.check_read_contents, by, referral),
            read_through=referral.is_with_us,
            write=officer and referral.is_editable,
            consent=officer and referral.is_open,
            fetch=officer and referral.has_file,
            passphrase=officer and referral.has_file and referral.recipient.gets_archives and has_passphrase(referral),
            hear_withdrawal=referral.is_open and permissions.allows(permissions.check_hear_withdrawal, by, referral),
            recall=bool(by.roles & RECALLERS),
        )


@staff_page(*READER_ROLES)
@require_safe
def referral(request: HttpRequest, packet_id: str) -> HttpResponse:
    found, by = referral_of(request, packet_id), staff_of(request).actor
    may = Buttons.of(found, by=by)
    if is_made_now := found.state == ReferralState.BUILDING:
        # The page looks again every few seconds: it opens nothing then, and the trail holds only what a person looked at.
        may = replace(may, read=False, consent=False)
    consent = consent_in_force(found) if may.read else None
    if may.read:  # consent, and the reasons in the history
        record_view(found, compartment=Compartment.CASEWORK, by=by, case_id=found.case_id)
    context = {
        "referral": found,
        "programme": programme(found.programme),
        "may": may,
        "packets": found.packets.select_related("recipient", "handed_over_by"),
        "outcomes": found.outcomes.select_related("recorded_by"),
        "consent": consent,
        "consent_parts": ", ".join(sorted(consent.parts)) if consent else "",
        "consent_how": HOW[consent.how] if consent else "",
        "offers": offers_about(found) if may.read else [],
        "recalls": RecallNotice.objects.of(found).select_related("packet__referral", "packet__recipient", "told_by"),
        "today": timezone.localdate(),
        "history": history_of(found, reasons=may.read),
    }
    response = render(request, "referrals/referral.html", context)
    if is_made_now:
        response.headers["Refresh"] = str(LOOK_AGAIN_SECONDS)  # works without script; a file is made in a few seconds
    return response
