"""The people who are with the applicant: three short pages about each, and taking somebody off the list."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from intake import access, actions, steps, wizard
from intake.forms.base import StepForm
from intake.forms.household import PAGES, HouseholdForm, name_of
from intake.forms.meeting import meet, revision_of
from intake.household import household_of, with_person, without_person
from intake.opened import OpenDraft
from intake.steps import Step
from intake.views.questionnaire import refuse_a_page_of_another_draft, way_out
from intake.views.sessions import draft_page
from rainbowrail.web.doors import applicant_page

LIST: Step = next(step for step in steps.STEPS if step.form is HouseholdForm)


@applicant_page
@require_http_methods(["GET", "POST"])
@draft_page
def person(request: HttpRequest, draft: OpenDraft | None, one: UUID, page: int, again: bool = False) -> HttpResponseBase:
    """One of the pages about somebody. The id is drawn with the list, so that adding them twice adds them once."""
    page_named(page)
    if request.method == "GET":
        return _show(request, draft, one, page, _form(draft, one, page), again=again)
    refuse_a_page_of_another_draft(request, draft)
    return save(request, draft, one, page, request.POST, again=again)


def save(
    request: HttpRequest, draft: OpenDraft | None, one: UUID, page: int, data: Any, *, again: bool = False
) -> HttpResponseBase:
    """Save what was sent about somebody and lead on, or show the page once more with what was typed."""
    form = _form(draft, one, page, data)
    if not form.is_valid():
        if "skip" in data:
            return redirect(_after(one, page, again=again))
        return _show(request, draft, one, page, form, again=again)
    if draft is not None:
        changed = {name: draft.changed.get(_mark(one, name), 0) for name in form.owned_keys()}
        clash = meet(form, seen=revision_of(data.get("revision", "")), changed=changed, data=data)
        if clash is not None:
            return _show(request, draft, one, page, clash, again=again)
    if draft is None:
        draft = actions.start_draft(language=get_language())
    told = form.to_answers()
    before = _known(draft, one)
    within = [_mark(one, name) for name, value in told.items() if before.get(name) != value]
    actions.save_step(draft, with_person(draft.answers, str(one), told), language=get_language(), within=within)
    response = redirect(way_out(data, draft) or _after(one, page, again=again))
    access.remember(response, draft.secret)
    return response


@applicant_page
@require_http_methods(["GET", "POST"])
@draft_page
def remove(request: HttpRequest, draft: OpenDraft | None, one: UUID, again: bool = False) -> HttpResponseBase:
    """Take somebody off the list, after asking once. Somebody who is not on it any more leads back to the list."""
    listed = [other["id"] for other in household_of(draft.answers)] if draft else []
    back_url = _list_url(again=again)
    if draft is None or str(one) not in listed:
        return redirect(back_url)
    if request.method == "GET":
        number = listed.index(str(one))
        name = name_of(household_of(draft.answers)[number], number + 1)
        return render(request, "intake/person_remove.html", {"name": name, "back_url": back_url})
    actions.save_step(draft, without_person(draft.answers, str(one)), language=get_language())
    return redirect(back_url)


def page_named(page: int) -> int:
    """Return the number of a page about somebody. Raises Http404 for one that is none."""
    if not 1 <= page <= len(PAGES):
        raise Http404
    return page


def _show(request: HttpRequest, draft: OpenDraft | None, one: UUID, page: int, form: StepForm, *, again: bool) -> HttpResponse:
    answers = draft.answers if draft else {}
    context = {
        "form": form,
        "name": _known(draft, one).get("called", ""),
        "for_another": steps.is_for_another(answers),
        "action": _url(one, page, again=again),
        "place": wizard.place_of(LIST, answers),
        "section": LIST.section,
        "back_url": _url(one, page - 1, again=again) if page > 1 else _list_url(again=again),
        "revision": draft.row.revision if draft else "",
        "again": again,
        "has_draft": draft is not None,
        "has_code": bool(draft and draft.code),
    }
    return render(request, "intake/person.html", context)


def _form(draft: OpenDraft | None, one: UUID, page: int, data: Any = None) -> StepForm:
    # Who files for somebody else is asked how this one belongs to that person, and not to themselves.
    told = {**_known(draft, one), "submitter": draft.answers.get("submitter") if draft else None}
    return PAGES[page - 1](data, answers=told, today=timezone.localdate(), language=get_language())


def _known(draft: OpenDraft | None, one: UUID) -> dict[str, Any]:
    people = household_of(draft.answers) if draft else []
    return next((other for other in people if other["id"] == str(one)), {})


def _mark(one: UUID, name: str) -> str:
    """Return under which name the draft remembers when an answer about somebody was last saved."""
    return f"{one}.{name}"


def _after(one: UUID, page: int, *, again: bool) -> str:
    return _url(one, page + 1, again=again) if page < len(PAGES) else _list_url(again=again)


def _url(one: UUID, page: int, *, again: bool) -> str:
    return reverse("intake:person_again" if again else "intake:person", args=[one, page])


def _list_url(*, again: bool) -> str:
    return reverse("intake:change" if again else "intake:step", args=[LIST.slug])
