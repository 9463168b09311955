from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cases import actions
from cases.forms import AssessmentForm
from cases.permissions import check_work_on
from cases.views.acting import Page, act, given
from cases.views.finding import READER_ROLES, case_of, staff_of
from rainbowrail.web.doors import staff_page

ASSESS = Page(
    gettext_lazy("Assess the account"),
    gettext_lazy("Keep the assessment"),
    gettext_lazy(
        "How sure we are is a dial of its own: it never changes how urgent the case is. A doubtful account can be urgent."
    ),
)


@staff_page(*READER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def assess(request: HttpRequest, reference: str) -> HttpResponse:
    case, by = case_of(request, reference), staff_of(request).actor
    check_work_on(by, case)

    def keep(told: dict[str, Any]) -> str:
        actions.assess(case, verification=told["verification"], pathways=told["pathways"], summary=told["summary"], by=by)
        return _("The assessment is kept.")

    return act(request, case, ASSESS, AssessmentForm(given(request)), keep)
