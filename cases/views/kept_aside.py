"""What did not open: whose it is and what was asked about it, never what is in it; to put back into line or delete for good."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cases import actions
from cases.audit_verbs import CaseVerb
from cases.forms import DismissalForm
from cases.kept_aside import cases_of, is_back_in_line, seen_by
from cases.models import Case, Dismissal
from cases.permissions import KEPT_ASIDE_KEEPERS
from cases.states import DismissalWhy
from cases.views.finding import staff_of
from intake.drain import MOST_TRIES
from intake.models import Delivery
from rainbowrail.actors import Actor
from rainbowrail.audit.record import record
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.web.doors import staff_page
from rainbowrail.web.pagination import Keyset
from rainbowrail.web.recent import needs_recent_sign_in

PAGE_SIZE = 50
ROLES = tuple(sorted(KEPT_ASIDE_KEEPERS))


@dataclass(frozen=True, slots=True)
class Line:
    """One delivery. `case` is None while its request never opened; `is_our_fault`: it opens, and our own program failed."""

    delivery: Delivery
    case: Case | None
    asked: Dismissal | None
    is_our_fault: bool

    @property
    def why(self) -> str:
        return str(DismissalWhy(self.asked.why).label) if self.asked else ""


@staff_page(*ROLES)
@require_safe
def kept_aside(request: HttpRequest) -> HttpResponse:
    by = staff_of(request).actor
    page = Keyset(seen_by(by), order=("arrival",), after=request.GET.get("after"), size=PAGE_SIZE)
    cases = cases_of([row.subject_id for row in page.rows])
    asked = {row.pk: row for row in Dismissal.objects.filter(delivery__in=page.rows).select_related("asked_by")}
    lines = [
        # A delivery that does not open is kept aside at its first try; one on which a receiver fails, at its last.
        Line(row, cases.get(row.subject_id), asked.get(row.pk), is_our_fault=row.tries >= MOST_TRIES - 1)
        for row in page.rows
    ]
    record(CaseVerb.KEPT_ASIDE_VIEWED, by=by, detail={"count": len(lines)})
    context = {
        "lines": lines,
        "page": page,
        "form": DismissalForm(),
        "may_agree": any(row.asked_by_id != by.staff_id for row in asked.values()),
        "may_keep": bool(asked),
    }
    return render(request, "cases/kept_aside.html", context)


@staff_page(*ROLES)
@needs_recent_sign_in(form="cases:kept_aside")
@require_POST
def decide_kept_aside(request: HttpRequest) -> HttpResponse:
    """Do one thing with each chosen delivery; what cannot be done with one is said, and the others go on."""
    by = staff_of(request).actor
    act, done_words = _act_in(request, by)
    chosen = _chosen_in(request)
    if not chosen:
        raise NotPossible(_("Choose at least one line."))
    done, refusals = 0, dict[str, None]()
    for delivery_id in chosen:
        try:
            done += act(delivery_id)
        except (NotPossible, NotAllowed) as refusal:
            refusals[str(refusal)] = None
    for sentence in refusals:
        messages.warning(request, sentence)
    if done:
        messages.success(request, done_words(done))
    return redirect("cases:kept_aside")


type Act = Callable[[UUID], int]
type Words = Callable[[int], str]


def _act_in(request: HttpRequest, by: Actor) -> tuple[Act, Words]:
    """Return what to do with one delivery, and the sentence that says with how many it was done."""
    match request.POST.get("do", ""):
        case "retry":
            return (
                lambda one: _put_back(one, by),
                lambda count: (
                    ngettext(
                        "%(count)s is back in line. The worker opens it within seconds.",
                        "%(count)s are back in line. The worker opens them within seconds, in the order in which they came.",
                        count,
                    )
                    % {"count": count}
                ),
            )
        case "ask":
            why = _why_in(request)
            return (
                lambda one: bool(actions.ask_dismissal(one, why=why, by=by)),
                lambda count: (
                    ngettext("%(count)s waits for another triage lead.", "%(count)s wait for another triage lead.", count)
                    % {"count": count}
                ),
            )
        case "dismiss":
            return (
                lambda one: _dismiss(one, by),
                lambda count: (
                    ngettext("%(count)s was deleted for good.", "%(count)s were deleted for good.", count) % {"count": count}
                ),
            )
        case "keep":
            return (
                lambda one: _keep(one, by),
                lambda count: ngettext("%(count)s stays kept aside.", "%(count)s stay kept aside.", count) % {"count": count},
            )
    raise NotPossible(_("Say what to do: try again, or delete for good."))


def _put_back(delivery_id: UUID, by: Actor) -> int:
    try:
        return actions.put_back(delivery_id, by=by)
    except NotPossible:
        # It went back with an earlier one of the same person, chosen with it.
        if is_back_in_line(delivery_id, by):
            return 0
        raise


def _dismiss(delivery_id: UUID, by: Actor) -> int:
    actions.dismiss(delivery_id, by=by)
    return 1


def _keep(delivery_id: UUID, by: Actor) -> int:
    actions.keep_after_all(delivery_id, by=by)
    return 1


def _why_in(request: HttpRequest) -> DismissalWhy:
    why = request.POST.get("why", "")
    if why not in DismissalWhy.values:
        raise NotPossible(_("Say why it may be deleted: choose one of the reasons."))
    return DismissalWhy(why)


def _chosen_in(request: HttpRequest) -> list[UUID]:
    chosen = []
    for value in request.POST.getlist("chosen")[:PAGE_SIZE]:
        try:
            chosen.append(UUID(value))
        except ValueError:
            continue
    return chosen
