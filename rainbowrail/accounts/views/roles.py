"""Roles that one person gave and that wait for another (decision 0081): the list, and its answers."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rainbowrail.accounts import granting, permissions
from rainbowrail.accounts.forms.people import RefuseForm
from rainbowrail.accounts.models import RoleGrant
from rainbowrail.accounts.models.role_grant import WhyNot
from rainbowrail.accounts.queries import could_agree, has_second_factor
from rainbowrail.errors import NotPossible
from rainbowrail.roles import AGREERS, Role
from rainbowrail.web.doors import actor_of, staff_page
from rainbowrail.web.pagination import Keyset
from rainbowrail.web.recent import needs_recent_sign_in


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the list, and what its reader may answer. `has_nobody`: nobody at all could agree to it now."""

    grant: RoleGrant
    may_answer: bool
    may_withdraw: bool
    has_nobody: bool


@staff_page(*sorted(AGREERS))
@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """Who gave which role to whom, newest first: what waits, or all. Three queries."""
    shows_all = request.GET.get("show") == "all"
    rows = RoleGrant.objects.all() if shows_all else RoleGrant.objects.waiting()
    rows = rows.with_people().annotate(has_factor=has_second_factor("person"))
    page = Keyset(rows, ("-given_at", "id"), after=request.GET.get("after"))
    by = actor_of(request)
    able = set(could_agree().values_list("pk", flat=True))
    gives = permissions.has_role(by, Role.ADMINISTRATOR)
    lines = [
        Waiting(
            grant=row,
            may_answer=row.is_waiting and by.staff_id in able - {row.given_by_id, row.person_id},
            may_withdraw=row.is_waiting and gives,
            has_nobody=row.is_waiting and not able - {row.given_by_id, row.person_id},
        )
        for row in page.rows
    ]
    context = {"page": page, "lines": lines, "shows_all": shows_all, "refuse_form": RefuseForm(auto_id=False)}
    return render(request, "accounts/roles.html", context)


@staff_page(*sorted(AGREERS))
@needs_recent_sign_in(form="account_roles")
@require_POST
def answer_role(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """Agree, refuse or take back, by the button that was pressed."""
    grant = get_object_or_404(RoleGrant, pk=grant_id)
    by = actor_of(request)
    try:
        match request.POST.get("answer"):
            case "agree":
                granting.agree(grant, by=by)
                messages.success(request, _("You have agreed. The role begins now, or with the first sign-in."))
            case "refuse":
                form = RefuseForm(request.POST)
                if form.is_valid():
                    granting.refuse(grant, why=WhyNot(form.cleaned_data["why"]), by=by)
                    messages.success(request, _("Refused. Whoever gave the role gets a mail."))
                else:
                    messages.error(request, _("Nothing was done yet: choose why you refuse."))
            case "withdraw":
                granting.withdraw(grant, by=by)
                messages.success(request, _("Taken back. Nobody can agree to it any more."))
            case _other:
                raise Http404
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    return redirect("account_roles")
