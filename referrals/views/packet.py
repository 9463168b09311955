"""Read what would leave the building, ask for approval, approve or return it; fetch the sealed file; read what was told."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rainbowrail.crypto.recipients.archive import spoken
from rainbowrail.errors import NotPossible
from rainbowrail.web.doors import staff_page
from rainbowrail.web.exports import export
from referrals import actions
from referrals.forms import ApprovalForm
from referrals.models import SentPacket
from referrals.permissions import check_draft, check_read_contents
from referrals.programmes import programme
from referrals.views.finding import APPROVER_ROLES, CONTENT_ROLES, OFFICER_ROLES, referral_of, staff_of
from referrals.views.referral import Buttons


@staff_page(*CONTENT_ROLES)
@require_safe
def read(request: HttpRequest, packet_id: str) -> HttpResponse:
    found, by = referral_of(request, packet_id), staff_of(request).actor
    check_read_contents(by, found)
    if not found.is_with_us:
        raise NotPossible(_("The office has this version. Read what was told beside its file."))
    packet, findings = actions.open_contents(found, by=by)
    context = {
        "referral": found,
        "programme": programme(found.programme),
        "packet": packet,
        "findings": findings,
        "may": Buttons.of(found, by=by),
        "form": ApprovalForm(initial={"read_digest": packet.digest()}),
    }
    return render(request, "referrals/read.html", context)


@staff_page(*OFFICER_ROLES)
@require_POST
def submit(request: HttpRequest, packet_id: str) -> HttpResponse:
    found = referral_of(request, packet_id)
    check_draft(staff_of(request).actor, found)
    try:
        actions.submit(found, by=staff_of(request).actor)
    except NotPossible as refusal:
        messages.error(request, str(refusal))
        return redirect("referrals:read", packet_id)
    messages.success(request, _("A second person is asked to approve."))
    return redirect(found)


@staff_page(*APPROVER_ROLES)
@export(form="referrals:read")
@require_POST
def approve(request: HttpRequest, packet_id: str) -> HttpResponse:
    """Approve exactly what was on the screen."""
    found = referral_of(request, packet_id)
    form = ApprovalForm(request.POST)
    try:
        actions.approve(
            found, read_digest=form.cleaned_data["read_digest"] if form.is_valid() else "", by=staff_of(request).actor
        )
    except NotPossible as refusal:
        messages.error(request, str(refusal))
        return redirect("referrals:read", packet_id)
    messages.success(request, _("Approved. The sealed file is being made."))
    return redirect(found)


@staff_page(*OFFICER_ROLES)
@export(form="referrals:referral")
@require_POST
def file(request: HttpRequest, packet_id: str) -> HttpResponse:
    """Hand out the sealed file: bytes that only the official opens, under a name that tells nothing."""
    name, data = actions.download(referral_of(request, packet_id), by=staff_of(request).actor)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(len(data))}
    return HttpResponse(data, content_type="application/octet-stream", headers=headers)


@staff_page(*OFFICER_ROLES)
@export(form="referrals:referral")
@require_POST
def passphrase(request: HttpRequest, packet_id: str) -> HttpResponse:
    """Show the passphrase of the archive, once, with the words to say on the telephone."""
    found = referral_of(request, packet_id)
    shown = actions.take_passphrase(found, by=staff_of(request).actor)
    groups = zip(shown.split("-"), spoken(shown), strict=True)
    return render(request, "referrals/passphrase.html", {"referral": found, "passphrase": shown, "groups": groups})


@staff_page(*CONTENT_ROLES)
@require_safe
def told(request: HttpRequest, packet_id: str, packet_row: UUID) -> HttpResponse:
    """Read exactly what one file told."""
    found = referral_of(request, packet_id)
    row = get_object_or_404(SentPacket.objects.select_related("referral", "recipient"), pk=packet_row, referral=found)
    contents = actions.open_sent(row, by=staff_of(request).actor)
    return render(request, "referrals/told.html", {"referral": found, "row": row, "packet": contents})
