"""The one way a page with a form works here: show it, try the action, say what was wrong, or go on to where the referral is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise

from cases import actions as case_actions
from cases.views.typing import give_back
from rainbowrail.errors import NotPossible
from rainbowrail.web.forms import PageForm
from referrals.models import Referral
from referrals.views import typing
from referrals.views.finding import staff_of


@dataclass(frozen=True, slots=True)
class Page:
    """The words of one form page: title and button, and sentences before the form if they help."""

    title: str | Promise
    action: str | Promise
    before: tuple[str | Promise, ...] = ()
    danger: bool = False


def act(
    request: HttpRequest,
    referral: Referral,
    page: Page,
    form: PageForm,
    do: Callable[[dict[str, Any]], str],
    *,
    template: str = "referrals/act.html",
    goes_to: str = "",
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Answer a GET with the form, and a valid POST by doing it and going on with the sentence that `do` returns.

    NotPossible is shown above the form, which keeps what was typed; the answer is then 409. NotAllowed goes on to its own page.
    What its author typed there before, and did not save, stands in the form again.
    """
    status, by, name = 200, staff_of(request).actor, typing.page_name(request.resolver_match)
    case, kept_as = typing.place(referral, name)
    if request.method == "POST" and form.is_valid():
        try:
            done = do(form.cleaned_data)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            if name:
                case_actions.drop_typed(case, page=kept_as, by=by)
            messages.success(request, done)
            return redirect(goes_to or referral)
    elif request.method == "POST":
        status = 422
    kept = case_actions.typed_in(case, pages=[kept_as], by=by)[kept_as] if name and not form.is_bound else None
    give_back(form, kept)
    keep_url = reverse("referrals:keep_typed", args=[referral.packet_id, name]) if name else ""
    told = {"referral": referral, "page": page, "form": form, "kept": kept, "keep_url": keep_url, **(context or {})}
    told.setdefault("back", referral.get_absolute_url())
    return render(request, template, told, status=status)
