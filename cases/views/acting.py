"""The one way a page with a form works: show it, try the action, say what was wrong, or go back to the case."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.functional import Promise

from cases import actions
from cases.models import Case
from cases.views import typing
from cases.views.finding import staff_of
from rainbowrail.errors import NotPossible
from rainbowrail.web.forms import PageForm


@dataclass(frozen=True, slots=True)
class Page:
    """The words of one form page: title and button, and a sentence before the form if one helps."""

    title: str | Promise
    action: str | Promise
    before: str | Promise = ""
    danger: bool = False


def given(request: HttpRequest) -> QueryDict | None:
    """Return what was submitted, also when it is empty; None for a page that is only looked at."""
    return request.POST if request.method == "POST" else None


def act(request: HttpRequest, case: Case, page: Page, form: PageForm, do: Callable[[dict[str, Any]], str]) -> HttpResponse:
    """Answer a GET with the form, and a valid POST by doing it and returning to the case with the sentence that `do` returns.

    Who gave the case away, and sees it no more, returns to the queue.
    NotPossible is shown above the form, which keeps what was typed; the answer is then 409. NotAllowed goes on to its own page.
    """
    status, by, name = 200, staff_of(request).actor, typing.page_name(request.resolver_match)
    if request.method == "POST" and form.is_valid():
        try:
            done = do(form.cleaned_data)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            if name:
                actions.drop_typed(case, page=name, by=by)
            messages.success(request, done)
            return redirect(case if Case.objects.visible_to(staff_of(request)).filter(pk=case.pk).exists() else "cases:queue")
    elif request.method == "POST":
        status = 422
    kept = actions.typed_in(case, pages=[name], by=by)[name] if name and not form.is_bound else None
    typing.give_back(form, kept)
    context = {"case": case, "page": page, "form": form, "kept": kept, "keep_url": typing.keep_url(case, name) if name else ""}
    return render(request, "cases/act.html", context, status=status)
