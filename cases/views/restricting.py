"""Hide a case from somebody, let them see it again, and say that one knows the person."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from cases import actions
from cases.forms import ConflictForm, RestrictForm
from cases.models import Restriction
from cases.permissions import check_declare_conflict, check_restrict
from cases.states import HiddenWhy
from cases.views.acting import Page, act, given
from cases.views.finding import READER_ROLES, case_of, staff_of
from rainbowrail.errors import NotPossible
from rainbowrail.roles import Role
from rainbowrail.web.doors import staff_page

RESTRICT = Page(
    gettext_lazy("Hide this case from somebody"),
    gettext_lazy("Hide the case"),
    gettext_lazy(
        "They find it nowhere any more: not in the queue, not by search, not by its reference, whatever their roles; nor can "
        "they break the glass for it. They are not told."
    ),
)
CONFLICT = Page(
    gettext_lazy("I know this person"),
    gettext_lazy("Hide it from me"),
    gettext_lazy(
        "The case is hidden from you at once, and only a triage lead can change that. If it is yours, a lead takes it over. "
        "The leads are told that somebody else is needed, and read here who you are."
    ),
    danger=True,
)


@staff_page(Role.TRIAGE_LEAD)
@require_http_methods(["GET", "HEAD", "POST"])
def restrict(request: HttpRequest, reference: str) -> HttpResponse:
    case, by = case_of(request, reference), staff_of(request).actor
    check_restrict(by, case)

    def hide(told: dict[str, Any]) -> str:
        people = list(told["people"])
        actions.restrict(
            case, people=people, why=HiddenWhy(told["why"]), words=told["words"], new_owner=told["new_owner"], by=by
        )
        return _("Hidden from: %(names)s.") % {"names": ", ".join(one.name for one in people)}

    return act(request, case, RESTRICT, RestrictForm(given(request), by=staff_of(request)), hide)


@staff_page(Role.TRIAGE_LEAD)
@require_POST
def lift_restriction(request: HttpRequest, reference: str, restriction_id: UUID) -> HttpResponse:
    """Let somebody see the case again, or take note of a conflict that was declared."""
    case, by = case_of(request, reference), staff_of(request).actor
    found = get_object_or_404(Restriction.objects.select_related("person"), pk=restriction_id, case=case)
    try:
        if request.POST.get("answer") == "seen":
            actions.note_conflict(found, by=by)
            messages.success(request, _("It is noted that you have seen it."))
        else:
            actions.lift_restriction(found, by=by)
            messages.success(request, _("%(name)s may see the case again.") % {"name": found.person.name})
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{case.get_absolute_url()}#access")


@staff_page(*READER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def conflict(request: HttpRequest, reference: str) -> HttpResponse:
    case, by = case_of(request, reference), staff_of(request).actor
    check_declare_conflict(by, case)

    def declare(told: dict[str, Any]) -> str:
        actions.declare_conflict(case, words=told["words"], by=by)
        return _("The case is hidden from you. Thank you for saying so.")

    return act(request, case, CONFLICT, ConflictForm(given(request)), declare)
