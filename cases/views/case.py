"""One case: why it is urgent, what the person told us, what we wrote, what comes next. Every look is on record."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cases import actions, need_to_know, permissions
from cases.access_panel import AccessPanel
from cases.care_panel import CareOfCase
from cases.code_panel import CodePanel, StopPanel
from cases.filed_for import FiledFor
from cases.files import whole_files_of
from cases.forms import NoteForm, QuestionForm
from cases.household import names_of
from cases.identity import Line, lines_of
from cases.models import Assessment, Case, PossibleDuplicate, UrgencyScore
from cases.need_to_know import Depth
from cases.states import CaseState, SameReason
from cases.timeline import conversation_of, history_of
from cases.views.card import card_page
from cases.views.erasing import erased_page
from cases.views.finding import READER_ROLES, case_of, staff_of
from cases.views.moves import MOVES_ON_THE_PAGE
from cases.views.partners import origin_of
from cases.views.places import companions_shown, facts_shown
from cases.views.set_aside import line_of
from cases.views.typing import give_back
from cases.why import why_of
from cases.workflow import CLAIM
from intake import contact_plans, kept_aside
from intake.staff_actions import audiences_of
from rainbowrail.accounts.models import User
from rainbowrail.actors import Actor
from rainbowrail.audit.record import record_listed, record_view
from rainbowrail.crypto import datakeys
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.lifecycle import engine
from rainbowrail.web.doors import staff_page

# One look a click: the case page takes this out of the session, so that a reload does not show the person again.
IDENTITY_ASKED = "identity_asked_of_case"
# What the page opens without being asked for more.
ON_THE_PAGE = (Compartment.STORY, Compartment.CONVERSATION, Compartment.CASEWORK)


@staff_page(*READER_ROLES)
@require_safe
def case(request: HttpRequest, reference: str) -> HttpResponse:
    found, user = case_of(request, reference, erased_too=True), staff_of(request)
    if found.erased_on:
        return erased_page(request, found, found.erased_on)
    depth = need_to_know.depth_of(found, user.actor)
    if depth < Depth.CONTENTS:
        return card_page(request, found, depth, may=Buttons.of(found, by=user.actor), told=told_by)
    datakeys.open_many([found.pk, found.help_request.person_id], *ON_THE_PAGE)  # one query for what would be three
    actions.mark_read(found, by=user.actor)
    may_open_files = permissions.allows(permissions.check_open_files, user.actor, found)
    told = told_by(found)
    care = CareOfCase.of(found, told, user=user, shown=request.GET.getlist("show"))
    conversation = conversation_of(found, cover=care.of_answer)
    care.record_opened(conversation, by=user.actor)
    context: dict[str, Any] = {
        "case": found,
        "may": Buttons.of(found, by=user.actor),
        "access": AccessPanel.of(found, by=user.actor),
        "why": why_of(found.latest_score) if found.latest_score else None,
        "words": UrgencyScore.objects.by_people().filter(case=found).latest_first().select_related("by", "seconded_by"),
        "facts": facts_shown(request, told),
        "companions": companions_shown(request, found),
        "filed_for": FiledFor.of(found),
        "conversation": conversation,
        "care": care,
        "assessment": Assessment.objects.filter(case=found).select_related("author").first(),
        "notes": found.notes.select_related("author"),
        "history": history_of(found),
        "duplicates": duplicates_of(found, user),
        "aside": line_of(found, request),
        "origin": origin_of(found),
        "files": actions.list_files(found, by=user.actor) if may_open_files else [],
        "file_count": len(whole_files_of(found)) if not may_open_files else 0,
        "identity": identity_once(request, found, user),
        "codes": CodePanel.of(found, by=user.actor),
        "stop": StopPanel.of(found, by=user.actor),
        "is_unread": kept_aside.is_anything_of(found.help_request.person_id),
        "may_decide_unread": bool(user.actor.roles & permissions.KEPT_ASIDE_KEEPERS),
        "kept": (kept := actions.typed_in(found, pages=["note", "ask"], by=user.actor)),
        "note_form": NoteForm(auto_id="note_%s"),
        "question_form": QuestionForm(auto_id="ask_%s", audiences=audiences_of(found.help_request)),
    }
    give_back(context["note_form"], kept["note"])
    give_back(context["question_form"], kept["ask"])
    return render(request, "cases/case.html", context)


def told_by(found: Case) -> dict[str, Any]:
    """Return all that the person stated, with days counted from today. Opens STORY."""
    return {**found.help_request.answers, **found.help_request.facts(timezone.localdate())}


@staff_page(*READER_ROLES)
@require_POST
def identity(request: HttpRequest, reference: str) -> HttpResponse:
    """Show who the person is, once, on the page that follows."""
    found = case_of(request, reference)
    actions.open_identity(found, by=staff_of(request).actor)
    request.session[IDENTITY_ASKED] = str(found.pk)
    return redirect(f"{found.get_absolute_url()}#identity")


def identity_once(request: HttpRequest, found: Case, user: User) -> list[Line]:
    """Return the identity, as lines, when this person has just asked for it, and forget that they did. Opens IDENTITY."""
    if request.session.pop(IDENTITY_ASKED, None) != str(found.pk) or not permissions.allows(
        permissions.check_open_identity, user.actor, found
    ):
        return []
    record_view(found, compartment=Compartment.IDENTITY, by=user.actor, case_id=found.pk)
    plans = contact_plans.history(found.help_request)
    return [*lines_of(found.help_request.identity, plans), *names_of(found.help_request)]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Another case that may be this person's, and why."""

    pair: PossibleDuplicate
    case: Case
    reasons: list[str]


def duplicates_of(found: Case, user: User) -> list[Duplicate]:
    """Return the cases that may be the same person's and of which this reader sees at least the card: of others it would say
    whose they are. Opens CASEWORK of the first of each pair, on record where that is another case: two to four queries."""
    seen = Case.objects.visible_to(user, depth=Depth.CARD)
    pairs = list(PossibleDuplicate.objects.of(found).with_both_among(seen))
    if pairs:
        datakeys.open_many([pair.case_id for pair in pairs], Compartment.CASEWORK)
        beside = [pair.case_id for pair in pairs if pair.case_id != found.pk]
        record_listed(beside, page="duplicates", compartment=Compartment.CASEWORK, by=user.actor)
    return [Duplicate(pair, pair.beside(found), [str(SameReason(reason).label) for reason in pair.reasons]) for pair in pairs]


@dataclass(frozen=True, slots=True)
class Buttons:
    """What this person may do here and now; the page shows these buttons and no others."""

    claim: bool
    give: bool
    give_officer: bool
    take_as_officer: bool
    put_back: bool
    work: bool
    set_urgency: bool
    lower_urgency: bool
    open_identity: bool
    erase: bool
    postpone: bool
    begin_referral: bool
    moves: list[Any]

    @classmethod
    def of(cls, case: Case, *, by: Actor) -> "Buttons":
        allows = permissions.allows
        may_give = permissions.check_assign if case.owner_id is None else permissions.check_hand_over
        return cls(
            claim=bool(engine.available(case, [CLAIM], by=by)),
            give=case.is_open and allows(may_give, by, case),
            give_officer=case.is_open
            and (case.is_in_referral or case.officer_id is not None)
            and allows(permissions.check_give_officer, by, case),
            take_as_officer=case.officer_id is None and allows(permissions.check_take_as_officer, by, case),
            put_back=case.is_in_referral and allows(permissions.check_put_back, by, case),
            work=allows(permissions.check_work_on, by, case),
            set_urgency=case.is_open and allows(permissions.check_raise_urgency, by, case),
            lower_urgency=case.is_open and allows(permissions.check_lower_urgency, by, case),
            open_identity=allows(permissions.check_open_identity, by, case),
            erase=allows(permissions.check_ask_erasure, by, case),
            postpone=not case.is_open and allows(permissions.check_postpone_erasure, by, case),
            begin_referral=case.state == CaseState.READY and allows(permissions.check_begin_referral, by, case),
            moves=engine.available(case, MOVES_ON_THE_PAGE, by=by),
        )
