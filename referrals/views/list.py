"""The list of referrals, newest change first, and the cases that wait for one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from cases.models import Case
from cases.states import CaseState
from rainbowrail.web.doors import staff_page
from rainbowrail.web.pagination import Keyset
from referrals.forms import ListFilter
from referrals.models import Referral
from referrals.permissions import allows, check_draft
from referrals.programmes import PROGRAMMES
from referrals.states import OPEN_STATES, ReferralState
from referrals.views.finding import READER_ROLES, staff_of

CASES_SHOWN = 20


@staff_page(*READER_ROLES)
@require_safe
def list(request: HttpRequest) -> HttpResponse:  # noqa: A001 - the route, the view and the template have one name
    user = staff_of(request)
    form = ListFilter(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    shown = Referral.objects.visible_to(user).with_list_columns()
    shown = shown.filter(state=state) if state else shown.open()
    page = Keyset(shown, ("-changed_at", "id"), after=request.GET.get("after"))
    may_draft = allows(check_draft, user.actor, None)
    waiting = (
        Case.objects.visible_to(user).filter(state=CaseState.READY).exclude(referrals__state__in=OPEN_STATES)
        if may_draft
        else Case.objects.none()
    )
    context = {
        "rows": page.rows,
        "previous_url": _url(state, page.previous_token),
        "next_url": _url(state, page.next_token),
        "state": state,
        "states": ReferralState,
        "may_draft": may_draft,
        "waiting": waiting.most_urgent_first()[:CASES_SHOWN],
        "programmes": PROGRAMMES,
    }
    return render(request, "referrals/list.html", context)


def _url(state: str, token: str | None) -> str:
    return f"?{urlencode({'state': state, 'after': token} if state else {'after': token})}" if token else ""
