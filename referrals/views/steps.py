"""The steps of a referral that are one form each, or one button."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rainbowrail.web.doors import staff_page
from referrals import actions, workflow
from referrals.casefile import ConsentHow
from referrals.forms import AcknowledgementForm, ConsentForm, ConsentWithdrawalForm, HandOverForm, OutcomeForm, ReasonForm
from referrals.permissions import check_draft, check_hear_withdrawal
from referrals.programmes import programme
from referrals.states import HandedOver, OutcomeKind
from referrals.views.acting import Page, act
from referrals.views.finding import APPROVER_ROLES, CONTENT_ROLES, OFFICER_ROLES, STOPPING_ROLES, referral_of, staff_of

form_page = require_http_methods(["GET", "HEAD", "POST"])


@staff_page(*OFFICER_ROLES)
@form_page
def consent(request: HttpRequest, packet_id: str) -> HttpResponse:
    """Record what the person allowed; the text to read to them stands above the form."""
    found, by = referral_of(request, packet_id), staff_of(request).actor
    check_draft(by, found)
    chosen = programme(found.programme)
    form = ConsentForm(request.POST or None, programme=chosen, language=found.case.language)

    def do(given: dict[str, Any]) -> str:
        actions.record_consent(found, **{**given, "how": ConsentHow(given["how"])}, by=by)
        return _("The consent is recorded.")

    page = Page(_("Record consent"), _("Record consent"))
    return act(request, found, page, form, do, template="referrals/consent.html", context={"programme": chosen})


@staff_page(*STOPPING_ROLES)
@form_page
def consent_withdrawal(request: HttpRequest, packet_id: str) -> HttpResponse:
    found, by = referral_of(request, packet_id), staff_of(request).actor
    check_hear_withdrawal(by, found)

    def do(given: dict[str, Any]) -> str:
        actions.withdraw_consent(found, withdrawn_on=given["withdrawn_on"], note=given["note"], by=by)
        return _("The withdrawal is recorded, and the referral is stopped.")

    before = (_("This stops the referral at once. If the office has a file, write to them today: they must destroy it."),)
    page = Page(_("Consent withdrawn"), _("Record the withdrawal"), before, danger=True)
    return act(request, found, page, ConsentWithdrawalForm(request.POST or None), do)


@staff_page(*APPROVER_ROLES)
@form_page
def return_with_reason(request: HttpRequest, packet_id: str) -> HttpResponse:
    found, by = referral_of(request, packet_id), staff_of(request).actor

    def do(given: dict[str, Any]) -> str:
        actions.return_with_reason(found, reason=given["reason"], by=by)
        return _("Returned.")

    return act(request, found, Page(_("Return with a reason"), _("Return")), ReasonForm(request.POST or None), do)


@staff_page(*OFFICER_ROLES)
@form_page
def hand_over(request: HttpRequest, packet_id: str) -> HttpResponse:
    found, by = referral_of(request, packet_id), staff_of(request).actor
    check_draft(by, found)

    def do(given: dict[str, Any]) -> str:
        actions.hand_over(found, on=given["on"], how=HandedOver(given["how"]), by=by)
        return _("Recorded. The case is now referred.")

    return act(request, found, Page(_("The file was handed over"), _("Record it")), HandOverForm(request.POST or None), do)


@staff_page(*OFFICER_ROLES)
@form_page
def receipt(request: HttpRequest, packet_id: str) -> HttpResponse:
    found, by = referral_of(request, packet_id), staff_of(request).actor
    check_draft(by, found)

    def do(given: dict[str, Any]) -> str:
        actions.record_acknowledgement(found, **given, by=by)
        return _("The receipt is recorded.")

    return act(
        request,
        found,
        Page(_("The office confirmed the receipt"), _("Record it")),
        AcknowledgementForm(request.POST or None),
        do,
    )


@staff_page(*OFFICER_ROLES)
@form_page
def outcome(request: HttpRequest, packet_id: str) -> HttpResponse:
    found, by = referral_of(request, packet_id), staff_of(request).actor
    check_draft(by, found)

    def do(given: dict[str, Any]) -> str:
        actions.record_outcome(found, kind=OutcomeKind(given["kind"]), on=given["on"], note=given["note"], by=by)
        return _("The answer is recorded.")

    return act(request, found, Page(_("The office answered"), _("Record the answer")), OutcomeForm(request.POST or None), do)


@staff_page(*CONTENT_ROLES)
@form_page
def withdraw(request: HttpRequest, packet_id: str) -> HttpResponse:
    found, by = referral_of(request, packet_id), staff_of(request).actor
    workflow.WITHDRAW.may(by, found)

    def do(given: dict[str, Any]) -> str:
        actions.withdraw(found, reason=given["reason"], by=by)
        return _("The referral is withdrawn.")

    before = (_("If the office has a file, write to them today: they must destroy it."),)
    page = Page(_("Withdraw the referral"), _("Withdraw"), before, danger=True)
    return act(request, found, page, ReasonForm(request.POST or None), do)


@staff_page(*OFFICER_ROLES)
@require_POST
def take_back(request: HttpRequest, packet_id: str) -> HttpResponse:
    found = referral_of(request, packet_id)
    check_draft(staff_of(request).actor, found)
    actions.take_back(found, by=staff_of(request).actor)
    messages.success(request, _("It is a draft again."))
    return redirect(found)


@staff_page(*OFFICER_ROLES)
@require_POST
def retry(request: HttpRequest, packet_id: str) -> HttpResponse:
    found = referral_of(request, packet_id)
    check_draft(staff_of(request).actor, found)
    actions.retry_build(found, by=staff_of(request).actor)
    messages.success(request, _("The sealed file is being made."))
    return redirect(found)


@staff_page(*OFFICER_ROLES)
@require_POST
def revise(request: HttpRequest, packet_id: str) -> HttpResponse:
    found = referral_of(request, packet_id)
    check_draft(staff_of(request).actor, found)
    actions.revise(found, by=staff_of(request).actor)
    messages.success(request, _("A new version is begun; what the office has stays on record."))
    return redirect(found)
