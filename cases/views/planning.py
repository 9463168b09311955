"""Who does what by when: the next step, the owner, and the referral officer."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from cases import actions
from cases.forms import GiveForm, GiveToOfficerForm, NextStepForm
from cases.permissions import check_assign, check_give_officer, check_hand_over, check_work_on
from cases.views.acting import Page, act, given
from cases.views.finding import READER_ROLES, case_of, staff_of
from rainbowrail.web.doors import staff_page
from rainbowrail.web.recent import needs_recent_sign_in

NEXT_STEP = Page(gettext_lazy("Set the next step"), gettext_lazy("Keep the next step"))
GIVE = Page(
    gettext_lazy("Give the case to somebody"),
    gettext_lazy("Give the case"),
    gettext_lazy("The new owner gets a mail without any detail."),
)
GIVE_OFFICER = Page(
    gettext_lazy("Give the case to another officer"),
    gettext_lazy("Give the case"),
    gettext_lazy(
        "The officer of the case opens who the person is, prepares its referral and answers for it. The new one gets a mail "
        "without any detail."
    ),
)


@staff_page(*READER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def next_step(request: HttpRequest, reference: str) -> HttpResponse:
    case, by = case_of(request, reference), staff_of(request).actor
    check_work_on(by, case)

    def keep(told: dict[str, Any]) -> str:
        actions.set_next_step(case, step=told["step"], on=told["on"], by=by)
        return _("The next step is set.")

    form = NextStepForm(request.POST) if request.method == "POST" else NextStepForm.of(case)
    return act(request, case, NEXT_STEP, form, keep)


@staff_page(*READER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, reference: str) -> HttpResponse:
    case, by = case_of(request, reference), staff_of(request).actor
    (check_assign if case.owner_id is None else check_hand_over)(by, case)

    def hand(told: dict[str, Any]) -> str:
        actions.assign(case, to=told["to"], by=by)
        return _("%(name)s has this case now.") % {"name": told["to"].name}

    return act(request, case, GIVE, GiveForm(given(request)), hand)


@staff_page(*READER_ROLES)
@needs_recent_sign_in()
@require_http_methods(["GET", "HEAD", "POST"])
def give_officer(request: HttpRequest, reference: str) -> HttpResponse:
    case, by = case_of(request, reference), staff_of(request).actor
    check_give_officer(by, case)

    def hand(told: dict[str, Any]) -> str:
        actions.give_to_officer(case, to=told["to"], by=by)
        return _("%(name)s is the officer of this case now.") % {"name": told["to"].name}

    return act(request, case, GIVE_OFFICER, GiveToOfficerForm(given(request)), hand)


@staff_page(*READER_ROLES)
@needs_recent_sign_in(form="cases:case")
@require_POST
def take_as_officer(request: HttpRequest, reference: str) -> HttpResponse:
    case = case_of(request, reference)
    actions.take_as_officer(case, by=staff_of(request).actor)
    messages.success(request, _("You are the officer of this case now."))
    return redirect(case)


@staff_page(*READER_ROLES)
@require_POST
def put_back_as_officer(request: HttpRequest, reference: str) -> HttpResponse:
    case = case_of(request, reference)
    actions.put_back_as_officer(case, by=staff_of(request).actor)
    messages.success(request, _("The case waits for an officer again."))
    return redirect(case)
