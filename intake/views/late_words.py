"""An old page of the form, sent after the request was: its words are shown once more, to be sent as a message. Never stored."""

from __future__ import annotations

import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from intake import steps
from intake.answers import Answers
from intake.forms.answer import AnswerForm
from intake.forms.base import StepForm
from intake.forms.household import PAGES
from intake.forms.place import CountryNowForm
from intake.forms.return_code import TypeCodeForm

# Under this name `intake.views.status` takes up what was carried along to a sent request.
TEXT = "text"


def words_in(request: HttpRequest) -> str:
    """Return what the page that was sent says, question by question; of a page that is only one text, the text; "" for none."""
    kind = _form_of(request)
    if kind is None:
        return ""
    sent = _drawn(kind, {}, request.POST)
    # Of a page that says too much or too little somewhere, the rest.
    sent.is_valid()
    said: Answers = sent.to_answers() if not sent.errors else {name: sent.data.get(name) for name in sent.fields}
    rows = [(str(question), _in_words(answer)) for question, answer in _drawn(kind, said).rows() if answer]
    if len(sent.fields) == 1 and len(rows) == 1:
        return rows[0][1]
    return "\n".join(f"{question} {answer}" for question, answer in rows)


def sent_before(request: HttpRequest, words: str, *, is_open: bool) -> HttpResponse:
    """Say that the request is on its way, with the words in view. `is_open`: this browser may write to us without a code."""
    message = AnswerForm(initial={"text": words, "once": secrets.token_urlsafe(16)})
    message.fields["text"].label = _("What you want to tell us")
    context = {
        "form": message if is_open else TypeCodeForm(),
        "action": reverse("intake:write" if is_open else "intake:back"),
        "words": "" if is_open else words,
        "carried": [] if is_open else [(TEXT, words)],
        "place": "",
    }
    return render(request, "intake/sent_before.html", context, status=409)


def _form_of(request: HttpRequest) -> type[StepForm] | None:
    """Return the form of the page that the address names; None for one that is none."""
    match = request.resolver_match
    name, given = (match.url_name, match.kwargs) if match else ("", {})
    if name == "advice":
        return CountryNowForm
    if name in {"person", "person_again"}:
        number = int(given["page"])
        return PAGES[number - 1] if 1 <= number <= len(PAGES) else None
    step = steps.BY_SLUG.get(given.get("slug", ""))
    return step.form if step else None


def _drawn(kind: type[StepForm], answers: Answers, data: object = None) -> StepForm:
    return kind(data, answers=answers, today=timezone.localdate(), language=get_language())  # type: ignore[arg-type]


def _in_words(answer: object) -> str:
    return " · ".join(map(str, answer)) if isinstance(answer, list) else str(answer)
