"""The people of staff, for administrators: list, invite, roles, close, a new password, a lost second factor."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rainbowrail.accounts import actions, factors, granting, inviting
from rainbowrail.accounts.forms.people import InviteForm, RolesForm
from rainbowrail.accounts.models import FactorReset, Invitation, RoleGrant, User
from rainbowrail.accounts.queries import could_agree, staff_of
from rainbowrail.errors import NotPossible
from rainbowrail.roles import BY_TWO, SENTENCES, Role
from rainbowrail.web.doors import actor_of, staff_page
from rainbowrail.web.pagination import Keyset
from rainbowrail.web.recent import needs_recent_sign_in

MOST_INVITATIONS = 100


@staff_page(Role.ADMINISTRATOR)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody by name, the open invitations, and what waits for a second person: resets, and how many roles."""
    page = Keyset(User.objects.all(), ["name"], after=request.GET.get("after"))
    context = {
        "page": page,
        "invitations": Invitation.objects.open().prefetch_related("grants").order_by("-created_at")[:MOST_INVITATIONS],
        "resets": FactorReset.objects.filter(decided_at=None).select_related("person", "asked_by").order_by("asked_at"),
        "roles_waiting": RoleGrant.objects.waiting().count(),
    }
    return render(request, "accounts/people.html", context)


@staff_page(Role.ADMINISTRATOR)
@needs_recent_sign_in()
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    form = InviteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            inviting.invite(told["email"], roles=[Role(role) for role in told["roles"]], by=actor_of(request))
        except NotPossible as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, _("The invitation is on its way. Its link works once, for three days."))
            if BY_TWO & set(told["roles"]):
                messages.info(request, _("Those who can agree to the roles have a mail."))
            return redirect("account_people")
    context = {"form": form, "others": could_agree().exclude(pk=staff_of(request).pk).count()}
    return render(request, "accounts/invite.html", context, status=422 if form.is_bound else 200)


@staff_page(Role.ADMINISTRATOR)
@needs_recent_sign_in()
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person: who they are, what they may do, how they sign in. A POST gives the roles that are ticked."""
    found = get_object_or_404(User, pk=person_id)
    waiting = list(granting.grants_of(found).waiting().with_people().order_by("role"))
    waits = [grant.role for grant in waiting]
    data = request.POST if request.method == "POST" else None
    form = RolesForm(data, waiting=waits, initial={"roles": [*found.roles, *waits]})
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            wanted = [Role(role) for role in form.cleaned_data["roles"]]
            now_wait = actions.change_roles(found, roles=wanted, by=actor_of(request))
        except NotPossible as refusal:
            form.add_error("roles", str(refusal))
            status = 409
        else:
            messages.success(request, _("The roles are saved. If they changed, the sessions of this person have ended."))
            if now_wait:
                messages.info(request, _("What is new begins when a second person agrees. Those who can have a mail."))
            return redirect("account_person", person_id=found.pk)
    context = {
        "person": found,
        "form": form,
        "waiting": waiting,
        "others": could_agree().exclude(pk__in=[staff_of(request).pk, found.pk]).count(),
        "owned": factors.kinds_of(found),
        "is_me": found.pk == actor_of(request).staff_id,
        "sentences": [(Role(role).label, SENTENCES[Role(role)]) for role in found.roles],
        "reset": FactorReset.objects.filter(person=found, decided_at=None).first(),
    }
    return render(request, "accounts/person.html", context, status=status)


def _act(request: HttpRequest, then: str, said: str, do: Callable[[], object], **address: Any) -> HttpResponse:
    """Do one thing and go back to the page with the button, which says what happened or why not."""
    try:
        do()
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    back: HttpResponse = redirect(then, **address)
    return back


@staff_page(Role.ADMINISTRATOR)
@needs_recent_sign_in(form="account_person")
@require_POST
def close_person(request: HttpRequest, person_id: int) -> HttpResponse:
    found = get_object_or_404(User, pk=person_id)
    said = _("The account is closed, and its sessions have ended.")
    return _act(request, "account_person", said, lambda: actions.deactivate(found, by=actor_of(request)), person_id=found.pk)


@staff_page(Role.ADMINISTRATOR)
@needs_recent_sign_in(form="account_person")
@require_POST
def suspend_person(request: HttpRequest, person_id: int) -> HttpResponse:
    found = get_object_or_404(User, pk=person_id)
    said = _("The account is closed at once, with its sessions and links. What it held is on the page “Hand-over”.")
    return _act(request, "account_person", said, lambda: actions.suspend(found, by=actor_of(request)), person_id=found.pk)


@staff_page(Role.ADMINISTRATOR)
@needs_recent_sign_in(form="account_person")
@require_POST
def reopen_person(request: HttpRequest, person_id: int) -> HttpResponse:
    found = get_object_or_404(User, pk=person_id)
    said = _("The account is open again. Roles that take two people wait for a second one.")
    return _act(request, "account_person", said, lambda: actions.reopen(found, by=actor_of(request)), person_id=found.pk)


@staff_page(Role.ADMINISTRATOR)
@needs_recent_sign_in(form="account_person")
@require_POST
def send_password_link(request: HttpRequest, person_id: int) -> HttpResponse:
    found = get_object_or_404(User, pk=person_id)
    said = _("A link is on its way. The password of now works until it is used.")
    return _act(
        request, "account_person", said, lambda: inviting.let_set_password(found, by=actor_of(request)), person_id=found.pk
    )


@staff_page(Role.ADMINISTRATOR)
@needs_recent_sign_in(form="account_person")
@require_POST
def ask_reset(request: HttpRequest, person_id: int) -> HttpResponse:
    found = get_object_or_404(User, pk=person_id)
    said = _("Asked. Another administrator decides on the page of people.")
    return _act(request, "account_person", said, lambda: inviting.ask_reset(found, by=actor_of(request)), person_id=found.pk)


@staff_page(Role.ADMINISTRATOR)
@needs_recent_sign_in(form="account_people")
@require_POST
def decide_reset(request: HttpRequest, reset_id: UUID) -> HttpResponse:
    """Allow or refuse, by the button that was pressed."""
    reset = get_object_or_404(FactorReset, pk=reset_id)
    allow = request.POST.get("decision") == "allow"
    said = _("Done. A link to begin again is on its way.") if allow else _("Refused; nothing has changed.")
    return _act(request, "account_people", said, lambda: inviting.decide_reset(reset, allow=allow, by=actor_of(request)))


@staff_page(Role.ADMINISTRATOR)
@needs_recent_sign_in(form="account_people")
@require_POST
def send_invitation_again(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    found = get_object_or_404(Invitation, pk=invitation_id)
    said = _("A new link is on its way; the former one stops working.")

    def send() -> None:
        if inviting.send_again(found, by=actor_of(request)):
            messages.info(request, _("After 14 days an agreement ends: the roles wait for a second person again."))

    return _act(request, "account_people", said, send)


@staff_page(Role.ADMINISTRATOR)
@needs_recent_sign_in(form="account_people")
@require_POST
def revoke_invitation(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    found = get_object_or_404(Invitation, pk=invitation_id)
    said = _("The invitation is taken back; its link does not work any more.")
    return _act(request, "account_people", said, lambda: inviting.revoke(found, by=actor_of(request)))
