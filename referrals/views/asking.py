"""Ask the person on their own page; call a file back, and print the notice."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rainbowrail.web.doors import staff_page
from rainbowrail.web.forms import PageForm
from referrals import actions
from referrals.forms import AskConsentForm, HandOverForm, RecallConfirmedForm
from referrals.models import RecallNotice, Referral
from referrals.permissions import check_draft
from referrals.programmes import programme
from referrals.states import HandedOver
from referrals.views.acting import Page, act
from referrals.views.finding import OFFICER_ROLES, RECALL_ROLES, recall_of, referral_of, staff_of

form_page = require_http_methods(["GET", "HEAD", "POST"])


@staff_page(*OFFICER_ROLES)
@form_page
def ask_consent(request: HttpRequest, packet_id: str) -> HttpResponse:
    """Choose what is asked for; the person reads it in the language of their page, and answers there."""
    found, by = referral_of(request, packet_id), staff_of(request).actor
    check_draft(by, found)
    chosen = programme(found.programme)

    def do(given: dict[str, Any]) -> str:
        actions.ask_consent(found, parts=given["parts"], ends_on=given["ends_on"], by=by)
        return _("It stands on the person's own page now.")

    before = (
        _("The person reads on their own page, in their language, which parts this official would be told, what for, and until "
          "when. They say yes or no there, and can end it on any day. Who filed for them cannot."),
    )  # fmt: skip
    page = Page(_("Ask the person on their own page"), _("Ask"), before)
    return act(request, found, page, AskConsentForm(request.POST or None, programme=chosen), do)


@staff_page(*OFFICER_ROLES)
@require_POST
def take_back_offer(request: HttpRequest, packet_id: str, offer_id: UUID) -> HttpResponse:
    found = referral_of(request, packet_id)
    actions.take_back_offer(found, offer_id, by=staff_of(request).actor)
    messages.success(request, _("The question is off the person's page."))
    return redirect(found)


@staff_page(*RECALL_ROLES)
@require_safe
def recall(request: HttpRequest, packet_id: str, notice_id: UUID) -> HttpResponse:
    """The notice as it is printed or copied: it names the file, and never the person or why."""
    notice = recall_of(request, packet_id, notice_id)
    referral = notice.packet.referral
    context = {"referral": referral, "notice": notice, "packet": notice.packet, "back": _back_from(request, referral)}
    with translation.override(referral.language):
        return render(request, "referrals/recall.html", context)


@staff_page(*RECALL_ROLES)
@form_page
def recall_told(request: HttpRequest, packet_id: str, notice_id: UUID) -> HttpResponse:
    notice, by = recall_of(request, packet_id, notice_id), staff_of(request).actor

    def do(given: dict[str, Any]) -> str:
        actions.record_recall_told(notice, on=given["on"], how=HandedOver(given["how"]), by=by)
        return _("Recorded. Ask the office to confirm that every copy is destroyed.")

    page = Page(_("The recall notice was sent"), _("Record it"))
    return _act(request, notice, page, HandOverForm(request.POST or None), do)


@staff_page(*RECALL_ROLES)
@form_page
def recall_confirmed(request: HttpRequest, packet_id: str, notice_id: UUID) -> HttpResponse:
    notice, by = recall_of(request, packet_id, notice_id), staff_of(request).actor

    def do(given: dict[str, Any]) -> str:
        actions.record_recall_confirmed(notice, on=given["on"], by=by)
        return _("Recorded.")

    page = Page(_("The office confirms that it destroyed the file"), _("Record it"))
    return _act(request, notice, page, RecallConfirmedForm(request.POST or None), do)


def _act(
    request: HttpRequest, notice: RecallNotice, page: Page, form: PageForm, do: Callable[[dict[str, Any]], str]
) -> HttpResponse:
    back = reverse("referrals:recall", args=[notice.packet.referral.packet_id, notice.pk])
    return act(request, notice.packet.referral, page, form, do, goes_to=back, context={"back": back})


def _back_from(request: HttpRequest, referral: Referral) -> str:
    """Return where the notice leads back to: the referral is closed to some of those who may call its file back."""
    sees = Referral.objects.visible_to(staff_of(request)).filter(pk=referral.pk, case__erasure__erased_on=None).exists()
    return referral.get_absolute_url() if sees else reverse("referrals:list")
