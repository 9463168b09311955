"""The one way a page with a form works: show it, try the action, say what was wrong, or go back to the case."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise

from cases.models import Case
from rainbowrail.errors import NotPossible
from rainbowrail.web.forms import PageForm


@dataclass(frozen=True, slots=True)
class Page:
    """The words of one form page: title and button, and a sentence before the form if one helps."""

    title: str | Promise
    action: str | Promise
    before: str | Promise = ""
    danger: bool = False


def act(
    request: HttpRequest,
    case: Case,
    page: Page,
    form: PageForm,
    do: Callable[[dict[str, Any]], str],
    *,
    template: str = "cases/act.html",
) -> HttpResponse:
    """Answer a GET with the form, and a valid POST by doing it and returning to the case with the sentence that `do` returns.

    NotPossible is shown above the form, which keeps what was typed; the answer is then 409. NotAllowed goes on to its own page.
    """
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            done = do(form.cleaned_data)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, done)
            return redirect(case)
    elif request.method == "POST":
        status = 422
    return render(request, template, {"case": case, "page": page, "form": form}, status=status)
