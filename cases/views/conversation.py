"""What staff write to the applicant: questions, messages, and going on without an answer."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from cases import actions
from cases.forms import MessageForm, QuestionForm
from cases.permissions import check_work_on
from cases.views.acting import Page, act, given
from cases.views.finding import READER_ROLES, case_of, staff_of
from intake.staff_actions import audiences_of
from rainbowrail.web.doors import staff_page

ASK = Page(
    gettext_lazy("Ask the applicant"),
    gettext_lazy("Send the question"),
    gettext_lazy("They read it when they come back with their return code. The clocks of the case go on running meanwhile."),
)
TELL = Page(
    gettext_lazy("Write to the applicant"),
    gettext_lazy("Send the message"),
    gettext_lazy(
        "They read it when they come back with their return code. A message needs no answer; to get one, ask a question."
    ),
)


@staff_page(*READER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    case, by = case_of(request, reference), staff_of(request).actor
    check_work_on(by, case)

    def send(told: dict[str, Any]) -> str:
        actions.ask_applicant(case, question=told["question"], by=by, to=told.get("to"))
        return _("The question is on the applicant’s page. The case waits for the answer.")

    return act(request, case, ASK, QuestionForm(given(request), audiences=audiences_of(case.help_request)), send)


@staff_page(*READER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: HttpRequest, reference: str) -> HttpResponse:
    case, by = case_of(request, reference), staff_of(request).actor
    check_work_on(by, case)

    def send(told: dict[str, Any]) -> str:
        actions.tell_applicant(case, text=told["text"], by=by, to=told.get("to"))
        return _("The message is on the applicant’s page.")

    return act(request, case, TELL, MessageForm(given(request), audiences=audiences_of(case.help_request)), send)


@staff_page(*READER_ROLES)
@require_POST
def stop_waiting(request: HttpRequest, reference: str) -> HttpResponse:
    case = case_of(request, reference)
    actions.stop_waiting(case, by=staff_of(request).actor)
    messages.success(request, _("The case goes on without the answer."))
    return redirect(case)
