"""Caring for who reads: marks of what is hard, the line that says somebody opened it, and handing a reading to a colleague."""

from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import permissions
from cases.actions.planning import lock
from cases.audit_verbs import CaseVerb
from cases.care import Kind
from cases.models import Case, HardMark, Note, Restriction, SecondReading
from cases.notifications import READING_PASSED
from cases.permissions import person
from cases.states import ErasureWhy, ReadingEnd
from intake.models import Answer, Evidence
from rainbowrail.accounts.models import User
from rainbowrail.accounts.notices import to_person
from rainbowrail.actors import Actor
from rainbowrail.audit.record import record
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.notifications import outbox
from rainbowrail.roles import Role

# Who reads accounts anyway; an intake volunteer, a manager or an auditor never becomes a second reader.
SECOND_READERS = frozenset({Role.CASEWORKER, Role.TRIAGE_LEAD})


def note_hard_opened(thing: models.Model, *, case: Case, kind: Kind, by: Actor) -> None:
    """Put on record that somebody opened what is hard to read: their own count is made of these lines."""
    record(CaseVerb.HARD_OPENED, by=by, on=thing, case_id=case.pk, detail={"kind": kind.value})


def mark_hard(case: Case, thing_id: UUID, *, is_hard: bool, by: Actor) -> None:
    """Warn the next reader of a text or file of this case, or take the warning away. Safe to do twice.

    The caller has asked whether `by` may see the contents. Raises NotPossible for a thing that is not in this case.
    """
    if thing_id != case.help_request_id:
        answers = Answer.objects.filter(help_request_id=case.help_request_id, pk=thing_id)
        if Evidence.objects.filter(help_request_id=case.help_request_id, pk=thing_id).exists():
            permissions.check_open_files(by, case)
        elif not answers.exists():
            raise NotPossible(_("There is no such text or file in this case."))
    with transaction.atomic():
        if is_hard:
            mark, is_new = HardMark.objects.get_or_create(case=case, thing_id=thing_id, defaults={"set_by_id": person(by)})
            if is_new:
                record(CaseVerb.MARKED_HARD, by=by, on=mark, case_id=case.pk)
        elif mark_of := HardMark.objects.filter(case=case, thing_id=thing_id).first():
            record(CaseVerb.UNMARKED_HARD, by=by, on=mark_of, case_id=case.pk)
            mark_of.delete()


# --- second readers ---


def second_readers_for(case: Case, *, by: Actor) -> "models.QuerySet[User]":
    """Return the colleagues who may read in the place of `by`: readers by role, and nobody from whom the case is hidden."""
    hidden = Restriction.objects.filter(case=case, lifted_at=None).values("person")
    readers = User.objects.filter(is_active=True, roles__overlap=[str(role) for role in _second_readers_of(case.pk)])
    return readers.exclude(pk__in=hidden).exclude(pk=person(by)).order_by("name", "id")


def may_read_for_another(reading: SecondReading, *, by: Actor) -> bool:
    """Whether this reading is with this person, who is still a reader, and the case is not hidden from them meanwhile."""
    hidden = Restriction.objects.filter(case=reading.case_id, person=by.staff_id, lifted_at=None)
    return reading.passed_to_id == by.staff_id and bool(by.roles & _second_readers_of(reading.case_id)) and not hidden.exists()


def _second_readers_of(case_id: UUID) -> frozenset[Role]:
    """Whoever asked us to delete everything is read by the owner and the leads alone."""
    is_shut = Case.objects.filter(pk=case_id, erasure__why=ErasureWhy.WISH).exists()
    return frozenset({Role.TRIAGE_LEAD}) if is_shut else SECOND_READERS


def check_pass_on(case: Case, *, by: Actor, is_file: bool) -> None:
    """Raise NotAllowed for whoever may not read it themself: nobody hands on what is closed to them."""
    (permissions.check_open_files if is_file else permissions.check_work_on)(by, case)


def pass_on(case: Case, *, to: User, by: Actor, file_id: UUID | None = None) -> SecondReading:
    """Hand the reading of the account, or of one file, to a colleague; the case stays whose it is.

    Raises NotAllowed for whoever may not read it themself, NotPossible for a colleague who may not, or when somebody has it
    already.
    """
    check_pass_on(case, by=by, is_file=file_id is not None)
    if not second_readers_for(case, by=by).filter(pk=to.pk).exists():
        raise NotPossible(_("This colleague cannot read it. Choose another one."))
    try:
        with transaction.atomic():
            lock(case)
            reading = SecondReading.objects.create(case=case, file_id=file_id, passed_by_id=person(by), passed_to=to)
            record(CaseVerb.READING_PASSED, by=by, on=reading, case_id=case.pk, detail={"person": to.pk})
            outbox.queue(READING_PASSED, to_person(to.pk))
    except IntegrityError:
        raise NotPossible(_("Somebody is reading it for you already. Take it back first.")) from None
    return reading


def take_reading(reading: SecondReading, *, by: Actor) -> None:
    """Say that one reads it now. Safe to do twice."""
    with transaction.atomic():
        locked = _mine(reading, by=by)
        if locked.taken_at is None:
            locked.taken_at = timezone.now()
            locked.save(update_fields=["taken_at"])
            record(CaseVerb.READING_TAKEN, by=by, on=locked, case_id=locked.case_id)


def finish_reading(reading: SecondReading, *, found: str, by: Actor) -> None:
    """Write down what the others must know of it, as a note of the case, and end the reading."""
    if not found.strip():
        raise NotPossible(_("Write what your colleague needs to know, or give it back unread."))
    with transaction.atomic():
        locked = _mine(reading, by=by)
        if locked.taken_at is None:
            raise NotPossible(_("Take it first."))
        note = Note.objects.create(case_id=locked.case_id, author_id=person(by), text=found)
        record(CaseVerb.NOTE_WRITTEN, by=by, on=note, case_id=locked.case_id)
        _end(locked, ReadingEnd.READ, CaseVerb.READING_DONE, by=by)


def give_back(reading: SecondReading, *, by: Actor) -> None:
    """Give it back unread: nobody says why."""
    with transaction.atomic():
        _end(_mine(reading, by=by), ReadingEnd.GIVEN_BACK, CaseVerb.READING_GIVEN_BACK, by=by)


def take_back(reading: SecondReading, *, by: Actor) -> None:
    """Take it back from the colleague. Raises NotAllowed for all but who passed it, the case's owner and the leads."""
    with transaction.atomic():
        locked = _open(reading)
        if locked.passed_by_id != by.staff_id:
            permissions.check_work_on(by, locked.case)
        _end(locked, ReadingEnd.TAKEN_BACK, CaseVerb.READING_TAKEN_BACK, by=by)


def _open(reading: SecondReading) -> SecondReading:
    locked = SecondReading.objects.select_for_update(of=("self",)).select_related("case").filter(pk=reading.pk).first()
    if locked is None or locked.ended_at is not None:
        raise NotPossible(_("This reading is over."))
    return locked


def _mine(reading: SecondReading, *, by: Actor) -> SecondReading:
    locked = _open(reading)
    if not may_read_for_another(locked, by=by):
        raise NotAllowed(_("This was passed to somebody else."))
    return locked


def _end(reading: SecondReading, end: ReadingEnd, verb: CaseVerb, *, by: Actor) -> None:
    reading.end, reading.ended_at = end, timezone.now()
    reading.save(update_fields=["end", "ended_at"])
    record(verb, by=by, on=reading, case_id=reading.case_id)
