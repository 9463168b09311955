"""Requests that look as if no person had written them: set aside for a person to say, never refused (docs/decisions/0093)."""

from collections.abc import Collection, Iterable
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions.moving import close_case
from cases.audit_verbs import CaseVerb
from cases.models import Case, Suspicion, TextPrint
from cases.permissions import check_confirm_suspicion, check_release_suspicion, person
from cases.states import CaseState, CloseReason, Looked
from cases.urgency.bands import Band
from intake.marks import Mark
from intake.models import HelpRequest
from rainbowrail.actors import SYSTEM, Actor
from rainbowrail.audit.record import record
from rainbowrail.crypto import blind_index
from rainbowrail.errors import NotPossible

# How long a text is remembered, and from how many letters on: "please help me" is written by many.
REMEMBERED_DAYS = 14
SHORTEST_TEXT = 120


def look_twice(help_request: HelpRequest, marks: Iterable[Mark], *, compare: bool) -> Suspicion | None:
    """Set the case of a new request aside when there is a mark; return what was kept. `compare`: also ask whether nearly the
    same words came before, and remember these.

    Opens STORY. Safe to run twice. Raises KeyNotHeld in a process without the index key.
    """
    case = Case.objects.filter(help_request=help_request).first()
    if case is None or Suspicion.objects.filter(case=case).exists():
        return None
    found = set(marks)
    if compare and came_before(help_request.own_words):
        found.add(Mark.ALIKE)
    if not found:
        return None
    suspicion = Suspicion.objects.create(case=case, marks=sorted(found))
    record(CaseVerb.SET_ASIDE, by=SYSTEM, on=suspicion, case_id=case.pk, detail={"count": len(found)})
    return suspicion


def came_before(text: str) -> bool:
    """Whether nearly the same text came in the last days; this one is remembered. False for a short one."""
    if len(text) < SHORTEST_TEXT:
        return False
    key, today = blind_index.newest_key(), timezone.localdate()
    numbers = blind_index.text_numbers(text, key=key)
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, {"key": key, "numbers": numbers, "today": today, "enough": blind_index.TEXT_ENOUGH})
        is_known = cursor.fetchone() is not None
    TextPrint.objects.create(key=key, numbers=numbers, until=today + timedelta(days=REMEMBERED_DAYS))
    return is_known


def forget_texts() -> int:
    """Delete the numbers of texts that are past their days. Returns how many."""
    count, _rows = TextPrint.objects.filter(until__lt=timezone.localdate()).delete()
    return count


def release_suspicion(suspicion: Suspicion, *, by: Actor) -> None:
    """Say that a person wrote it: the case stands in the queue like every other. Its clocks have run all the time."""
    check_release_suspicion(by, suspicion.case)
    _judge(suspicion, Looked.RELEASED, CaseVerb.RELEASED, by=by)


def confirm_suspicion(suspicion: Suspicion, *, by: Actor) -> None:
    """Say that no person in need wrote it: the case is closed, and can be opened again. Raises NotPossible once it is worked
    on."""
    check_confirm_suspicion(by, suspicion.case)
    with transaction.atomic():
        _judge(suspicion, Looked.CONFIRMED, CaseVerb.CONFIRMED_FALSE, by=by)
        case = suspicion.case
        if case.state != CaseState.RECEIVED:
            raise NotPossible(_("Somebody works on this case. Close it there, with a reason."))
        close_case(
            case, close_reason=CloseReason.OUT_OF_SCOPE, reason=_("Set aside, read, and found not to be a request."), by=by
        )


def judge_many(suspicions: Collection[Suspicion], verdict: Looked, *, by: Actor) -> int:
    """Judge several with one press; return how many were. Emergencies are confirmed one by one, on their own page."""
    judged = 0
    for suspicion in suspicions:
        if verdict is Looked.RELEASED:
            release_suspicion(suspicion, by=by)
        elif suspicion.case.band == int(Band.EMERGENCY):
            continue
        else:
            confirm_suspicion(suspicion, by=by)
        judged += 1
    return judged


def _judge(suspicion: Suspicion, verdict: Looked, verb: CaseVerb, *, by: Actor) -> None:
    with transaction.atomic():
        locked = Suspicion.objects.select_for_update().get(pk=suspicion.pk)
        if locked.verdict != Looked.OPEN:
            raise NotPossible(_("Somebody else has judged this meanwhile."))
        locked.verdict, locked.judged_by_id, locked.judged_at = verdict, person(by), timezone.now()
        locked.save(update_fields=["verdict", "judged_by", "judged_at"])
        record(verb, by=by, on=locked, case_id=locked.case_id)


# Rows that share at least `enough` numbers with this text.
_ALIKE = """
SELECT 1 FROM cases_textprint
WHERE key = %(key)s AND until >= %(today)s AND numbers && %(numbers)s::integer[]
  AND cardinality(ARRAY(SELECT unnest(numbers) INTERSECT SELECT unnest(%(numbers)s::integer[]))) >= %(enough)s
LIMIT 1
"""
