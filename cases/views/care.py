"""Care for who reads: one's own page, the lead's, marks of what is hard, and readings in a colleague's place."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import actions, care, need_to_know
from cases.audit_verbs import CaseVerb
from cases.files import FileLine, line_of
from cases.forms import CoverForm, FoundForm, PassForm
from cases.models import Case, SecondReading
from cases.need_to_know import Depth
from cases.states import ErasureWhy
from cases.views import typing
from cases.views.acting import Page, act, given
from cases.views.evidence import CLOSED, hand_out_copy
from cases.views.finding import READER_ROLES, case_of, staff_of
from cases.views.places import facts_shown
from intake import evidence
from intake.models import Evidence
from rainbowrail.accounts.models import User
from rainbowrail.audit.record import record, record_view
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.roles import Role
from rainbowrail.web.doors import staff_page
from rainbowrail.web.exports import export

# From here on the page suggests a pause: chosen by us, and no more than a reminder.
MUCH_TODAY, MUCH_THIS_WEEK = 5, 20

PASS = Page(
    gettext_lazy("Pass to a second reader"),
    gettext_lazy("Pass it on"),
    gettext_lazy(
        "A colleague reads it in your place and writes down what you need to know. The case stays with its owner. "
        "Nobody is asked why."
    ),
)


@staff_page(*READER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """What I opened lately, what was passed to me and by me, and how I want to be warned."""
    user = staff_of(request)
    form = CoverForm(given(request), initial={"cover": user.cover})
    if request.method == "POST" and form.is_valid():
        user.cover = form.cleaned_data["cover"]
        user.save(update_fields=["cover"])
        messages.success(request, _("It is set."))
        return redirect("cases:care")
    day, week = care.opened_by(user)
    is_lead = user.has_role(Role.TRIAGE_LEAD)
    readings = SecondReading.objects.open().select_related("case", "passed_by", "passed_to")
    readings = readings.exclude(case__in=need_to_know.hidden_ids(user.actor))
    to_me = readings.passed_to(user)
    context = {
        "form": form,
        "day": day,
        "week": week,
        "is_much": day.total >= MUCH_TODAY or week.total >= MUCH_THIS_WEEK,
        "to_me": to_me if is_lead else to_me.exclude(case__erasure__why=ErasureWhy.WISH),
        "by_me": readings.passed_by(user),
        "is_lead": is_lead,
    }
    return render(request, "cases/care.html", context, status=422 if form.is_bound else 200)


@staff_page(Role.TRIAGE_LEAD)
@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """How much each colleague opened in seven days, in words and by name: to look after people, and not to compare them."""
    by = staff_of(request).actor
    people = list(User.objects.filter(is_active=True, roles__overlap=list(READER_ROLES)).order_by("name", "id"))
    opened = care.opened_since(timezone.now() - timedelta(days=7), staff_ids=[one.pk for one in people])
    record(CaseVerb.CARE_VIEWED, by=by)
    lines = [(one, opened.get(one.pk, care.Opened())) for one in people]
    return render(request, "cases/care_team.html", {"lines": lines})


@staff_page(*READER_ROLES)
@require_POST
def mark_hard(request: HttpRequest, reference: str, thing_id: UUID) -> HttpResponse:
    """Warn the next reader, or take the warning away."""
    case, by = case_of(request, reference), staff_of(request).actor
    if need_to_know.depth_of(case, by) < Depth.CONTENTS:
        raise Http404
    is_hard = request.POST.get("answer") == "mark"
    actions.mark_hard(case, thing_id, is_hard=is_hard, by=by)
    said = _("Marked: the next reader is warned.") if is_hard else _("The mark is gone.")
    messages.success(request, said)
    is_file = Evidence.objects.filter(help_request_id=case.help_request_id, pk=thing_id).exists()
    return redirect("cases:file", case.reference, thing_id) if is_file else redirect(case)


# --- second readers ---


@staff_page(*READER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def pass_on(request: HttpRequest, reference: str, file_id: UUID | None = None) -> HttpResponse:
    """Hand the account, or one file, to a colleague."""
    case, by = case_of(request, reference), staff_of(request).actor
    actions.check_pass_on(case, by=by, is_file=file_id is not None)
    if file_id is not None:
        get_object_or_404(Evidence, help_request_id=case.help_request_id, whole_hour__isnull=False, pk=file_id)

    def hand(told: dict[str, Any]) -> str:
        actions.pass_on(case, to=told["to"], by=by, file_id=file_id)
        return _("%(name)s is asked to read it for you.") % {"name": told["to"].name}

    form = PassForm(given(request), readers=actions.second_readers_for(case, by=by))
    return act(request, case, PASS, form, hand)


@staff_page(*READER_ROLES)
@require_safe
def reading(request: HttpRequest, reading_id: UUID) -> HttpResponse:
    """What was passed to me: closed until I take it, then the account or the file and nothing else of the case."""
    user, found = staff_of(request), reading_of(request, reading_id)
    return render(request, "cases/reading.html", context_of(request, found, user, FoundForm()))


def context_of(request: HttpRequest, found: SecondReading, user: User, form: forms.Form) -> dict[str, Any]:
    context: dict[str, Any] = {"reading": found, "case": found.case, "form": form, "is_taken": found.taken_at is not None}
    if found.taken_at is None:
        return context
    page = f"reading-{found.pk.hex}"
    context["kept"] = kept = actions.typed_in(found.case, pages=[page], by=user.actor)[page] if not form.is_bound else None
    typing.give_back(form, kept)
    shown = "show" in request.GET
    if found.file_id:
        line = line_of(file_of(found))
        record_view(line.row, compartment=Compartment.EVIDENCE, by=user.actor, case_id=found.case_id)
        return {**context, "file": line, "is_shown": shown}
    told = told_in(found.case)
    cover = care.Covered.of(
        found.case.help_request_id,
        warnings=care.warnings_of(told),
        marks=care.marks_in(found.case),
        wish=user.cover,
        shown=[str(found.case.help_request_id)] if shown else [],
    )
    record_view(found.case, compartment=Compartment.STORY, by=user.actor, case_id=found.case_id)
    if cover.is_open_and_hard:
        actions.note_hard_opened(found.case.help_request, case=found.case, kind=care.Kind.ACCOUNT, by=user.actor)
    facts = facts_shown(request, told)
    return {**context, "cover": cover, "facts": facts}


@staff_page(*READER_ROLES)
@export()
@require_safe
@csp_override(CLOSED)
def reading_copy(request: HttpRequest, reading_id: UUID) -> HttpResponseBase:
    """The clean copy of the picture that I look at in a colleague's place; never the original."""
    found, by = reading_of(request, reading_id), staff_of(request).actor
    line = _copy_of(found)
    if not line.can_be_shown:
        raise Http404
    pieces = evidence.read(line.row.clean_copy)
    record(CaseVerb.FILE_SHOWN, by=by, on=line.row, case_id=found.case_id, detail={"compartment": Compartment.EVIDENCE.value})
    actions.note_hard_opened(line.row, case=found.case, kind=care.Kind.PICTURE, by=by)
    return hand_out_copy(found.case, line, pieces, inline=True)


@staff_page(*READER_ROLES)
@export(form="cases:reading")
@require_POST
@csp_override(CLOSED)
def reading_copy_download(request: HttpRequest, reading_id: UUID) -> HttpResponseBase:
    """The clean copy of a letter or a paper that I read in a colleague's place: it leaves the building with me."""
    found, by = reading_of(request, reading_id), staff_of(request).actor
    line = _copy_of(found)
    pieces = evidence.read(line.row.clean_copy)
    record(CaseVerb.COPY_DOWNLOADED, by=by, on=line.row, case_id=found.case_id)
    kind = care.Kind.PICTURE if line.can_be_shown else care.Kind.FILE
    actions.note_hard_opened(line.row, case=found.case, kind=kind, by=by)
    return hand_out_copy(found.case, line, pieces, inline=False)


@staff_page(*READER_ROLES)
@require_POST
def answer_reading(request: HttpRequest, reading_id: UUID) -> HttpResponse:
    """Take it, give it back, or say what was found."""
    user, found = staff_of(request), reading_of(request, reading_id)
    match request.POST.get("answer"):
        case "take":
            actions.take_reading(found, by=user.actor)
            return redirect("cases:reading", found.pk)
        case "give_back":
            actions.give_back(found, by=user.actor)
            messages.success(request, _("It is given back. That is all that is said about it."))
        case _:
            form = FoundForm(request.POST)
            if not form.is_valid():
                return render(request, "cases/reading.html", context_of(request, found, user, form), status=422)
            actions.finish_reading(found, found=form.cleaned_data["found"], by=user.actor)
            actions.drop_typed(found.case, page=f"reading-{found.pk.hex}", by=user.actor)
            messages.success(request, _("Thank you. It stands among the notes of the case."))
    return redirect("cases:care")


@staff_page(*READER_ROLES)
@require_POST
def take_back(request: HttpRequest, reading_id: UUID) -> HttpResponse:
    """Take back what one passed on, or what was passed on of a case that one works on."""
    user = staff_of(request)
    found = get_object_or_404(SecondReading.objects.open(), pk=reading_id, case__in=Case.objects.visible_to(user))
    actions.take_back(found, by=user.actor)
    messages.success(request, _("It is with you again."))
    return redirect(found.case)


def reading_of(request: HttpRequest, reading_id: UUID) -> SecondReading:
    """Return an open reading that is with this person. Raises Http404 for any other."""
    found = get_object_or_404(SecondReading.objects.open().select_related("case__help_request", "passed_by"), pk=reading_id)
    if not actions.may_read_for_another(found, by=staff_of(request).actor):
        raise Http404
    return found


def file_of(found: SecondReading) -> Evidence:
    rows = Evidence.objects.filter(help_request_id=found.case.help_request_id, whole_hour__isnull=False)
    return get_object_or_404(rows.select_related("clean_copy"), pk=found.file_id)


def _copy_of(found: SecondReading) -> FileLine:
    """Return the file of a reading that was taken. Raises Http404 without a clean copy, and where the account is read."""
    if not found.file_id or found.taken_at is None:
        raise Http404
    line = line_of(file_of(found))
    if line.copy_kind is None:
        raise Http404
    return line


def told_in(case: Case) -> dict[str, Any]:
    """Return all that the person stated, with days counted from today. Opens STORY."""
    return {**case.help_request.answers, **case.help_request.facts(timezone.localdate())}
