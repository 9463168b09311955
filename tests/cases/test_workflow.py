"""The lifecycle as a full table: every stage, every move, every role, on an own case and on somebody else's."""

from itertools import product

import pytest

from cases import actions, need_to_know, workflow
from cases.models import Case, CaseMove
from cases.need_to_know import Depth
from cases.states import OPEN_STATES, CaseState, CloseReason
from cases.workflow import MOVES, PUBLIC_STATUS
from intake.models import RequestStatus
from rainbowrail.accounts.models import User
from rainbowrail.actors import APPLICANT, SYSTEM, Actor, ActorKind
from rainbowrail.audit.models import AuditEvent
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.lifecycle import engine
from rainbowrail.lifecycle.moves import Move
from rainbowrail.roles import Role
from tests.factories.cases import make_case_in

ME, SOMEBODY_ELSE = 1, 2

# What the programme team decided, said a second time: which stages a move leaves, and who may make it.
STAGES = {
    "claim": "received",
    "assign": "received",
    "verify": "in_review",
    "doubt": "verified in_support ready",
    "plan_support": "verified ready outcome",
    "mark_ready": "verified in_support outcome",
    "refer": "ready",
    "record_outcome": "referred",
    "close": "received in_review verified in_support ready referred outcome",
    "reopen": "closed",
}
ON_ANY_CASE = {
    "claim": {Role.CASEWORKER, Role.TRIAGE_LEAD},
    "assign": {Role.TRIAGE_LEAD},
    "verify": {Role.TRIAGE_LEAD},
    "doubt": {Role.TRIAGE_LEAD},
    "plan_support": {Role.TRIAGE_LEAD},
    "mark_ready": {Role.TRIAGE_LEAD},
    "refer": {Role.TRIAGE_LEAD},
    "record_outcome": {Role.TRIAGE_LEAD, Role.REFERRAL_OFFICER, Role.MANAGER},  # whoever may stop a referral
    "close": {Role.TRIAGE_LEAD},
    "reopen": {Role.TRIAGE_LEAD},
}
ON_THEIR_OWN_CASE = {
    "verify": {Role.CASEWORKER},
    "doubt": {Role.CASEWORKER},
    "plan_support": {Role.CASEWORKER},
    "close": {Role.CASEWORKER},
}
AS_ITS_OFFICER = {"refer": {Role.REFERRAL_OFFICER}}


@pytest.fixture(autouse=True)
def _everything_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table of moves by itself; how far somebody sees into a case is asked in test_access."""
    monkeypatch.setattr(need_to_know, "depth_of", lambda case, actor: Depth.IDENTITY)


def case_in(state: CaseState, owner: int | None, officer: int | None = None) -> Case:
    """Return a case in memory; nothing here asks the database."""
    return Case(state=state, owner_id=owner, officer_id=officer)


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.name)
@pytest.mark.parametrize("state", CaseState)
def test_a_move_is_offered_exactly_where_the_table_says(move: Move, state: CaseState) -> None:
    for role, owner, officer in product([*Role, None], [ME, SOMEBODY_ELSE, None], [ME, SOMEBODY_ELSE, None]):
        actor = Actor(ActorKind.STAFF, staff_id=ME, roles=frozenset({role} if role else ()))
        may = role in ON_ANY_CASE[move.name] or (owner == ME and role in ON_THEIR_OWN_CASE.get(move.name, set()))
        may = may or (officer == ME and role in AS_ITS_OFFICER.get(move.name, set()))

        offered = engine.available(case_in(state, owner, officer), [move], by=actor)

        assert offered == ([move] if may and state in STAGES[move.name].split() else []), (role, owner, officer)


@pytest.mark.parametrize("actor", [APPLICANT, SYSTEM], ids=["applicant", "system"])
def test_neither_applicant_nor_system_moves_a_case(actor: Actor) -> None:
    for state in CaseState:
        assert engine.available(case_in(state, ME), MOVES, by=actor) == []


def make(move: Move, case: Case, *, by: Actor, to: User) -> None:
    """Make a move through its action, with whatever it takes."""
    match move.name:
        case "claim":
            actions.claim(case, by=by)
        case "assign":
            actions.assign(case, to=to, by=by)
        case "verify":
            actions.verify(case, by=by)
        case "doubt":
            actions.send_back(case, reason="The dates differ.", by=by)
        case "plan_support":
            actions.plan_support(case, by=by)
        case "mark_ready":
            actions.mark_ready(case, by=by)
        case "refer":
            actions.mark_referred(case, by=by)
        case "record_outcome":
            actions.mark_outcome(case, by=by)
        case "close":
            actions.close_case(case, close_reason=CloseReason.HELPED, reason="Safe now.", by=by)
        case "reopen":
            actions.reopen(case, reason="They wrote again.", by=by)


@pytest.mark.parametrize(
    ("move", "state"), [(move, state) for move in MOVES for state in move.leaves], ids=lambda one: getattr(one, "name", "")
)
def test_each_move_is_written_whole(move: Move, state: CaseState, cleo: User, dana: User) -> None:
    case = make_case_in(state, owner=cleo, lead=dana)
    seen = CaseMove.objects.filter(case=case).count()

    make(move, case, by=dana.actor, to=cleo)

    stored = Case.objects.get(pk=case.pk)
    (line,) = CaseMove.objects.filter(case=case).order_by("-moved_at")[:1]
    event = AuditEvent.objects.filter(case_id=case.pk).latest("id")
    assert stored.state == case.state == move.enters
    assert (line.name, line.left, line.entered, line.by) == (move.name, state, move.enters, dana)
    assert CaseMove.objects.filter(case=case).count() == seen + 1
    assert (event.verb, event.actor_id) == (move.verb, dana.pk)
    assert RequestStatus.objects.get(pk=case.help_request_id).status == PUBLIC_STATUS[move.enters]
    assert (stored.next_step_on is None) == (move.enters is CaseState.CLOSED)


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.name)
def test_a_move_from_the_wrong_stage_is_not_possible_and_writes_nothing(move: Move, cleo: User, dana: User) -> None:
    wrong = next(state for state in CaseState if state not in move.leaves)
    case = make_case_in(wrong, owner=cleo, lead=dana)
    before = (CaseMove.objects.count(), AuditEvent.objects.count())
    with pytest.raises(NotPossible):
        engine.move(case, move, by=dana.actor, reason="because")
    assert Case.objects.get(pk=case.pk).state == wrong
    assert (CaseMove.objects.count(), AuditEvent.objects.count()) == before


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.name)
def test_the_wrong_person_is_told_in_a_sentence_who_may(move: Move, cleo: User, dana: User, gus: User) -> None:
    case = make_case_in(CaseState(next(iter(move.leaves))), owner=cleo, lead=dana)
    with pytest.raises(NotAllowed, match="Only"):
        engine.move(case, move, by=gus.actor, reason="because")


@pytest.mark.parametrize("move", [move for move in MOVES if move.needs_reason], ids=lambda move: move.name)
def test_a_move_that_needs_a_reason_does_not_go_without(move: Move, cleo: User, dana: User) -> None:
    case = make_case_in(CaseState(next(iter(move.leaves))), owner=cleo, lead=dana)
    with pytest.raises(NotPossible, match="why"):
        engine.move(case, move, by=dana.actor, reason="  ")


def test_a_question_is_what_the_applicant_reads_in_any_open_stage(cleo: User) -> None:
    for state in OPEN_STATES:
        case = case_in(state, cleo.pk)
        assert workflow.public_status(case) == PUBLIC_STATUS[state]
        case.waiting_since = cleo.joined_on  # type: ignore[assignment]
        assert workflow.public_status(case) == "question"
