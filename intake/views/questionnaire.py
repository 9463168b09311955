"""The questions, one short page each: show, save, go on."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from intake import access, actions, crisis, steps, wizard
from intake.access import SessionEnded
from intake.answers import Answers
from intake.forms.base import StepForm
from intake.forms.household import HouseholdForm
from intake.forms.meeting import meet, revision_of
from intake.forms.place import CountryNowForm
from intake.opened import OpenDraft
from intake.steps import Step
from intake.views.sessions import draft_page
from rainbowrail.crypto.errors import Busy
from rainbowrail.web.doors import applicant_page


@applicant_page
@require_http_methods(["GET", "POST"])
@draft_page
def step(request: HttpRequest, draft: OpenDraft | None, slug: str, again: bool = False) -> HttpResponseBase:
    """One step. `again`: the person came from the page that checks the answers, and goes back there."""
    page = step_named(slug)
    if request.method == "GET":
        return _show(request, page, _form(page, draft.answers if draft else {}), draft, again=again)
    refuse_a_page_of_another_draft(request, draft)
    return save(request, page, draft, request.POST, again=again)


def save(request: HttpRequest, page: Step, draft: OpenDraft | None, data: Any, *, again: bool = False) -> HttpResponseBase:
    """Save what was sent from a step and lead on, or show the step once more with what was typed."""
    answers = draft.answers if draft else {}
    form = _form(page, answers, data)
    if not form.is_valid():
        if "skip" in data and page.may_skip:
            return redirect(_next_url(page, answers, again=again))
        return _show(request, page, form, draft, again=again)
    if draft is not None:
        clash = meet(form, seen=revision_of(data.get("revision", "")), changed=draft.changed, data=data)
        if clash is not None:
            return _show(request, page, clash, draft, again=again)
    if draft is None:
        draft = actions.start_draft(language=get_language())
    actions.save_step(draft, form.to_answers(), language=get_language())
    leaves = way_out(data, draft)
    response = redirect(leaves or _where_to(page, draft, again=again))
    access.remember(response, draft.secret)
    return response


@applicant_page
@require_http_methods(["GET", "POST"])
@draft_page
def advice(request: HttpRequest, draft: OpenDraft | None, slug: str) -> HttpResponseBase:
    """What helps now and whom one can call, for somebody in great danger or close to ending their life.

    Stops nobody: one button goes on. Somebody who has not said where they are may say it here.
    """
    page = step_named(slug)
    answers = draft.answers if draft else {}
    form = country_form(answers, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        refuse_a_page_of_another_draft(request, draft)
        return save_country(page, draft, form)
    context = {
        "danger": steps.in_great_danger(answers),
        "despair": steps.plans_to_die(answers),
        "local": crisis.local_advice(answers, language=get_language()),
        "form": form,
        "revision": draft.row.revision if draft else "",
        "for_another": steps.is_for_another(answers),
        "onward": _next_url(page, answers, again=False),
    }
    return render(request, "intake/advice.html", context)


def save_country(page: Step, draft: OpenDraft | None, form: CountryNowForm) -> HttpResponseBase:
    """Save the country that was chosen beside the advice, and lead back to the advice, which names whom one can call there."""
    if draft is None:
        draft = actions.start_draft(language=get_language())
    if form.cleaned_data["current_country"]:
        actions.save_step(draft, form.to_answers(), language=get_language())
    response = redirect("intake:advice", page.slug)
    access.remember(response, draft.secret)
    return response


def country_form(answers: Answers, data: Any = None) -> CountryNowForm:
    return CountryNowForm(data, answers=answers, today=timezone.localdate(), language=get_language())


def step_named(slug: str) -> Step:
    """Return the step. Raises Http404 for a slug that is none."""
    try:
        return steps.BY_SLUG[slug]
    except KeyError:
        raise Http404 from None


def refuse_a_page_of_another_draft(request: HttpRequest, draft: OpenDraft | None) -> None:
    """Raise SessionEnded when the page was drawn for a draft that this browser no longer opens; it keeps what was typed."""
    if draft is None and request.POST.get("revision"):
        raise SessionEnded


def way_out(data: Any, draft: OpenDraft) -> str:
    """Return where somebody goes who had enough for now, after saving: to their code or to the check; empty for who goes on."""
    if "keep" in data:
        with suppress(Busy):  # what was typed is saved; the next page offers the code again
            actions.keep_with_code(draft)
        return reverse("intake:code")
    return reverse("intake:check") if "check" in data else ""


def _form(page: Step, answers: Answers, data: Any = None) -> StepForm:
    return page.form(data, answers=answers, today=timezone.localdate(), language=get_language())


def _show(request: HttpRequest, page: Step, form: StepForm, draft: OpenDraft | None, *, again: bool) -> HttpResponse:
    answers = draft.answers if draft else {}
    back = wizard.before(page, answers)
    context = {
        "step": page,
        "title": steps.title_of(page, answers),
        "lead": steps.lead_of(page, answers),
        "form": form,
        "household": form if isinstance(form, HouseholdForm) else None,
        "action": reverse("intake:change" if again else "intake:step", args=[page.slug]),
        "place": wizard.place_of(page, answers),
        "back_url": reverse("intake:step", args=[back.slug]) if back else "",
        # In another language the same page goes on: what another window saves meanwhile must still be noticed.
        "revision": form.data.get("revision", "") if form.is_only_shown else draft.row.revision if draft else "",
        "again": again,
        "for_another": steps.is_about_another(page, answers),
        "has_draft": draft is not None,
        "has_code": bool(draft and draft.code),
    }
    return render(request, "intake/step.html", context)


def _where_to(page: Step, draft: OpenDraft, *, again: bool) -> str:
    """Return the address after saving: what helps now, or the next step."""
    if steps.needs_advice_after(page, draft.answers):
        return reverse("intake:advice", args=[page.slug])
    return _next_url(page, draft.answers, again=again)


def _next_url(page: Step, answers: Answers, *, again: bool) -> str:
    following = wizard.after(page, answers)
    if again:
        # A changed answer may open a question that was not asked before.
        opens = following is not None and following.applies is not steps.always
        if following is not None and opens and not any(key in answers for key in _form(following, answers).owned_keys()):
            return reverse("intake:change", args=[following.slug])
        return reverse("intake:check")
    return reverse("intake:step", args=[following.slug]) if following else reverse("intake:check")
