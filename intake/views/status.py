"""Coming back: type the code; read the status word and what we wrote; answer a question."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from intake import access, actions, returning
from intake.forms.answer import AnswerForm
from intake.forms.return_code import BUSY, NOT_FOUND, TypeCodeForm
from intake.models import Message, RequestStatus
from intake.opened import OpenDraft, OpenVisit
from intake.permissions import can_answer
from intake.states import FILED_FOR_ANOTHER, OFFER_WORDS, STATUS_SENTENCES, Audience, OfferState, PublicStatus
from intake.views import carrying
from intake.views.contact import new_plan_page, plan_form
from intake.views.sessions import CARRIED, visit_page
from rainbowrail.crypto.errors import Busy
from rainbowrail.web.doors import applicant_page
from rainbowrail.web.forms import clean_text


@applicant_page
@require_http_methods(["GET", "POST"])
def back(request: HttpRequest) -> HttpResponseBase:
    """Type the code. It opens the draft before sending, and the request's page afterwards, in a new session."""
    form = TypeCodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            opened = access.open_by_code(form.cleaned_data["return_code"])
        except Busy:
            form.add_error("return_code", BUSY)
        else:
            if opened is not None:
                return _enter(request, opened)
            form.add_error("return_code", NOT_FOUND)
    carried = [(name.removeprefix(CARRIED), value) for name, value in _carried(request)]
    context = {"form": form, "carried": carried, "place": request.POST.get("carried_step", "")}
    return render(request, "intake/back.html", context)


@applicant_page
@require_GET
@visit_page
def here(request: HttpRequest, visit: OpenVisit) -> HttpResponse:
    """What waits for the person, the status word, and everything staff wrote to whom this code belongs, the newest first."""
    status = RequestStatus.objects.filter(id=visit.help_request_id).first()
    written = list(Message.objects.filter(help_request_id=visit.help_request_id).order_by("-position"))
    messages = [message for message in written if visit.opens(message)]
    word, since = _where_things_stand(visit, status, messages)
    entries = [_entry(message, visit) for message in messages]
    plan, offers = returning.plan_of(visit), returning.offers_of(visit)
    context = {
        "word": word.label,
        "sentence": STATUS_SENTENCES[word] if visit.audience is Audience.PERSON else FILED_FOR_ANOTHER,
        "updated_on": since,
        "waiting": list(_waiting(entries, plan, offers)),
        "entries": entries,
        "has_older": len(messages) < len(written) and not visit.duress,
        "plan": plan,
        "offers": [_offer_line(offer) for offer in offers],
        "may_delete": visit.audience is Audience.PERSON,
        "wrote_on": _last_word(visit, status),
    }
    return render(request, "intake/here.html", context)


def _waiting(
    entries: list[dict[str, object]], plan: returning.Plan | None, offers: list[returning.Offer]
) -> Iterator[dict[str, object]]:
    """Yield what waits for the person, each with the way there: what is gentle first, then what we need from them."""
    if plan is not None and plan.is_old(timezone.localdate()):
        yield {"text": _("Is it still right how we may reach you?"), "when": None, "url": reverse("intake:plan")}
    for offer in offers:
        if offer.state == OfferState.OFFERED and not returning.is_over(offer):
            yield {
                "text": _("May we tell an office about you? Please read it."),
                "url": reverse("intake:offer", args=[offer.id]),
            }
    for entry in entries:
        if entry["answer_url"] and not entry["wrote_on"]:
            yield {"text": _("We have a question for you."), "when": entry["when"], "url": entry["answer_url"]}


def _offer_line(offer: returning.Offer) -> dict[str, object]:
    url = reverse("intake:offer", args=[offer.id])
    return {"office": offer.terms["recipient"]["office"], "state": OFFER_WORDS[offer.state], "url": url}


def _last_word(visit: OpenVisit, status: RequestStatus | None) -> date | None:
    """Return the day the person last wrote: as this session knows it, else as the worker noted it."""
    if visit.answered_on:
        return date.fromisoformat(max(visit.answered_on.values()))
    if visit.audience is Audience.FILER:
        return None
    if visit.duress:
        return date.fromisoformat(visit.since)
    return status.heard_on if status else None


def _where_things_stand(
    visit: OpenVisit, status: RequestStatus | None, messages: list[Message]
) -> tuple[PublicStatus, date | None]:
    """Return the word to show and since which day. Under duress, and for who filed for somebody else, it is "received"."""
    # Before the second code is looked at: who filed for somebody else reads no day, whichever of their two codes they typed.
    if visit.audience is Audience.FILER:
        return PublicStatus.RECEIVED, None
    if visit.duress:
        return PublicStatus.RECEIVED, date.fromisoformat(visit.since)
    if status is None:
        return PublicStatus.RECEIVED, None
    word = PublicStatus(status.status)
    # The question may be for who filed, or older than this code: then there is none here to look for.
    if word is PublicStatus.QUESTION and not any(can_answer(message) for message in messages):
        word = PublicStatus.BEING_READ
    return word, status.updated_on


@applicant_page
@require_http_methods(["GET", "POST"])
@visit_page
def answer(request: HttpRequest, visit: OpenVisit, message_id: UUID) -> HttpResponseBase:
    """Answer one question. What is sent cannot be read here again; the page says so before."""
    message = Message.objects.filter(id=message_id, help_request_id=visit.help_request_id).first()
    if message is None or not visit.opens(message) or not can_answer(message):
        raise Http404
    form = AnswerForm(request.POST if request.method == "POST" else None, initial={"once": secrets.token_urlsafe(16)})
    if request.method == "POST" and form.is_valid():
        actions.answer(visit, message.id, form.cleaned_data["text"], token=form.cleaned_data["once"])
        return redirect("intake:answered")
    return _answer_page(request, visit, message, form)


@applicant_page
@require_http_methods(["GET", "POST"])
@visit_page
def write(request: HttpRequest, visit: OpenVisit) -> HttpResponseBase:
    """Write something that was not asked for. It cannot be read here again either."""
    form = AnswerForm(request.POST if request.method == "POST" else None, initial={"once": secrets.token_urlsafe(16)})
    if request.method == "POST" and form.is_valid():
        actions.write(visit, form.cleaned_data["text"], token=form.cleaned_data["once"])
        return redirect("intake:answered")
    return _write_page(request, form)


@applicant_page
@require_GET
@visit_page
def answered(request: HttpRequest, visit: OpenVisit) -> HttpResponse:
    """It has arrived."""
    return render(request, "intake/answered.html", {"today": timezone.localdate()})


def _answer_page(request: HttpRequest, visit: OpenVisit, question: Message, form: AnswerForm) -> HttpResponse:
    action = reverse("intake:answer", args=[question.id])
    context = {"form": form, "action": action, "question": question, "wrote_on": _wrote_on(question, visit)}
    return render(request, "intake/answer.html", context)


def _write_page(request: HttpRequest, form: AnswerForm) -> HttpResponse:
    form.fields["text"].label = _("What you want to tell us")
    return render(request, "intake/write.html", {"form": form, "action": reverse("intake:write")})


def _entry(message: Message, visit: OpenVisit) -> dict[str, object]:
    return {
        "text": message.text,
        "when": message.sent_on,
        "kind": message.kind if message.kind == "question" else "",
        "answer_url": reverse("intake:answer", args=[message.id]) if can_answer(message) else "",
        "wrote_on": _wrote_on(message, visit),
    }


def _wrote_on(message: Message, visit: OpenVisit) -> date | None:
    """Return the day the person last answered: as this session knows it, else as the worker noted it."""
    here_and_now = visit.answered_on.get(str(message.id))
    return date.fromisoformat(here_and_now) if here_and_now else message.answered_on


def _enter(request: HttpRequest, opened: OpenDraft | OpenVisit) -> HttpResponseBase:
    if isinstance(opened, OpenVisit):
        response: HttpResponseBase = _offer_again(request, opened) or redirect("intake:here")
    else:
        response = carrying.go_on(request, opened, _carried_data(request))
    access.remember(response, opened.secret)
    return response


def _offer_again(request: HttpRequest, opened: OpenVisit) -> HttpResponse | None:
    """Return the page that was open when the session ended, with what was typed there and not sent; None if there is none."""
    if opened.must_change:
        return None
    if opened.audience is Audience.PERSON and any(name.startswith(CARRIED + "contact_") for name in request.POST):
        data = _carried_data(request)
        data["once"] = secrets.token_urlsafe(16)
        return new_plan_page(request, plan_form(data))
    text = request.POST.get(CARRIED + "text", "")
    if not text:
        return None
    form = AnswerForm(initial={"text": clean_text(text), "once": secrets.token_urlsafe(16)})
    with transaction.atomic():
        visit = access.find_visit(opened.secret, lock=False)
        question = _question_named(request.POST.get("carried_step", ""), visit) if visit else None
        return _answer_page(request, visit, question, form) if visit and question else _write_page(request, form)


def _question_named(name: str, visit: OpenVisit) -> Message | None:
    try:
        message = Message.objects.filter(id=UUID(name), help_request_id=visit.help_request_id).first()
    except ValueError:
        return None
    return message if message and visit.opens(message) and can_answer(message) else None


def _carried_data(request: HttpRequest) -> QueryDict:
    """Return what was carried along as a form sends it."""
    data = QueryDict(mutable=True)
    for name, value in _carried(request):
        data.appendlist(name.removeprefix(CARRIED), value)
    return data


def _carried(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, value) for name, values in request.POST.lists() if name.startswith(CARRIED) for value in values]
