"""Stop contact with a person, or allow it again."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cases import actions
from cases.forms import ReasonForm
from cases.permissions import check_resume_contact, check_stop_contact
from cases.views.acting import Page, act, given
from cases.views.finding import READER_ROLES, case_of, staff_of
from rainbowrail.web.doors import staff_page

STOP = Page(
    gettext_lazy("Stop contact with the person"),
    gettext_lazy("Stop contact"),
    gettext_lazy("No mail and no text message goes out to them until a triage lead allows it again."),
    danger=True,
)
RESUME = Page(
    gettext_lazy("Allow contact again"),
    gettext_lazy("Allow contact"),
    gettext_lazy(
        "Only when you know that it is safe: the person came back with their own code and said so, or somebody you trust "
        "has seen them alone."
    ),
)


@staff_page(*READER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def stop_contact(request: HttpRequest, reference: str) -> HttpResponse:
    case, by = case_of(request, reference), staff_of(request).actor
    check_stop_contact(by, case)

    def stop(told: dict[str, Any]) -> str:
        actions.stop_contact(case, reason=told["reason"], by=by)
        return _("Nothing goes out to the person until a lead allows it.")

    return act(request, case, STOP, ReasonForm(given(request)), stop)


@staff_page(*READER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def resume_contact(request: HttpRequest, reference: str) -> HttpResponse:
    case, by = case_of(request, reference), staff_of(request).actor
    check_resume_contact(by, case)

    def resume(told: dict[str, Any]) -> str:
        actions.resume_contact(case, reason=told["reason"], by=by)
        return _("Contact with the person is allowed again.")

    return act(request, case, RESUME, ReasonForm(given(request)), resume)
