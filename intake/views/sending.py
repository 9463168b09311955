"""Check your answers, take your code, send."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from intake import access, actions, flood, marks, puzzle, turns, wizard
from intake.access import SessionEnded
from intake.forms.return_code import ConfirmCodeForm
from intake.opened import OpenDraft, OpenVisit
from intake.steps import Step
from intake.views.sessions import draft_page, visit_page
from intake.views.summary import summary_of
from rainbowrail.crypto import return_code
from rainbowrail.web.doors import applicant_page
from rainbowrail.web.leaving import forget_everything


@applicant_page
@require_http_methods(["GET", "POST"])
@draft_page
def check(request: HttpRequest, draft: OpenDraft | None) -> HttpResponseBase:
    """All answers on one page, each with a way to change it. Going on to send makes the code if there is none yet."""
    if draft is None:
        return redirect("intake:begin")
    missing = wizard.what_is_missing(draft.answers)
    if request.method == "POST":
        if missing:
            return redirect("intake:change", missing.slug)
        actions.keep_with_code(draft)
        return redirect("intake:send" if draft.code_confirmed else "intake:code")
    context = {
        "sections": summary_of(draft.answers, today=timezone.localdate(), language=get_language()),
        "missing": missing,
        "stopped": _where_stopped(draft),
        "has_code": bool(draft.code),
    }
    return render(request, "intake/check.html", context)


@applicant_page
@require_http_methods(["GET", "POST"])
@draft_page
def code(request: HttpRequest, draft: OpenDraft | None) -> HttpResponseBase:
    """The return code, shown until the session ends, confirmed by typing one group back."""
    if draft is None:
        return redirect("intake:begin")
    if not draft.code:
        return redirect("intake:begin")
    form = ConfirmCodeForm(request.POST if request.method == "POST" else None, code=draft.code)
    if request.method == "POST" and form.is_valid():
        actions.confirm_code(draft)
        return redirect("intake:code")
    stopped = _where_stopped(draft)
    context = {
        "form": form,
        "shown": return_code.show(draft.code, get_language()),
        "confirmed": draft.code_confirmed,
        "may_be_sent": wizard.may_be_sent(draft.answers),
        "onward": reverse("intake:step", args=[stopped.slug]) if stopped else reverse("intake:check"),
        "expires_on": draft.row.expires_on,
    }
    return render(request, "intake/code.html", context)


@applicant_page
@require_http_methods(["GET", "POST"])
@draft_page
def send(request: HttpRequest, draft: OpenDraft | None) -> HttpResponseBase:
    """The last page before sending, and sending. A second press finds the draft gone and shows that it was sent."""
    if draft is None:
        return redirect("intake:begin")
    if missing := wizard.what_is_missing(draft.answers):
        return redirect("intake:change", missing.slug)
    if not draft.code:
        return redirect("intake:check")
    turn = turns.turn_of(draft)
    if request.method == "GET":
        if turn is not None and draft.waits_since is not None:
            return render(request, "intake/turn.html", {"turn": turn, "bits": settings.PUZZLE_BITS})
        return render(request, "intake/send.html")
    flood.note_send()
    solved = puzzle.is_solved(draft.row.id, request.POST.get("proof", ""))
    if turn is not None and not solved:
        actions.wait_for_turn(draft)
        return redirect("intake:send")
    found = marks.marks_of(
        draft, trapped=bool(request.POST.get(marks.TRAP_FIELD)), waited_out=turns.waited_out(draft) and not solved
    )
    language = get_language()
    answers = wizard.in_force(draft.answers, today=timezone.localdate(), language=language)
    visit = actions.submit(draft, answers=answers, language=language, set_aside_for=found)
    response = redirect("intake:sent")
    access.remember(response, visit.secret)
    return response


@applicant_page
@require_GET
def sent(request: HttpRequest) -> HttpResponseBase:
    """It has arrived. Shows the code once more if this browser just sent it; otherwise only that it was sent."""
    if _is_echo(request):
        return render(request, "intake/sent.html", {"shown": ""})
    return _sent_with_code(request)


@applicant_page
@require_http_methods(["GET", "POST"])
@draft_page
def erase(request: HttpRequest, draft: OpenDraft | None) -> HttpResponseBase:
    """Delete the unsent draft at once, with every way to open it."""
    if draft is None:
        return redirect("intake:start")
    if request.method == "GET":
        return render(request, "intake/erase.html")
    actions.delete_draft(draft)
    response = render(request, "intake/erased.html")
    access.forget(response)
    return forget_everything(response)


@visit_page
def _sent_with_code(request: HttpRequest, visit: OpenVisit) -> HttpResponse:
    shown = return_code.show(visit.code, get_language()) if visit.code else ""
    return render(request, "intake/sent.html", {"shown": shown})


def _is_echo(request: HttpRequest) -> bool:
    try:
        secret = access.secret_in(request)
    except SessionEnded:
        return False
    if secret is None:
        return False
    with transaction.atomic():
        return access.has_echo(secret)


def _where_stopped(draft: OpenDraft) -> Step | None:
    return wizard.where_stopped(draft.answers, today=timezone.localdate(), language=get_language())
