"""Looking for cases of one person, and judging what was found. Nothing is merged: two cases stay two."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.audit_verbs import CaseVerb
from cases.models import Case, PossibleDuplicate
from cases.permissions import check_work_on, person
from cases.states import SameReason, Verdict
from intake import finding
from intake.finding import Known
from intake.likeness import names
from intake.models import HelpRequest
from rainbowrail.actors import SYSTEM, Actor
from rainbowrail.audit.record import record
from rainbowrail.crypto import datakeys
from rainbowrail.errors import NotPossible

# How many people are opened for one comparison. The index puts those first who share most.
MOST_OPENED = 60
# From here on two names sound alike; a single word has to be nearer, and to come with more that is the same.
ALIKE = 0.8
SINGLE_WORD_ALIKE = 0.9
CIRCUMSTANCES = ("nationality", "current_country", "age_band")
VERBS = {Verdict.SAME: CaseVerb.SAME_PERSON, Verdict.DIFFERENT: CaseVerb.NOT_THE_SAME}


def compare(case: Case) -> int:
    """Look for cases that may be the same person's, and keep each pair once. Returns how many new pairs were found.

    Opens IDENTITY and STORY of this person and of at most MOST_OPENED others whom the index proposes; the trail says how
    many. Safe to run twice. Raises KeyNotHeld, and what opening raises.
    """
    here = case.help_request.person_id
    with transaction.atomic(), datakeys.scope():
        Case.objects.filter(pk=case.pk).update(is_compared=True)
        mine = finding.requests_of([here])
        if not mine:
            return 0
        known = finding.known_of(mine)[here]
        proposed = [row.person_id for row in finding.candidates(known, most=MOST_OPENED + 1) if row.person_id != here]
        others = finding.requests_of(proposed[:MOST_OPENED])
        found = {
            person_id: reasons
            for person_id, other in finding.known_of(others).items()
            if (reasons := reasons_for(known, mine[here], other, others[person_id]))
        }
        record(CaseVerb.COMPARED, by=SYSTEM, on=case, case_id=case.pk, detail={"count": len(others)})
        return _keep(case, found) if found else 0


def reasons_for(known: Known, mine: Iterable[HelpRequest], other: Known, theirs: Iterable[HelpRequest]) -> list[SameReason]:
    """Return why two people may be one, strongest first; empty when nothing but chance brought them together.

    A partner's code is no reason: it says who sent both. Opens STORY.
    """
    reasons = []
    if known.emails & other.emails:
        reasons.append(SameReason.EMAIL)
    if known.phones & other.phones:
        reasons.append(SameReason.PHONE)
    if known.documents & other.documents:
        reasons.append(SameReason.DOCUMENT)
    shared = {key for key in CIRCUMSTANCES if _stated(mine, key) & _stated(theirs, key)}
    if "nationality" in shared:
        pairs = [(one, two) for one in known.names for two in other.names]
        if any(_is_alike(one, two) for one, two in pairs):
            reasons.append(SameReason.NAME)
        elif len(shared) == len(CIRCUMSTANCES) and any(names.likeness(one, two) >= SINGLE_WORD_ALIKE for one, two in pairs):
            reasons.append(SameReason.CIRCUMSTANCES)
    return reasons


def judge(pair: PossibleDuplicate, *, on: Case, verdict: Verdict, by: Actor) -> None:
    """Say whether two cases are one person's; a later judgement replaces an earlier one, and the trail keeps both.

    Raises NotAllowed for who may not work on the case from whose page it is judged, NotPossible for a verdict that is none.
    """
    check_work_on(by, on)
    if verdict not in VERBS:
        raise NotPossible(_("Say that they are the same person, or that they are not."))
    with transaction.atomic():
        locked = PossibleDuplicate.objects.select_for_update().get(pk=pair.pk)
        locked.verdict, locked.judged_by_id, locked.judged_at = verdict, person(by), timezone.now()
        locked.save(update_fields=["verdict", "judged_by", "judged_at"])
        for case_id in (locked.case_id, locked.other_id):
            record(VERBS[verdict], by=by, on=locked, case_id=case_id)


def compare_again(person_id: UUID) -> None:
    """Let the sweep compare the cases of a person whose names or contacts changed."""
    Case.objects.filter(help_request__person_id=person_id).update(is_compared=False)


def _is_alike(one: str, two: str) -> bool:
    """Whether two names of at least two words each sound alike: single words are shared by far too many people."""
    return min(len(names.words_of(one)), len(names.words_of(two))) > 1 and names.likeness(one, two) >= ALIKE


def _stated(requests: Iterable[HelpRequest], key: str) -> set[str]:
    return {str(value) for request in requests if (value := (request.answers or {}).get(key))}


def _keep(case: Case, found: dict[UUID, list[SameReason]]) -> int:
    kept = 0
    for other in Case.objects.filter(help_request__person_id__in=_people(found)).select_related("help_request").order_by("id"):
        first, second = sorted((case, other), key=lambda one: one.pk)
        reasons = [reason.value for reason in found[other.help_request.person_id]]
        if PossibleDuplicate.objects.filter(case=first, other=second).exists():
            continue
        # Two workers may compare the two cases at the same moment: the constraint lets one of them in.
        new = PossibleDuplicate(case=first, other=second, reasons=reasons)
        PossibleDuplicate.objects.bulk_create([new], ignore_conflicts=True)
        for one in (first, second):
            record(CaseVerb.MAY_BE_SAME, by=SYSTEM, on=new, case_id=one.pk)
        kept += 1
    return kept


def _people(found: dict[UUID, list[SameReason]]) -> Collection[UUID]:
    return list(found)
