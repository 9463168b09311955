"""What people write in a case, and what is written between them and the applicant."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions.planning import due_with, lock, next_step, next_step_in
from cases.audit_verbs import CaseVerb
from cases.models import Assessment, Case, Note
from cases.notifications import ANSWER_CAME
from cases.permissions import check_work_on, person
from cases.states import CaseState, NextStep, Pathway, Verification
from cases.workflow import public_status
from intake import staff_actions
from intake.models import Answer, Message
from intake.states import Audience, MessageKind
from rainbowrail.actors import APPLICANT, Actor
from rainbowrail.audit.record import record
from rainbowrail.errors import NotPossible
from rainbowrail.notifications import outbox


def write_note(case: Case, *, text: str, by: Actor, once: UUID | None = None) -> Note:
    """Keep a sealed note. Notes can be written in a closed case too: what is learned late must not be lost.

    `once` is the mark of the form: the same text of the same person under the same mark is one note, however often it comes.
    """
    check_work_on(by, case)
    if not text.strip():
        raise NotPossible(_("The note is empty. Write something, or leave the page."))
    with transaction.atomic():
        lock(case)  # two copies of one form come one after the other
        if once is not None and (written := Note.objects.filter(pk=once).first()) is not None:
            if (written.case_id, written.author_id) == (case.pk, person(by)) and written.text == text:
                return written
            once = None
        note = Note.objects.create(id=once or uuid4(), case=case, author_id=person(by), text=text)
        record(CaseVerb.NOTE_WRITTEN, by=by, on=note, case_id=case.pk)
    return note


def ask_applicant(case: Case, *, question: str, by: Actor, to: Audience | None = None) -> Message:
    """Put a question to the person, or to who filed for them; the case waits, in whatever stage it is.

    The clocks go on running meanwhile.
    """
    with transaction.atomic():
        locked = _open_and_mine(case, by=by)
        message = staff_actions.ask(locked.help_request_id, question, by=by, to=to)
        _contacted(locked)
        locked.waiting_since = locked.waiting_since or timezone.now()
        _save(case, locked, next_step(NextStep.AWAIT_ANSWER, locked), "waiting_since", "contacted_at", "due_at")
        staff_actions.publish_status(locked.help_request_id, public_status(locked))
        record(CaseVerb.ASKED, by=by, on=message, case_id=case.pk)
    return message


def tell_applicant(case: Case, *, text: str, by: Actor, to: Audience | None = None) -> Message:
    """Leave a message for the person, or for who filed for them, that needs no answer."""
    with transaction.atomic():
        locked = _open_and_mine(case, by=by)
        message = staff_actions.tell(locked.help_request_id, text, by=by, to=to)
        _contacted(locked)
        _save(case, locked, {}, "contacted_at", "due_at")
        record(CaseVerb.TOLD, by=by, on=message, case_id=case.pk)
    return message


def hear_answer(answer: Answer) -> Case | None:
    """Wake the case of an answer: the owner reads it next. A closed case stays closed, but somebody is told.

    Returns None when no case exists yet; the sweep opens it and the answer will be there. The case goes on waiting while
    another question is open.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).filter(help_request_id=answer.help_request_id).first()
        if case is None:
            return None
        if case.is_open:
            if not _still_waits(case):
                case.waiting_since = None
            _save(case, case, next_step(NextStep.READ_ANSWER, case), "waiting_since")
            staff_actions.publish_status(case.help_request_id, public_status(case))
        record(CaseVerb.ANSWERED, by=APPLICANT, on=answer, case_id=case.pk)
        outbox.queue(ANSWER_CAME, case.pk)
    return case


def stop_waiting(case: Case, *, by: Actor) -> None:
    """Go on without the answer. The question stays on the applicant's page, and may still be answered."""
    with transaction.atomic():
        locked = _open_and_mine(case, by=by)
        if locked.waiting_since is None:
            raise NotPossible(_("This case is not waiting for the applicant."))
        locked.waiting_since = None
        _save(case, locked, next_step(NextStep.CHECK, locked), "waiting_since")
        staff_actions.publish_status(locked.help_request_id, public_status(locked))
        record(CaseVerb.STOPPED_WAITING, by=by, on=locked, case_id=case.pk)


def assess(case: Case, *, verification: Verification, pathways: Sequence[Pathway], summary: str, by: Actor) -> Assessment:
    """Keep what was found: how sure we are, what could be done, and why. It never touches the urgency."""
    with transaction.atomic():
        _open_and_mine(case, by=by)
        finding = {
            "verification": Verification(verification).value,
            "pathways": [Pathway(pathway).value for pathway in pathways],
        }
        assessment = Assessment.objects.create(case=case, author_id=person(by), finding=finding, summary=summary)
        record(CaseVerb.ASSESSED, by=by, on=assessment, case_id=case.pk)
    return assessment


def set_next_step(case: Case, *, step: NextStep, on: date, by: Actor) -> None:
    """Say what comes next and by which day.

    Raises NotPossible for a day that is over: a plan in the past is a plan forgotten.
    """
    if on < timezone.localdate():
        raise NotPossible(_("That day is over. Choose today or a later day."))
    with transaction.atomic():
        locked = _open_and_mine(case, by=by)
        _save(case, locked, {"next_step": NextStep(step), "next_step_on": on})
        record(CaseVerb.NEXT_STEP, by=by, on=locked, case_id=case.pk, detail={"step": NextStep(step).value})


def hear_own_consent(case_id: UUID) -> None:
    """The person has allowed something themself: what waited for that goes on as its stage says. Safe to do twice."""
    with transaction.atomic():
        locked = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
        if locked.next_step == NextStep.OWN_CONSENT:
            _save(locked, locked, next_step_in(CaseState(locked.state), locked, today=timezone.localdate()))


def _open_and_mine(case: Case, *, by: Actor) -> Case:
    """Return the case locked, after asking whether `by` may work on it and whether it is open."""
    locked = lock(case)
    check_work_on(by, locked)
    if not locked.is_open:
        raise NotPossible(_("This case is closed. Reopen it first."))
    return locked


def _contacted(case: Case) -> None:
    """A message to the person is a try of the safe contact: that clock of the band is met."""
    if case.contacted_at is None:
        case.contacted_at = timezone.now()
        case.due_at = due_with(case, met=case.met_clocks)


def _still_waits(case: Case) -> bool:
    """Whether a question that was put since the waiting began has no answer; older ones we went on without do not count."""
    if case.waiting_since is None:
        return False
    asked = Message.objects.filter(help_request_id=case.help_request_id, kind=MessageKind.QUESTION, answered_on=None)
    return asked.filter(sent_on__gte=timezone.localdate(case.waiting_since)).exists()


def _save(shown: Case, locked: Case, changes: dict[str, Any], *names: str) -> None:
    """Write `changes` and the named columns of the locked row, and bring the caller's copy up to date."""
    for name, value in changes.items():
        setattr(locked, name, value)
    written = [*names, *changes]
    locked.save(update_fields=written)
    for name in written:
        setattr(shown, name, getattr(locked, name))
