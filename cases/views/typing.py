"""Keeping what is typed while it is typed, and giving it back to its author (docs/decisions/0103).

A text is kept under the case that the page is about and the name of its page. `place_of` says which these are for each address
of `cases` that has a long form; `referrals` does so for its own. A test walks every page and fails for a form not yet judged.
"""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import ResolverMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases import actions
from cases.actions.typing import worth_keeping
from cases.forms import as_reference
from cases.models import Case, SecondReading, UnsavedText
from cases.views.finding import READER_ROLES, case_of, staff_of
from rainbowrail.accounts.models import User
from rainbowrail.actors import Actor
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.web.doors import staff_page

# The pages of a case on which somebody writes at length, by their names; a move has its own name behind a hyphen.
PAGES = frozenset(
    {"note", "ask", "tell", "assess", "urgency", "stop_contact", "resume_contact", "erase", "postpone", "restrict", "conflict"}
)
MOVE, MOVES = "move", frozenset({"close", "doubt", "verify", "plan_support", "mark_ready", "reopen"})
# Here the form itself says which case it is about, one that its author may not see yet.
ASKING = frozenset({"ask_access", "break_glass"})
# Here a colleague says what they read in somebody's place.
READING = "answer_reading"

type Place = tuple[Case, str]


def page_name(match: ResolverMatch | None) -> str:
    """Return the name under which the form of this address is kept, or "" for a page that keeps nothing."""
    if match is None or match.namespace != "cases":
        return ""
    name = match.url_name or ""
    if name == MOVE and match.kwargs.get("name") in MOVES:
        return f"{MOVE}-{match.kwargs['name']}"
    return name if name in PAGES else ""


def give_back(form: forms.Form, kept: UnsavedText | None) -> None:
    """Fill a form that nobody sent yet with what its author typed before; what they left empty stays empty. Opens CASEWORK."""
    if kept is None or form.is_bound:
        return
    for name, field in form.fields.items():
        values = kept.typed.get(name, [])
        if isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
            form.initial[name] = values
        elif values:
            form.initial[name] = values[0]
        elif not field.widget.is_hidden:
            form.initial[name] = False if isinstance(field, forms.BooleanField) else ""


def keep_url(case: Case, page: str) -> str:
    return reverse("cases:keep_typed", args=[case.reference, page])


@staff_page(*READER_ROLES)
@require_POST
def keep_typed(request: HttpRequest, reference: str, page: str) -> HttpResponse:
    """Keep what the script of a form sends every few seconds; with `answer=drop`, the button of a page, forget it."""
    case, by = case_of(request, reference), staff_of(request).actor
    if page.removeprefix(f"{MOVE}-") not in PAGES | MOVES:
        raise Http404
    return keep_or_drop(request, (case, page), by=by, back=case.get_absolute_url())


@staff_page(*READER_ROLES)
@require_POST
def keep_reading(request: HttpRequest, reading_id: UUID) -> HttpResponse:
    """The same for what was found in a colleague's place."""
    place = place_of_reading(reading_id, staff_of(request))
    if place is None:
        raise Http404
    return keep_or_drop(request, place, by=staff_of(request).actor, back=reverse("cases:reading", args=[reading_id]))


def keep_or_drop(request: HttpRequest, place: Place, *, by: Actor, back: str) -> HttpResponse:
    """Keep what a form holds and answer the script; or forget it, say so, and go `back`."""
    case, page = place
    if request.POST.get("answer") == "drop":
        actions.drop_typed(case, page=page, by=by)
        messages.success(request, _("What you had typed is gone."))
        return redirect(back)
    actions.keep_typed(case, page=page, typed=dict(request.POST.lists()), by=by)
    return HttpResponse(status=204)


def keep_put_off(sender: object, *, request: HttpRequest, user: User, **kwargs: Any) -> bool:
    """Hear that a form was not taken, because somebody has to sign in or to show a factor first: keep what they typed."""
    match = request.resolver_match
    is_long = match is not None and (
        bool(page_name(match)) or (match.namespace == "cases" and match.url_name in {*ASKING, READING})
    )
    return is_long and keep_form(request, place_of(request, user), user)


def keep_form(request: HttpRequest, place: Place | None, user: User) -> bool:
    """Keep a long form that was not taken, if it has a place; return whether it holds anything that would be kept.

    Its author may not be signed in, so nothing that they are told depends on the case; the page afterwards shows the text.
    """
    typed = dict(request.POST.lists())
    if place is not None:
        case, page = place
        actions.keep_typed(case, page=page, typed=typed, by=user.actor)
    return bool(worth_keeping(typed))


def place_of(request: HttpRequest, user: User) -> Place | None:
    """Return where the form that came in here is kept; None for a page that keeps nothing, or a case that they may not see."""
    match = request.resolver_match
    if match is None or match.namespace != "cases":
        return None
    if match.url_name in ASKING:
        case = asked_for(request.POST.get("reference", ""), user.actor)
        return (case, match.url_name) if case is not None else None
    if match.url_name == READING:
        return place_of_reading(match.kwargs["reading_id"], user)
    page, reference = page_name(match), str(match.kwargs.get("reference", ""))
    seen = Case.objects.visible_to(user).filter(reference=reference).first() if page else None
    return (seen, page) if seen is not None else None


def place_of_reading(reading_id: UUID, user: User) -> Place | None:
    """Return where it is kept what somebody found in a colleague's place; None once the reading is over, or with another."""
    found = SecondReading.objects.open().filter(pk=reading_id, taken_at__isnull=False).select_related("case").first()
    if found is None or not actions.may_read_for_another(found, by=user.actor):
        return None
    return found.case, f"reading-{reading_id.hex}"


def asked_for(reference: str, by: Actor) -> Case | None:
    """Return the case of a reference that this person could ask for, as the page that asks says it."""
    try:
        return actions.case_to_ask_for(as_reference(reference), by=by)
    except (NotAllowed, NotPossible):
        return None


def last_asked(*, page: str, reference: str, by: Actor) -> UnsavedText | None:
    """Return what this person typed last on a page that asks for a case, if they could still ask; of `reference` when given."""
    kept = actions.last_typed(page=page, by=by)
    if kept is None or reference not in ("", kept.case.reference) or asked_for(kept.case.reference, by) is None:
        return None
    return kept
