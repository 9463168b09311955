"""Start a referral of a case that is ready, and write it: one long form, saved with gaps, that asks what the programme asks."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.models import Case
from cases.permissions import check_begin_referral
from rainbowrail.audit.record import record_view
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.errors import NotPossible
from rainbowrail.web.doors import staff_page
from rainbowrail.web.recent import needs_recent_sign_in
from referrals import actions
from referrals.forms import DraftForm, StartForm
from referrals.models import Recipient
from referrals.permissions import check_draft
from referrals.programmes import programme
from referrals.views.acting import Page, act
from referrals.views.finding import OFFICER_ROLES, referral_of, staff_of


@staff_page(*OFFICER_ROLES)
@needs_recent_sign_in()
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose the official and begin; whoever begins has the case, and so may open who the person is."""
    user = staff_of(request)
    case = get_object_or_404(Case.objects.visible_to(user), reference=reference)
    check_begin_referral(user.actor, case)
    form = StartForm(request.POST or None)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            started = actions.draft(
                case, recipient=form.cleaned_data["recipient"], language=form.cleaned_data["language"], by=user.actor
            )
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, _("The referral is begun. Record the consent, then write."))
            return redirect(started)
    context = {"case": case, "form": form, "there_are_officials": Recipient.objects.may_receive().exists()}
    return render(request, "referrals/draft.html", context, status=status)


@staff_page(*OFFICER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, packet_id: str) -> HttpResponse:
    """The programme's questions. Opening them opens who the person is, and is on record."""
    found, by = referral_of(request, packet_id), staff_of(request).actor
    check_draft(by, found)
    if not found.is_editable:
        raise NotPossible(_("This referral is not a draft any more. Take it back first."))
    chosen = programme(found.programme)
    if request.method != "POST":
        for compartment in (Compartment.IDENTITY, Compartment.CASEWORK):  # who it is, and the account that was written
            record_view(found, compartment=compartment, by=by, case_id=found.case_id)
    form = DraftForm(request.POST or None, programme=chosen, referral=found)

    def save(given: dict[str, Any]) -> str:
        actions.save_draft(found, words=form.words(), by=by)
        return _("Saved.")

    page = Page(_("Write the referral"), _("Save and read it through"))
    goes_to = reverse("referrals:read", args=[found.packet_id])
    return act(
        request,
        found,
        page,
        form,
        save,
        template="referrals/write.html",
        goes_to=goes_to,
        context={"language": dict(chosen.languages)[found.language]},
    )
