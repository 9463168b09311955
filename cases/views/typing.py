"""Keeping what is typed while it is typed, and giving it back to its author."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import ResolverMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases import actions
from cases.actions.typing import NEVER_KEPT
from cases.models import Case, UnsavedText
from cases.views.finding import READER_ROLES, case_of, staff_of
from rainbowrail.accounts.models import User
from rainbowrail.web.doors import staff_page

# The pages of a case on which somebody writes at length, by their names; a move has its own name behind a hyphen.
PAGES = frozenset({"note", "ask", "tell", "assess", "urgency", "stop_contact", "resume_contact", "erase", "postpone"})
MOVE, MOVES = "move", frozenset({"close", "doubt", "verify", "plan_support", "mark_ready", "reopen"})


def page_name(match: ResolverMatch | None) -> str:
    """Return the name under which the form of this address is kept, or "" for a page that keeps nothing."""
    if match is None or match.namespace != "cases":
        return ""
    name = match.url_name or ""
    if name == MOVE and match.kwargs.get("name") in MOVES:
        return f"{MOVE}-{match.kwargs['name']}"
    return name if name in PAGES else ""


def give_back(form: forms.Form, kept: UnsavedText | None) -> None:
    """Fill a form that nobody sent yet with what its author typed before. Opens CASEWORK."""
    if kept is None or form.is_bound:
        return
    for name, values in kept.typed.items():
        if name in form.fields and values:
            several = isinstance(form.fields[name], forms.MultipleChoiceField)
            form.initial[name] = values if several else values[0]


def keep_url(case: Case, page: str) -> str:
    return reverse("cases:keep_typed", args=[case.reference, page])


@staff_page(*READER_ROLES)
@require_POST
def keep_typed(request: HttpRequest, reference: str, page: str) -> HttpResponse:
    """Keep what the script of a form sends every few seconds; with `answer=drop`, the button of a page, forget it."""
    case, by = case_of(request, reference), staff_of(request).actor
    if page.removeprefix(f"{MOVE}-") not in PAGES | MOVES:
        raise Http404
    if request.POST.get("answer") == "drop":
        actions.drop_typed(case, page=page, by=by)
        messages.success(request, _("What you had typed is gone."))
        return redirect(case)
    actions.keep_typed(case, page=page, typed=dict(request.POST.lists()), by=by)
    return HttpResponse(status=204)


def keep_after_the_end(sender: object, *, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Hear that a form came in after its session had run out: keep what was typed for the person whose session it was.

    They are not signed in, so they are told nothing about the case; the page after signing in shows the text.
    """
    page = page_name(request.resolver_match)
    if not page or set(request.POST) <= NEVER_KEPT:
        return
    reference = str((request.resolver_match.kwargs if request.resolver_match else {}).get("reference", ""))
    case = Case.objects.visible_to(user).filter(reference=reference).first()
    if case is not None and actions.keep_typed(case, page=page, typed=dict(request.POST.lists()), by=user.actor):
        messages.info(
            request, _("Your session had ended. What you typed is kept, sealed: sign in, and you find it in the form.")
        )
