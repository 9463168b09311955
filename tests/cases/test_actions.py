"""What each action writes, and when it says no."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from cases import actions
from cases.models import Case, Note
from cases.signals import case_closed, case_ready
from cases.states import CaseState, CloseReason, NextStep, Pathway, Verification
from intake.models import Answer, Message, RequestStatus
from intake.models.hours import this_hour
from intake.signals import answer_received
from intake.states import PublicStatus
from rainbowrail.accounts.models import User
from rainbowrail.actors import ActorKind
from rainbowrail.audit.models import AuditEvent
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.notifications.models import Notification
from rainbowrail.roles import Role
from tests.factories.accounts import make_staff
from tests.factories.cases import CALM, EMERGENCY, make_case, make_case_in

pytestmark = pytest.mark.django_db
CANARY = "a-word-that-nobody-else-writes"


def status_of(case: Case) -> str:
    return RequestStatus.objects.get(pk=case.help_request_id).status


def answer_to(message: Message | None, case: Case, text: str = "Two nights.") -> Answer:
    """Return an answer as the drain leaves it, the signal sent."""
    answer = Answer.objects.create(help_request=case.help_request, message=message, text=text, received_hour=this_hour())
    if message is not None:
        Message.objects.filter(pk=message.pk).update(answered_on=timezone.localdate())
    answer_received.send(sender=Answer, answer=answer)
    return answer


# --- owners ---


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_a_case_at_once_one_has_it() -> None:
    case = make_case()
    people = [make_staff(Role.CASEWORKER), make_staff(Role.CASEWORKER)]
    barrier, told = Barrier(2), []

    def take(person: User) -> None:
        try:
            barrier.wait()
            actions.claim(Case.objects.get(pk=case.pk), by=person.actor)
            told.append(person)
        except NotPossible:
            told.append(None)
        finally:
            connections.close_all()

    threads = [Thread(target=take, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    case.refresh_from_db()
    assert [person for person in told if person] == [case.owner]
    assert len(told) == 2


def test_a_lead_gives_an_unclaimed_case_and_its_owner_is_told(dana: User, cleo: User) -> None:
    case = make_case()
    actions.assign(case, to=cleo, by=dana.actor)
    case.refresh_from_db()
    assert (case.owner, case.state) == (cleo, CaseState.IN_REVIEW)
    assert Notification.objects.get().kind == "cases.case_given"


def test_an_owner_hands_the_case_over_and_it_stays_where_it_is(cleo: User) -> None:
    case, other = make_case_in(CaseState.VERIFIED, owner=cleo), make_staff(Role.CASEWORKER)
    actions.assign(case, to=other, by=cleo.actor)
    case.refresh_from_db()
    assert (case.owner, case.state) == (other, CaseState.VERIFIED)
    with pytest.raises(NotAllowed, match="owner"):
        actions.assign(case, to=cleo, by=cleo.actor)


def test_a_caseworker_cannot_give_away_what_nobody_owns(cleo: User) -> None:
    with pytest.raises(NotAllowed, match="lead"):
        actions.assign(make_case(), to=make_staff(Role.CASEWORKER), by=cleo.actor)


def test_a_case_is_not_given_to_somebody_who_cannot_work_on_it(dana: User, fay: User) -> None:
    with pytest.raises(NotPossible, match="cannot own"):
        actions.assign(make_case(), to=fay, by=dana.actor)


def test_a_case_is_not_given_to_somebody_who_left(dana: User, cleo: User) -> None:
    cleo.is_active = False
    with pytest.raises(NotPossible, match="cannot own"):
        actions.assign(make_case(), to=cleo, by=dana.actor)


# --- notes, questions, answers ---


def test_a_note_is_sealed_in_the_row(cleo: User) -> None:
    case = make_case_in(CaseState.IN_REVIEW, owner=cleo)
    note = actions.write_note(case, text=f"Spoke to them. {CANARY}", by=cleo.actor)
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM cases_note WHERE id = %s", [note.pk])
        (raw,) = cursor.fetchone()
    assert CANARY.encode() not in bytes(raw)
    assert Note.objects.get(pk=note.pk).text.endswith(CANARY)


def test_reasons_of_moves_and_assessments_are_sealed_in_the_rows(cleo: User, dana: User) -> None:
    case = make_case_in(CaseState.IN_REVIEW, owner=cleo)
    actions.assess(case, verification=Verification.PLAUSIBLE, pathways=[Pathway.CASH], summary=CANARY, by=cleo.actor)
    actions.close_case(case, close_reason=CloseReason.HELPED, reason=CANARY, by=dana.actor)
    for table in ("cases_assessment", "cases_casemove", "cases_urgencyscore", "cases_case", "audit_auditevent"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT t::text, encode(convert_to(t::text, 'UTF8'), 'hex') FROM {table} t")  # noqa: S608 - a list above
            rows = cursor.fetchall()
        assert rows
        assert not [
            row for row in rows if CANARY in row[0] or CANARY.encode().hex() in row[0] or CANARY.encode().hex() in row[1]
        ]
    assert case.moves.get(name="close").reason == CANARY
    assert case.assessments.get().finding == {"verification": "plausible", "pathways": ["cash"]}


def test_a_stranger_writes_no_note(cleo: User, gus: User) -> None:
    case = make_case_in(CaseState.IN_REVIEW, owner=cleo)
    with pytest.raises(NotAllowed, match="owner"):
        actions.write_note(case, text="…", by=gus.actor)


def test_an_empty_note_is_not_kept(cleo: User) -> None:
    with pytest.raises(NotPossible, match="empty"):
        actions.write_note(make_case_in(CaseState.IN_REVIEW, owner=cleo), text=" \n", by=cleo.actor)


def test_a_question_makes_the_case_wait_and_meets_the_contact_clock(cleo: User) -> None:
    case = make_case_in(CaseState.IN_REVIEW, owner=cleo)
    message = actions.ask_applicant(case, question="How many nights are certain?", by=cleo.actor)
    case.refresh_from_db()
    assert message.text == "How many nights are certain?"
    assert case.waiting_since is not None
    assert case.contacted_at is not None
    assert case.state == CaseState.IN_REVIEW
    assert case.next_step == NextStep.AWAIT_ANSWER
    assert status_of(case) == PublicStatus.QUESTION


def test_an_answer_wakes_the_case_and_the_owner_is_told(cleo: User) -> None:
    case = make_case_in(CaseState.VERIFIED, owner=cleo)
    question = actions.ask_applicant(case, question="Where are you?", by=cleo.actor)
    Notification.objects.all().delete()

    answer_to(question, case)

    case.refresh_from_db()
    event = AuditEvent.objects.filter(case_id=case.pk).latest("id")
    assert case.waiting_since is None
    assert (case.next_step, case.state) == (NextStep.READ_ANSWER, CaseState.VERIFIED)
    assert status_of(case) == PublicStatus.BEING_READ
    assert (Notification.objects.get().kind, event.actor_kind) == ("cases.answer_came", ActorKind.APPLICANT)


def test_a_case_waits_on_while_another_question_is_open(cleo: User) -> None:
    case = make_case_in(CaseState.IN_REVIEW, owner=cleo)
    first = actions.ask_applicant(case, question="One?", by=cleo.actor)
    actions.ask_applicant(case, question="Two?", by=cleo.actor)
    answer_to(first, case)
    case.refresh_from_db()
    assert case.waiting_since is not None
    assert case.next_step == NextStep.READ_ANSWER
    assert status_of(case) == PublicStatus.QUESTION


def test_an_answer_to_a_closed_case_leaves_it_closed_and_tells_its_owner(cleo: User, dana: User) -> None:
    case = make_case_in(CaseState.CLOSED, owner=cleo, lead=dana)
    Notification.objects.all().delete()
    answer_to(None, case)
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED
    assert Notification.objects.get().kind == "cases.answer_came"


def test_going_on_without_the_answer_ends_the_waiting(cleo: User) -> None:
    case = make_case_in(CaseState.IN_REVIEW, owner=cleo)
    with pytest.raises(NotPossible, match="not waiting"):
        actions.stop_waiting(case, by=cleo.actor)
    actions.ask_applicant(case, question="Where?", by=cleo.actor)
    actions.stop_waiting(case, by=cleo.actor)
    case.refresh_from_db()
    assert (case.waiting_since, status_of(case)) == (None, PublicStatus.BEING_READ)


def test_nothing_is_asked_in_a_closed_case(cleo: User, dana: User) -> None:
    case = make_case_in(CaseState.CLOSED, owner=cleo, lead=dana)
    with pytest.raises(NotPossible, match="closed"):
        actions.ask_applicant(case, question="Are you well?", by=cleo.actor)
    assert not Message.objects.exists()


# --- next steps, closing ---


def test_a_next_step_is_never_in_the_past(cleo: User) -> None:
    case = make_case_in(CaseState.IN_REVIEW, owner=cleo)
    with pytest.raises(NotPossible, match="day is over"):
        actions.set_next_step(case, step=NextStep.PLAN, on=timezone.localdate() - timedelta(days=1), by=cleo.actor)


def test_a_person_says_what_comes_next(cleo: User) -> None:
    case, on = make_case_in(CaseState.IN_REVIEW, owner=cleo), timezone.localdate() + timedelta(days=3)
    actions.set_next_step(case, step=NextStep.CONTACT, on=on, by=cleo.actor)
    case.refresh_from_db()
    assert (case.next_step, case.next_step_on) == (NextStep.CONTACT, on)


def test_planning_meets_the_clock_of_the_plan(cleo: User) -> None:
    case = make_case_in(CaseState.VERIFIED, owner=cleo, answers=EMERGENCY)
    before = case.due_at
    actions.mark_read(case, by=cleo.actor)
    actions.tell_applicant(case, text="We are on it.", by=cleo.actor)
    actions.plan_support(case, by=cleo.actor)
    case.refresh_from_db()
    assert case.met_clocks == {"first_read", "contact", "plan"}
    assert case.due_at > before


def test_the_first_reader_meets_the_first_clock_and_the_second_changes_nothing(cleo: User, dana: User) -> None:
    case = make_case(EMERGENCY)
    actions.mark_read(case, by=cleo.actor)
    first, due = case.first_read_at, case.due_at
    actions.mark_read(Case.objects.get(pk=case.pk), by=dana.actor)
    case.refresh_from_db()
    assert (case.first_read_at, case.due_at) == (first, due)
    assert due == case.received_at + timedelta(hours=4)


def test_ready_and_closed_are_told_to_higher_apps(cleo: User, dana: User) -> None:
    heard: list[str] = []

    def ready(sender: object, *, case: Case, **kwargs: object) -> None:
        heard.append(f"ready {case.reference}")

    def closed(sender: object, *, case: Case, **kwargs: object) -> None:
        heard.append(f"closed {case.reference}")

    case_ready.connect(ready)
    case_closed.connect(closed)
    try:
        case = make_case_in(CaseState.CLOSED, owner=cleo, lead=dana)
    finally:
        case_ready.disconnect(ready)
        case_closed.disconnect(closed)
    assert heard == [f"ready {case.reference}", f"closed {case.reference}"]


def test_a_reopened_case_goes_back_to_its_owner(cleo: User, dana: User) -> None:
    case = make_case_in(CaseState.CLOSED, owner=cleo, lead=dana)
    actions.reopen(case, reason="They wrote again.", by=dana.actor)
    case.refresh_from_db()
    assert (case.owner, case.state, case.closed_at, case.close_reason) == (cleo, CaseState.IN_REVIEW, None, "")


def test_a_case_closed_before_anybody_owned_it_goes_to_whoever_reopens_it(dana: User) -> None:
    case = make_case(CALM)
    actions.close_case(case, close_reason=CloseReason.DUPLICATE, reason="Sent twice.", by=dana.actor)
    actions.reopen(case, reason="It was not.", by=dana.actor)
    case.refresh_from_db()
    assert case.owner == dana


def test_who_may_open_the_identity(cleo: User, dana: User, eli: User, fay: User) -> None:
    case = make_case_in(CaseState.READY, owner=cleo, lead=dana)
    with pytest.raises(NotAllowed):
        actions.open_identity(case, by=eli.actor)
    actions.take_as_officer(case, by=eli.actor)
    for person in (cleo, dana, eli):
        actions.open_identity(case, by=person.actor)
    others = (Role.CASEWORKER, Role.VOLUNTEER, Role.MANAGER, Role.REFERRAL_OFFICER)
    for person in (*(make_staff(role) for role in others), fay):
        with pytest.raises(NotAllowed):
            actions.open_identity(case, by=person.actor)
    assert AuditEvent.objects.filter(case_id=case.pk, verb="cases.identity_opened").count() == 3


def test_the_officer_opens_no_identity_before_the_case_is_ready(cleo: User, eli: User) -> None:
    case = make_case_in(CaseState.VERIFIED, owner=cleo)
    with pytest.raises(NotAllowed):
        actions.open_identity(case, by=eli.actor)


# --- the database repeats what it can ---


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("case_state_known", {"state": "lost"}),
        ("case_closing_told_whole", {"close_reason": "helped"}),
        ("case_closed_has_closing", {"state": "closed", "next_step": "", "next_step_on": None}),
        ("case_has_an_owner", {"owner": None}),
        ("case_received_is_unclaimed", {"state": "received"}),
        ("case_has_a_next_step", {"next_step": ""}),
        ("case_has_a_next_step", {"next_step_on": None}),
        ("case_band_known", {"band": 7}),
        ("case_score_in_range", {"score": 100.1}),
    ],
)
def test_the_database_refuses(name: str, changes: dict[str, object], cleo: User) -> None:
    case = make_case_in(CaseState.IN_REVIEW, owner=cleo)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**changes)
