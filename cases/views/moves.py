"""The moves that a person makes on the case page, each with its action and, where one is needed, its reason."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases import actions, workflow
from cases.forms import CloseForm, ReasonForm
from cases.models import Case
from cases.states import CaseState
from cases.views.acting import Page, act, given
from cases.views.finding import READER_ROLES, case_of, staff_of
from rainbowrail.actors import Actor
from rainbowrail.errors import NotPossible
from rainbowrail.lifecycle.moves import Move
from rainbowrail.web.doors import staff_page

type Do = Callable[[Case, dict[str, Any], Actor], object]

# Claiming is one click in the queue, giving has its page, and what happens to a referral is recorded with the referral.
ON_THE_PAGE: dict[str, tuple[Move, Do]] = {
    move.name: (move, do)
    for move, do in [
        (workflow.VERIFY, lambda case, told, by: actions.verify(case, reason=told["reason"], by=by)),
        (workflow.DOUBT, lambda case, told, by: actions.send_back(case, reason=told["reason"], by=by)),
        (workflow.PLAN, lambda case, told, by: actions.plan_support(case, reason=told["reason"], by=by)),
        (workflow.MARK_READY, lambda case, told, by: actions.mark_ready(case, reason=told["reason"], by=by)),
        (workflow.REOPEN, lambda case, told, by: actions.reopen(case, reason=told["reason"], by=by)),
        (
            workflow.CLOSE,
            lambda case, told, by: actions.close_case(case, close_reason=told["close_reason"], reason=told["reason"], by=by),
        ),
    ]
}
MOVES_ON_THE_PAGE = [move for move, _do in ON_THE_PAGE.values()]


@staff_page(*READER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    case, by = case_of(request, reference), staff_of(request).actor
    if name not in ON_THE_PAGE:
        raise Http404
    step, do = ON_THE_PAGE[name]
    step.may(by, case)
    if request.method != "POST" and case.state not in step.leaves:
        raise NotPossible(
            _("“%(move)s” is not possible while the case is: %(state)s.")
            % {"move": step.label, "state": case.get_state_display()}
        )
    form = CloseForm(given(request)) if step is workflow.CLOSE else ReasonForm(given(request), needed=step.needs_reason)

    def make(told: dict[str, Any]) -> str:
        do(case, told, by)
        return _("The case is now: %(state)s.") % {"state": CaseState(case.state).label}

    return act(request, case, Page(step.label, step.label, danger=step is workflow.CLOSE), form, make)
