"""A person is erased: keys, words, files, ways in and index go; a skeleton stays that can be counted, and two people decide."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from cases import actions
from cases.actions.erasing import open_proposal
from cases.models import Case, ErasurePlan, Note, PossibleDuplicate, Postponement
from cases.states import CaseState, CloseReason, ErasureWhy
from intake import finding
from intake.drain import drain
from intake.models import (
    Answer,
    ContactStop,
    Delivery,
    Evidence,
    EvidencePart,
    HelpRequest,
    IndexEntry,
    Message,
    RequestStatus,
    ReturnCode,
)
from intake.wishes import ask_to_delete
from rainbowrail.accounts.models import User
from rainbowrail.actors import ActorKind
from rainbowrail.audit.models import AuditEvent
from rainbowrail.crypto import datakeys
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.errors import KeyMissing
from rainbowrail.crypto.models import DataKey
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.privacy import erased, keeping
from rainbowrail.privacy.retention import Gone
from rainbowrail.roles import Role
from tests.factories.accounts import make_staff
from tests.factories.cases import EMERGENCY, make_case, make_case_in
from tests.factories.evidence import with_file
from tests.factories.intake import Sent, sent
from tests.roles import AsRole

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture(autouse=True)
def erased_list(tmp_path: Path, settings: LazySettings) -> Path:
    settings.ERASED_DIR = tmp_path / "erased"
    return tmp_path / "erased"


def told(owner: User) -> tuple[Sent, Case]:
    """A real request with everything that belongs to one: codes, an answered question, a note, an index entry."""
    done = sent()
    drain(subject_id=done.visit.person_id)
    case = Case.objects.get(help_request=done.request)
    actions.claim(case, by=owner.actor)
    question = actions.ask_applicant(case, question="Where are you tonight?", by=owner.actor)
    Answer.objects.create(help_request=done.request, message=question, text="With a friend.")
    actions.write_note(case, text="Spoke to them.", by=owner.actor)
    return done, case


def left_of(request: HelpRequest) -> dict[str, int]:
    ids = [request.person_id, request.id, Case.objects.get(help_request=request).pk]
    return {
        "keys": DataKey.objects.filter(subject_id__in=ids).count(),
        "codes": ReturnCode.objects.filter(help_request=request).count(),
        "messages": Message.objects.filter(help_request=request).count(),
        "answers": Answer.objects.filter(help_request=request).count(),
        "stops": ContactStop.objects.filter(help_request=request).count(),
        "status": RequestStatus.objects.filter(id=request.id).count(),
        "deliveries": Delivery.objects.filter(subject_id=request.person_id).count(),
        "index": IndexEntry.objects.count(),
    }


def test_nothing_of_an_erased_person_opens_any_more_and_what_can_be_counted_stays(cleo: User, dana: User) -> None:
    done, case = told(cleo)
    request = done.request
    assert all(count for name, count in left_of(request).items() if name != "stops")
    clear = Case.objects.filter(pk=case.pk).values("country", "language", "band", "score", "received_at", "reference")
    before = clear.get()

    actions.confirm_erasure(actions.ask_erasure(case, reason="They asked on the phone.", by=cleo.actor), by=dana.actor)

    assert set(left_of(request).values()) == {0}
    case.refresh_from_db()
    assert (case.state, case.close_reason) == (CaseState.CLOSED, CloseReason.WITHDRAWN)
    assert clear.get() == before
    assert ErasurePlan.objects.get(case=case).erased_on == TODAY()
    with datakeys.scope():
        for row, name in [
            (HelpRequest.objects.get(pk=request.pk), "answers"),
            (HelpRequest.objects.get(pk=request.pk), "identity"),
            (Note.objects.get(case=case), "text"),
            (case.moves.first(), "reason"),
        ]:
            with pytest.raises(KeyMissing):
                getattr(row, name)


def test_files_go_with_their_copies_and_parts(cleo: User, dana: User) -> None:
    done, case = told(cleo)
    file = with_file(b"\xff\xd8\xff canary", done=done, cleaned=False)
    assert EvidencePart.objects.filter(file_id=file.pk).exists()
    actions.confirm_erasure(actions.ask_erasure(case, reason="Asked.", by=cleo.actor), by=dana.actor)
    assert not Evidence.objects.filter(person_id=done.visit.person_id).exists()
    assert not EvidencePart.objects.exists()


@pytest.mark.parametrize("destroyed", ["identity", "story", "conversation", "casework"])
def test_destroying_one_compartment_leaves_the_others_of_a_real_person_whole(destroyed: str, cleo: User) -> None:
    done, case = told(cleo)
    owner = case.pk if destroyed == "casework" else done.visit.person_id
    assert datakeys.destroy(owner, Compartment(destroyed)) == 1
    with datakeys.scope():
        read = {
            "identity": lambda: HelpRequest.objects.get(pk=done.request.pk).identity,
            "story": lambda: HelpRequest.objects.get(pk=done.request.pk).own_words,
            "conversation": lambda: Message.objects.get(help_request=done.request).text,
            "casework": lambda: Note.objects.get(case=case).text,
        }
        for compartment, opens in read.items():
            if compartment == destroyed:
                with pytest.raises(KeyMissing):
                    opens()
            else:
                assert opens()


def test_the_ids_stand_on_the_list_outside_the_database_only_after_the_commit(
    cleo: User, dana: User, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    case = make_case_in(CaseState.CLOSED, owner=cleo, lead=dana)
    proposal = actions.ask_erasure(case, reason="Asked.", by=dana.actor)
    with django_capture_on_commit_callbacks(execute=True):
        actions.confirm_erasure(proposal, by=dana.actor)
        assert erased.read() == {}
    ids = {case.help_request.person_id, case.help_request_id, case.pk}
    assert set(erased.read()) == ids


def test_an_open_case_is_erased_by_two_people(dana: User) -> None:
    case = make_case()
    proposal = actions.ask_erasure(case, reason="They asked.", by=dana.actor)
    with pytest.raises(NotPossible, match="another lead"):
        actions.confirm_erasure(proposal, by=dana.actor)
    other = make_staff(Role.TRIAGE_LEAD)
    actions.confirm_erasure(proposal, by=other.actor)
    case.refresh_from_db()
    assert case.closed_by == other
    with pytest.raises(NotPossible, match="already decided"):
        actions.confirm_erasure(proposal, by=other.actor)


def test_the_database_itself_refuses_that_one_person_does_both(dana: User) -> None:
    proposal = actions.ask_erasure(make_case(), reason="They asked.", by=dana.actor)
    proposal.confirmed_by, proposal.confirmed_at = dana, timezone.now()
    with pytest.raises(Exception, match="erasure_second_is_another"), transaction.atomic():
        proposal.save()


def test_only_owner_and_lead_ask_and_only_a_lead_confirms(cleo: User, dana: User, eli: User) -> None:
    case = make_case_in(CaseState.IN_REVIEW, owner=cleo, lead=dana)
    for stranger in (eli, make_staff(Role.CASEWORKER), make_staff(Role.ADMINISTRATOR)):
        with pytest.raises(NotAllowed, match="Only"):
            actions.ask_erasure(case, reason="…", by=stranger.actor)
    with pytest.raises(NotPossible, match="why"):
        actions.ask_erasure(case, reason=" ", by=cleo.actor)
    proposal = actions.ask_erasure(case, reason="They asked.", by=cleo.actor)
    with pytest.raises(NotPossible, match="already"):
        actions.ask_erasure(case, reason="Again.", by=dana.actor)
    with pytest.raises(NotAllowed, match="lead"):
        actions.confirm_erasure(proposal, by=eli.actor)
    with pytest.raises(NotAllowed, match="lead"):
        actions.refuse_erasure(proposal, by=eli.actor)
    actions.refuse_erasure(proposal, by=cleo.actor)  # whoever asked takes it back
    assert open_proposal(case) is None
    assert DataKey.objects.filter(subject_id=case.pk).exists()


def test_what_was_erased_cannot_be_brought_back_by_anybody(cleo: User, dana: User) -> None:
    case = make_case_in(CaseState.CLOSED, owner=cleo, lead=dana)
    actions.confirm_erasure(actions.ask_erasure(case, reason="Asked.", by=dana.actor), by=dana.actor)
    with pytest.raises(NotPossible, match="erased"):
        actions.reopen(case, reason="They wrote again.", by=dana.actor)
    with pytest.raises(NotPossible, match="erased"):
        actions.ask_erasure(case, reason="Again.", by=dana.actor)
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        ErasurePlan.objects.filter(case=case).update(erased_on=None)


def test_the_page_can_tell_both_dates() -> None:
    gone = Gone.of(TODAY())
    assert (gone.from_backups - TODAY()).days == 35
    assert (gone.from_stolen_copies - TODAY()).days == 90


def test_the_staff_role_of_the_database_may_do_all_of_it(cleo: User, dana: User, as_staff_role: AsRole) -> None:
    done, case = told(cleo)
    with as_staff_role():
        actions.confirm_erasure(actions.ask_erasure(case, reason="Asked.", by=cleo.actor), by=dana.actor)
    assert set(left_of(done.request).values()) == {0}


# --- by the clock ---


def run(day: int = 0) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=day)):
        keeping.plan(TODAY())
        list(keeping.shred(TODAY()))


@pytest.mark.parametrize(
    ("reason", "days"),
    [(CloseReason.INFORMED, 90), (CloseReason.UNREACHABLE, 365), (CloseReason.OUT_OF_SCOPE, 365), (CloseReason.HELPED, 730)],
)
def test_a_closed_case_is_shredded_on_its_day_and_not_before(reason: CloseReason, days: int, dana: User) -> None:
    case = make_case()
    actions.close_case(case, close_reason=reason, reason="Done.", by=dana.actor)
    due = ErasurePlan.objects.get(case=case).due_on
    assert abs((due - TODAY()).days - days) <= 1  # a leap year
    run((due - TODAY()).days - 1)
    assert DataKey.objects.filter(subject_id=case.pk).exists()
    run((due - TODAY()).days)
    assert not DataKey.objects.filter(subject_id__in=[case.pk, case.help_request.person_id]).exists()
    event = AuditEvent.objects.get(verb="cases.erased")
    assert (event.case_id, event.actor_kind, event.detail) == (case.pk, ActorKind.SYSTEM, {"cause": "retention"})


def test_a_second_run_finds_nothing_to_do(dana: User) -> None:
    actions.close_case(make_case(), close_reason=CloseReason.INFORMED, reason="Done.", by=dana.actor)
    run(91)
    run(91)
    assert AuditEvent.objects.filter(verb="cases.erased").count() == 1


def test_an_open_case_is_never_due_and_a_reopened_one_no_more(cleo: User, dana: User) -> None:
    case = make_case_in(CaseState.CLOSED, owner=cleo, lead=dana)
    actions.reopen(case, reason="They wrote again.", by=dana.actor)
    run(4000)
    assert DataKey.objects.filter(subject_id=case.pk).exists()
    assert not ErasurePlan.objects.exists()


def test_a_person_with_another_case_that_is_not_due_waits_for_it(dana: User) -> None:
    case, other = make_case(), make_case()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE intake_helprequest SET person_id = %s WHERE id = %s", [case.help_request.person_id, other.help_request_id]
        )
    actions.close_case(case, close_reason=CloseReason.INFORMED, reason="Done.", by=dana.actor)
    run(91)
    assert DataKey.objects.filter(subject_id=case.help_request.person_id).exists()
    other = Case.objects.select_related("help_request").get(pk=other.pk)
    actions.close_case(other, close_reason=CloseReason.INFORMED, reason="Done.", by=dana.actor)
    run(91)
    assert ErasurePlan.objects.filter(erased_on__isnull=False).count() == 2


def test_one_that_fails_does_not_keep_the_others(dana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [make_case() for _ in range(3)]
    for case in cases:
        actions.close_case(case, close_reason=CloseReason.INFORMED, reason="Done.", by=dana.actor)
    forget = finding.forget_person

    def fails_once(person_id: object) -> int:
        if person_id == cases[0].help_request.person_id:
            raise RuntimeError("the index is away")
        return forget(person_id)  # type: ignore[arg-type]

    monkeypatch.setattr(finding, "forget_person", fails_once)
    with pytest.raises(ExceptionGroup, match="could not be shredded"):
        run(91)
    assert ErasurePlan.objects.filter(erased_on__isnull=False).count() == 2
    monkeypatch.undo()


def test_batches_smaller_than_what_is_due_reach_everybody(dana: User) -> None:
    for _ in range(5):
        actions.close_case(make_case(), close_reason=CloseReason.INFORMED, reason="Done.", by=dana.actor)
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        batches = [done for name, done in keeping.shred(TODAY(), batch=2) if name == "cases"]
    assert batches == [2, 2, 1]


def test_cases_closed_before_there_was_a_policy_are_planned_and_an_edited_policy_reckons_anew(dana: User) -> None:
    case = make_case()
    actions.close_case(case, close_reason=CloseReason.INFORMED, reason="Done.", by=dana.actor)
    ErasurePlan.objects.all().delete()
    assert keeping.plan(TODAY())["cases"] == 1
    assert keeping.plan(TODAY())["cases"] == 0
    ErasurePlan.objects.update(policy="2020-1", due_on=TODAY())
    assert keeping.plan(TODAY())["cases"] == 1
    assert ErasurePlan.objects.get().due_on == TODAY() + timedelta(days=90)


# --- putting off ---


def test_a_lead_puts_an_erasure_off_with_the_danger_to_life_on_record(cleo: User, dana: User) -> None:
    case = make_case_in(CaseState.IN_REVIEW, owner=cleo, lead=dana)
    with pytest.raises(NotPossible, match="No erasure"):
        actions.postpone_erasure(case, until=TODAY() + timedelta(days=9), reason="Threat.", by=dana.actor)
    actions.close_case(case, close_reason=CloseReason.INFORMED, reason="Done.", by=dana.actor)
    until = TODAY() + timedelta(days=120)
    with pytest.raises(NotAllowed, match="lead"):
        actions.postpone_erasure(case, until=until, reason="Threat.", by=cleo.actor)
    with pytest.raises(NotPossible, match="danger to life"):
        actions.postpone_erasure(case, until=until, reason=" ", by=dana.actor)
    with pytest.raises(NotPossible, match="after the one"):
        actions.postpone_erasure(case, until=TODAY() + timedelta(days=90), reason="Threat.", by=dana.actor)
    with pytest.raises(NotPossible, match="At most"):
        actions.postpone_erasure(case, until=TODAY() + timedelta(days=900), reason="Threat.", by=dana.actor)
    actions.postpone_erasure(case, until=until, reason="A brother is looking for them.", by=dana.actor)
    plan = ErasurePlan.objects.get(case=case)
    assert (plan.due_on, plan.why) == (until, ErasureWhy.POSTPONED)
    assert Postponement.objects.get().reason == "A brother is looking for them."
    assert AuditEvent.objects.filter(verb="cases.erasure_postponed", actor_id=dana.pk).count() == 1
    run(100)
    assert DataKey.objects.filter(subject_id=case.pk).exists()
    run(121)
    assert not DataKey.objects.filter(subject_id=case.pk).exists()


# --- the person's own wish ---


def wish(done: Sent) -> None:
    with datakeys.scope():
        ask_to_delete(done.visit)


def test_a_wish_stops_contact_shuts_the_case_and_shreds_it_after_seven_days(cleo: User, dana: User, eli: User) -> None:
    done, case = told(cleo)
    manager = make_staff(Role.MANAGER)
    assert Case.objects.visible_to(manager).filter(pk=case.pk).exists()
    wish(done)
    assert drain(subject_id=done.visit.person_id) >= 1
    case.refresh_from_db()
    assert (case.state, case.close_reason, case.closed_by) == (CaseState.CLOSED, CloseReason.DELETION, None)
    assert ContactStop.objects.filter(help_request=done.request, lifted_on=None).exists()
    assert not Message.objects.filter(help_request=done.request).exists()
    assert not DataKey.objects.filter(subject_id=done.visit.person_id, compartment="conversation").exists()
    for person, sees in [(cleo, True), (dana, True), (manager, False), (eli, False), (make_staff(Role.CASEWORKER), False)]:
        assert Case.objects.visible_to(person).filter(pk=case.pk).exists() is sees, person
    assert ErasurePlan.objects.get(case=case).due_on == TODAY() + timedelta(days=7)
    with pytest.raises(NotPossible, match="asked us to delete"):
        actions.reopen(case, reason="Mistake?", by=dana.actor)
    with pytest.raises(NotPossible, match="nobody contacts"):
        actions.resume_contact(case, reason="Mistake?", by=dana.actor)
    run(6)
    assert DataKey.objects.filter(subject_id=case.pk).exists()
    run(7)
    assert set(left_of(done.request).values()) == {0}


def test_a_wish_about_a_closed_case_brings_its_day_forward(cleo: User, dana: User) -> None:
    done, case = told(cleo)
    actions.close_case(case, close_reason=CloseReason.HELPED, reason="Safe.", by=dana.actor)
    wish(done)
    drain(subject_id=done.visit.person_id)
    case.refresh_from_db()
    plan = ErasurePlan.objects.get(case=case)
    assert (case.close_reason, plan.why, plan.due_on) == (CloseReason.HELPED, ErasureWhy.WISH, TODAY() + timedelta(days=7))
    assert not Case.objects.visible_to(make_staff(Role.MANAGER)).filter(pk=case.pk).exists()


def test_a_wish_does_not_overtake_a_danger_to_life_that_was_recorded(cleo: User, dana: User) -> None:
    done, case = told(cleo)
    actions.close_case(case, close_reason=CloseReason.INFORMED, reason="Done.", by=dana.actor)
    until = TODAY() + timedelta(days=120)
    actions.postpone_erasure(case, until=until, reason="A brother is looking for them.", by=dana.actor)
    wish(done)
    drain(subject_id=done.visit.person_id)
    assert ErasurePlan.objects.get(case=case).due_on == until


# --- after a restore ---


def test_whoever_was_erased_since_the_backup_is_erased_again(cleo: User) -> None:
    done, case = told(cleo)
    ids = [done.visit.person_id, case.help_request_id, case.pk]
    counts = erased.replay(ids)
    assert counts["cases"] == 1
    assert set(left_of(done.request).values()) == {0}
    case.refresh_from_db()
    assert (case.state, ErasurePlan.objects.get(case=case).erased_on) == (CaseState.CLOSED, TODAY())
    assert erased.replay(ids)["cases"] == 0


def test_what_else_spoke_of_the_person_on_pages_of_others_is_gone(cleo: User, dana: User) -> None:
    one, two = sorted([make_case(EMERGENCY), make_case(EMERGENCY)], key=lambda case: case.pk)
    PossibleDuplicate.objects.create(case=one, other=two, reasons=["name"])
    actions.close_case(one, close_reason=CloseReason.DUPLICATE, reason="Twice.", by=dana.actor)
    actions.confirm_erasure(actions.ask_erasure(one, reason="Asked.", by=dana.actor), by=dana.actor)
    assert not PossibleDuplicate.objects.exists()


def test_everybody_else_still_sees_what_they_saw(cleo: User, dana: User, eli: User) -> None:
    """Those without a plan, without an owner, or with another reason are hidden from nobody by the rule about wishes."""
    unclaimed, closed = make_case(), make_case_in(CaseState.CLOSED, owner=cleo, lead=dana)
    referred = make_case_in(CaseState.REFERRED, owner=cleo, lead=dana)
    manager = make_staff(Role.MANAGER)
    assert set(Case.objects.visible_to(manager)) == {unclaimed, closed, referred}
    assert set(Case.objects.visible_to(eli)) == {closed, referred}
