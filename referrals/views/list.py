"""The list of referrals, newest change first, and before it what waits: files to call back, cases without an officer."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from cases import need_to_know, permissions
from cases.models import Case
from cases.states import CaseState
from rainbowrail.accounts.models import User
from rainbowrail.actors import Actor
from rainbowrail.roles import Role
from rainbowrail.web.doors import staff_page
from rainbowrail.web.pagination import Keyset
from referrals.forms import ListFilter
from referrals.models import RecallNotice, Referral
from referrals.programmes import PROGRAMMES
from referrals.states import ReferralState
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
    context = {
        "rows": page.rows,
        "previous_url": _url(state, page.previous_token),
        "next_url": _url(state, page.next_token),
        "state": state,
        "states": ReferralState,
        "shows_waiting": user.has_role(Role.REFERRAL_OFFICER) or user.has_role(Role.TRIAGE_LEAD),
        "waiting": waiting_for(user),
        "recalls": RecallNotice.objects.visible_to(user)
        .waiting()
        .select_related("packet__referral")
        .order_by("made_at", "id")[:CASES_SHOWN],
        "programmes": PROGRAMMES,
    }
    return render(request, "referrals/list.html", context)


@dataclass(frozen=True, slots=True)
class WaitingCase:
    """A case that has no officer, or whose referral its officer has not begun; and what this person may do about it."""

    case: Case
    may_begin: bool
    may_take: bool
    may_give: bool

    @classmethod
    def of(cls, case: Case, *, by: Actor) -> "WaitingCase":
        is_new = case.state == CaseState.READY and not case.is_begun  # type: ignore[attr-defined]  # the annotation
        return cls(
            case,
            may_begin=is_new and permissions.allows(permissions.check_begin_referral, by, case),
            may_take=case.officer_id is None and permissions.allows(permissions.check_take_as_officer, by, case),
            may_give=case.officer_id is None and permissions.allows(permissions.check_give_officer, by, case),
        )


def waiting_for(user: User) -> Sequence[WaitingCase]:
    """Return the cases in referral that wait for an officer, or for this officer to begin, the most urgent first."""
    by, is_officer = user.actor, user.has_role(Role.REFERRAL_OFFICER)
    if not is_officer and not user.has_role(Role.TRIAGE_LEAD):
        return []
    is_begun = Exists(Referral.objects.open().filter(case=OuterRef("pk")))
    seen = Case.objects.visible_to(user).annotate(is_begun=is_begun).with_depth_for(by)
    # Each has an index of its own; as one condition they would have none.
    lists = [seen.without_officer()]
    if is_officer:
        lists.append(seen.filter(state=CaseState.READY, officer=user.pk, is_begun=False))
    found = (case for cases in lists for case in cases.most_urgent_first()[:CASES_SHOWN])
    rows = sorted(found, key=lambda case: (case.band, case.due_at, -case.score, case.received_at, case.pk))[:CASES_SHOWN]
    need_to_know.keep(rows, by)
    return [WaitingCase.of(case, by=by) for case in rows]


def _url(state: str, token: str | None) -> str:
    return f"?{urlencode({'state': state, 'after': token} if state else {'after': token})}" if token else ""
