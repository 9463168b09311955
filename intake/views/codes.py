"""Somebody's own code: see it once more, change it, set a second one for when they are forced (docs/decisions/0046)."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from intake import codes
from intake.forms.return_code import BUSY, NOT_THIS_CODE, ConfirmCodeForm, PresentCodeForm
from intake.opened import OpenVisit
from intake.views.sessions import visit_page
from rainbowrail.crypto import return_code
from rainbowrail.crypto.errors import Busy
from rainbowrail.crypto.return_code import CodeKeys
from rainbowrail.web.doors import applicant_page


@applicant_page
@require_http_methods(["GET", "POST"])
@visit_page
def own_code(request: HttpRequest, visit: OpenVisit) -> HttpResponseBase:
    """The code, if it was made in this session, confirmed by typing one group back; and the ways to other codes."""
    form = ConfirmCodeForm(request.POST if request.method == "POST" else None, code=visit.code)
    if request.method == "POST" and visit.code and form.is_valid():
        visit.code_confirmed = True
        visit.save()
        return redirect("intake:own_code")
    context = {
        "form": form,
        "shown": return_code.show(visit.code, get_language()) if visit.code else "",
        "confirmed": visit.code_confirmed,
        "may_set_second": not visit.second_set,
        "has_second": bool(visit.second_code),
    }
    return render(request, "intake/own_code.html", context)


@applicant_page
@require_http_methods(["GET", "POST"])
@visit_page
def new_code(request: HttpRequest, visit: OpenVisit) -> HttpResponseBase:
    """Change the code; the present one is asked for, but right after typing one that staff made."""
    form = _form(request, visit, ask=not visit.must_change)

    def change(present: CodeKeys | None, token: str) -> None:
        codes.change_code(visit, token=token)

    if _done(request, visit, form, change):
        return redirect("intake:own_code")
    return render(request, "intake/new_code.html", {"form": form, "must_change": visit.must_change})


@applicant_page
@require_http_methods(["GET", "POST"])
@visit_page
def second_code(request: HttpRequest, visit: OpenVisit) -> HttpResponseBase:
    """Set a second code, once; shown until the session ends. Where one is set, there is no such page."""
    if visit.second_set and not visit.second_code:
        return redirect("intake:own_code")
    form = _form(request, visit, ask=True)

    def keep(present: CodeKeys | None, token: str) -> None:
        if present is not None:
            codes.set_second_code(visit, present, token=token)

    if _done(request, visit, form, keep):
        return redirect("intake:second_code")
    shown = return_code.show(visit.second_code, get_language()) if visit.second_code else ""
    return render(request, "intake/second_code.html", {"form": form, "shown": shown})


def _form(request: HttpRequest, visit: OpenVisit, *, ask: bool) -> PresentCodeForm:
    data = request.POST if request.method == "POST" else None
    return PresentCodeForm(data, ask=ask, initial={"once": secrets.token_urlsafe(16)})


def _done(request: HttpRequest, visit: OpenVisit, form: PresentCodeForm, do: Callable[[CodeKeys | None, str], None]) -> bool:
    """Do what the form asks for, if it was sent and the present code is right; else leave the reason on the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    token = form.cleaned_data["once"]
    if token in visit.used_tokens:
        return True
    try:
        present = codes.keys_of_present_code(visit, form.cleaned_data["return_code"]) if form.asks else None
        if form.asks and present is None:
            form.add_error("return_code", NOT_THIS_CODE)
            return False
        do(present, token)
    except Busy:
        form.add_error("return_code" if form.asks else None, BUSY)
        return False
    return True
