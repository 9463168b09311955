"""How a page gets this browser's draft or session: one transaction a page, whose rows are the visitor's alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse

from intake import access
from intake.access import SessionEnded
from intake.forms.return_code import TypeCodeForm
from intake.models import Visit
from intake.models.hours import this_hour
from intake.opened import OpenDraft, OpenVisit
from intake.views import late_words
from rainbowrail.crypto.errors import CryptoError

# Fields of a form that are about the page, not typed by the person; and a code or part of one, which no page writes back.
NOT_TYPED = frozenset({"csrfmiddlewaretoken", "revision", "go", "once", "return_code", "group", "speak"})
# Pages whose answers can begin a new draft, where no code opens the old one.
PAGES_OF_THE_FORM = frozenset({"step", "change", "person", "person_again", "advice"})
MOST_CARRIED = 200_000
CARRIED = "kept-"
# A code that staff made opens this page only, until it was changed.
OPEN_BEFORE_CHANGE = frozenset({"new_code"})


def draft_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Give the view `draft`: this browser's, locked while a form is handled, or None before the first answer.

    A request already sent leads to its page, an old page of the form with what was typed in it; a session that is over, to one
    that says so and keeps what was typed.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            secret = access.secret_in(request)
            with transaction.atomic():
                draft = _draft_of(secret, lock=request.method == "POST")
                if isinstance(draft, HttpResponseRedirect):
                    return _sent_before(request, draft)
                response = view(request, draft, *args, **kwargs)
        except SessionEnded:
            return session_ended(request)
        if secret and draft is not None and not response.cookies:
            access.remember(response, draft.secret)
        return response

    return wrapped


def visit_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Give the view `visit`: the session with a sent request. Without one the page asks for the code."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            secret = access.secret_in(request)
            if secret is None:
                raise SessionEnded
            with transaction.atomic():
                visit = _visit_of(secret, lock=request.method == "POST")
                if visit is None:
                    raise SessionEnded
                if visit.must_change and view.__name__ not in OPEN_BEFORE_CHANGE:
                    return _stamped(redirect("intake:new_code"), visit.secret)
                response = view(request, visit, *args, **kwargs)
        except SessionEnded:
            return _deleted_before(request) or session_ended(request)
        return _stamped(response, visit.secret)

    return wrapped


def _stamped(response: HttpResponseBase, secret: str) -> HttpResponseBase:
    if not response.cookies:
        access.remember(response, secret)
    return response


def _deleted_before(request: HttpRequest) -> HttpResponse | None:
    """Lead whoever pressed "delete everything" twice to the page that the first press led to; None for everybody else."""
    try:
        secret = access.secret_in(request)
        with transaction.atomic():
            if secret is None or not access.was_deleted(secret):
                return None
    except (SessionEnded, CryptoError):
        return None
    response = redirect("intake:gone")
    access.forget(response)
    return response


def session_ended(request: HttpRequest) -> HttpResponse:
    """Say that the session is over, offer the way back by code, and carry along what was typed."""
    carried = _carried(request) if request.method == "POST" else []
    match = request.resolver_match
    of_the_form = match is not None and match.url_name in PAGES_OF_THE_FORM
    question = match.kwargs.get("message_id", "") if match else ""
    context = {
        "form": TypeCodeForm(),
        "carried": carried,
        "again_url": request.path if of_the_form else "",
        # The revision comes along too: what was saved elsewhere since is not overwritten unseen.
        "place": f"{request.path}@{request.POST.get('revision', '')}" if of_the_form else question,
    }
    response = render(request, "intake/session_ended.html", context, status=200 if request.method == "GET" else 409)
    access.forget(response)
    return response


def _sent_before(request: HttpRequest, there: HttpResponseRedirect) -> HttpResponse:
    """Lead to the request that was sent; an old page of the form is shown with its words, which would be lost on the way."""
    match = request.resolver_match
    is_of_the_form = match is not None and match.url_name in PAGES_OF_THE_FORM
    words = late_words.words_in(request) if request.method == "POST" and is_of_the_form else ""
    return late_words.sent_before(request, words, is_open=there.url == reverse("intake:here")) if words else there


def _draft_of(secret: str | None, *, lock: bool) -> OpenDraft | HttpResponseRedirect | None:
    if secret is None:
        return None
    try:
        draft = access.find_draft(secret, lock=lock)
        if draft is not None:
            return draft
        if access.find_visit(secret, lock=False) is not None:
            return redirect("intake:here")
        if access.has_echo(secret):
            return redirect("intake:sent")
    except CryptoError as error:
        # A cookie that does not fit its row is as good as none: the person starts again or types the code.
        raise SessionEnded from error
    raise SessionEnded


def _visit_of(secret: str, *, lock: bool) -> OpenVisit | None:
    try:
        visit = access.find_visit(secret, lock=lock)
    except CryptoError as error:
        raise SessionEnded from error
    if visit is not None and visit.row.seen_hour != this_hour():
        Visit.objects.filter(id=visit.row.id).update(seen_hour=this_hour())
    return visit


def _carried(request: HttpRequest) -> list[tuple[str, str]]:
    typed = [
        (name.removeprefix(CARRIED), value)
        for name, values in request.POST.lists()
        for value in values
        if name not in NOT_TYPED and value
    ]
    return typed if sum(len(name) + len(value) for name, value in typed) <= MOST_CARRIED else []
