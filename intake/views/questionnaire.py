"""The questions, one short page each: show, save, go on."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from intake import access, actions, steps, wizard
from intake.access import SessionEnded
from intake.answers import Answers
from intake.forms.base import StepForm
from intake.opened import OpenDraft
from intake.steps import Step
from intake.views.sessions import draft_page
from rainbowrail.crypto.errors import Busy
from rainbowrail.web.doors import applicant_page

JOIN = "\n\n"


@applicant_page
@require_http_methods(["GET", "POST"])
@draft_page
def step(request: HttpRequest, draft: OpenDraft | None, slug: str, again: bool = False) -> HttpResponseBase:
    """One step. `again`: the person came from the page that checks the answers, and goes back there."""
    page = _step_named(slug)
    answers = draft.answers if draft else {}
    if request.method == "GET":
        return _show(request, page, _form(page, answers), draft, again=again)
    if draft is None and request.POST.get("revision"):
        raise SessionEnded  # the page was drawn for a draft that this browser no longer opens
    form = _form(page, answers, request.POST)
    if not form.is_valid():
        if "skip" in request.POST and page.may_skip:
            return redirect(_next_url(page, answers, again=again))
        return _show(request, page, form, draft, again=again)
    if draft is not None and (clash := _clash(form, draft, request)):
        return _show(request, page, clash, draft, again=again)
    if draft is None:
        draft = actions.start_draft(language=get_language())
    actions.save_step(draft, form.to_answers(), language=get_language())
    if "keep" in request.POST:
        with suppress(Busy):  # what was typed is saved; the next page offers the code again
            actions.keep_with_code(draft)
    response = redirect(_where_to(request, page, draft, again=again))
    access.remember(response, draft.secret)
    return response


@applicant_page
@require_GET
@draft_page
def advice(request: HttpRequest, draft: OpenDraft | None, slug: str) -> HttpResponse:
    """What helps now, for somebody in great danger or close to ending their life. Stops nobody: one button goes on."""
    page = _step_named(slug)
    answers = draft.answers if draft else {}
    context = {
        "danger": steps.in_great_danger(answers),
        "despair": steps.plans_to_die(answers),
        "onward": _next_url(page, answers, again=False),
    }
    return render(request, "intake/advice.html", context)


def _step_named(slug: str) -> Step:
    try:
        return steps.BY_SLUG[slug]
    except KeyError:
        raise Http404 from None


def _form(page: Step, answers: Answers, data: Any = None) -> StepForm:
    return page.form(data, answers=answers, today=timezone.localdate(), language=get_language())


def _show(request: HttpRequest, page: Step, form: StepForm, draft: OpenDraft | None, *, again: bool) -> HttpResponse:
    answers = draft.answers if draft else {}
    back = wizard.before(page, answers)
    context = {
        "step": page,
        "form": form,
        "place": wizard.place_of(page, answers),
        "back": back.slug if back else "",
        "revision": draft.row.revision if draft else "",
        "again": again,
        "for_another": steps.is_about_another(page, answers),
        "has_code": bool(draft and draft.code),
    }
    return render(request, "intake/step.html", context)


def _clash(form: StepForm, draft: OpenDraft, request: HttpRequest) -> StepForm | None:
    """Return the form with both texts when a long text was saved in another window meanwhile; nothing typed is ever lost.

    For a tick or a number the last word counts: it was not lost, it was chosen again.
    """
    seen = request.POST.get("revision", "")
    revision = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0
    typed = form.to_answers()
    long_texts = [name for name in ("own_words",) if name in typed]
    clashing = wizard.clashes(long_texts, revision, draft.changed, lambda key: typed[key] == draft.answers.get(key))
    clashing = [name for name in clashing if draft.answers.get(name) and draft.answers[name] not in (typed[name] or "")]
    if not clashing:
        return None
    data = request.POST.copy()
    for name in clashing:
        data[name] = JOIN.join(filter(None, [draft.answers[name], typed[name]]))
    both = type(form)(data, answers=draft.answers, today=form.today, language=form.language)
    for name in clashing:
        both.add_error(
            name, _("You wrote here in another window too. Both texts are below: keep what you want, then continue.")
        )
    return both


def _where_to(request: HttpRequest, page: Step, draft: OpenDraft, *, again: bool) -> str:
    """Return the address after saving: the button's, or what helps now, or the next step."""
    if "keep" in request.POST:
        return reverse("intake:code")
    if "check" in request.POST:
        return reverse("intake:check")
    answers = draft.answers
    if steps.needs_advice_after(page, answers):
        return reverse("intake:advice", args=[page.slug])
    return _next_url(page, answers, again=again)


def _next_url(page: Step, answers: Answers, *, again: bool) -> str:
    following = wizard.after(page, answers)
    if again:
        # A changed answer may open a question that was not asked before.
        opens = following is not None and following.applies is not steps.always
        if following is not None and opens and not any(key in answers for key in _form(following, answers).owned_keys()):
            return reverse("intake:change", args=[following.slug])
        return reverse("intake:check")
    return reverse("intake:step", args=[following.slug]) if following else reverse("intake:check")
