"""How soon: the policy again, and the words of people. A person lowers, the policy only raises (domain.md, "In force")."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions.planning import due_at_from, due_with, lock
from cases.actions.scoring import next_number, person_row, policy_row, policy_says, result_of
from cases.actions.telling import tell_leads_of_emergency
from cases.audit_verbs import CaseVerb
from cases.models import Case, UrgencyScore
from cases.permissions import check_lower_urgency, check_raise_urgency
from cases.states import CaseState
from cases.urgency.bands import Band, in_force
from rainbowrail.actors import SYSTEM, Actor
from rainbowrail.audit.record import record
from rainbowrail.errors import NotAllowed, NotPossible


def rescore(case: Case, *, by: Actor = SYSTEM) -> Case:
    """Ask the policy again, as of today. The band in force may rise and never falls; a new row is kept when the word is new.

    Opens STORY and CASEWORK. A closed case is left as it is. Safe to run twice.
    """
    today = timezone.localdate()
    with transaction.atomic():
        locked = lock(case)
        if not locked.is_open:
            return locked
        urgency = policy_says(locked.help_request, today=today)
        before = locked.latest_score
        result = result_of(urgency)
        if before is None or before.result != result:
            row = policy_row(locked, urgency, number=next_number(locked))
            row.save(force_insert=True)
            locked.latest_score = row
        held = Band(locked.band)
        locked.band = int(held if _is_answered_by_a_person(locked, result) else in_force(held, urgency.band))
        locked.score = urgency.score
        locked.due_at = due_at_from(urgency, locked, met=locked.met_clocks)
        locked.save(update_fields=["latest_score", "band", "score", "due_at"])
        if locked.band != held:
            record(
                CaseVerb.SCORED,
                by=by,
                on=locked,
                case_id=locked.pk,
                detail={"from_band": held.name, "to_band": Band(locked.band).name},
            )
            _alarm(locked)
    return locked


def set_urgency(case: Case, *, band: Band, reason: str, by: Actor) -> UrgencyScore:
    """Keep a person's word on how soon. Returns the row; `in_force_at` is None when it waits for a second person.

    Raising counts at once. Lowering counts at once, but from EMERGENCY, which one person alone never lowers: it becomes a
    proposal. Raises NotPossible without a reason, for the band that the case has, on a closed case, or while a proposal
    waits.
    """
    if not reason.strip():
        raise NotPossible(_("Say why: the urgency is never changed without a reason."))
    with transaction.atomic():
        locked = lock(case)
        held, band = Band(locked.band), Band(band)
        (check_lower_urgency if band > held else check_raise_urgency)(by, locked)
        _check_can_change(locked, band)
        needs_second = held is Band.EMERGENCY
        word = person_row(
            locked,
            band=int(band),
            reason=reason,
            staff_id=by.staff_id,
            rests_on=_policy_word(locked),
            in_force=not needs_second,
        )
        word.save(force_insert=True)
        verb = CaseVerb.URGENCY_PROPOSED if needs_second else CaseVerb.URGENCY_SET
        record(verb, by=by, on=word, case_id=locked.pk, detail={"from_band": held.name, "to_band": band.name})
        if not needs_second:
            _put_in_force(case, locked, band)
    return word


def confirm_urgency(proposal: UrgencyScore, *, by: Actor) -> UrgencyScore:
    """Be the second person: the lower band is in force.

    Raises NotAllowed for whoever proposed it, NotPossible when it is decided.
    """
    with transaction.atomic():
        case = lock(proposal.case)
        word = _still_open(proposal)
        check_lower_urgency(by, case)
        if word.by_id == by.staff_id:
            raise NotAllowed(_("You proposed this. An EMERGENCY is lowered by two people, so another lead must confirm it."))
        if not case.is_open:
            raise NotPossible(_("This case is closed. Its urgency no longer counts."))
        word.seconded_by_id, word.in_force_at = by.staff_id, timezone.now()
        word.save(update_fields=["seconded_by", "in_force_at"])
        detail = {"from_band": Band(case.band).name, "to_band": Band(word.band).name}
        record(CaseVerb.URGENCY_CONFIRMED, by=by, on=word, case_id=case.pk, detail=detail)
        _put_in_force(proposal.case, case, Band(word.band))
    return word


def refuse_urgency(proposal: UrgencyScore, *, by: Actor) -> UrgencyScore:
    """Decide that the case stays as it is; whoever proposed may take it back in the same way."""
    with transaction.atomic():
        case = lock(proposal.case)
        word = _still_open(proposal)
        check_lower_urgency(by, case)
        word.refused_at = timezone.now()
        word.save(update_fields=["refused_at"])
        record(CaseVerb.URGENCY_REFUSED, by=by, on=word, case_id=case.pk)
    return word


def _check_can_change(case: Case, band: Band) -> None:
    if not case.is_open:
        raise NotPossible(_("This case is closed. Its urgency no longer counts."))
    if band == case.band:
        raise NotPossible(_("The case has this urgency already."))
    if UrgencyScore.objects.open_proposals().filter(case=case).exists():
        raise NotPossible(_("There is a proposal already; it waits for a second person. Confirm or refuse it first."))


def _still_open(proposal: UrgencyScore) -> UrgencyScore:
    word = UrgencyScore.objects.open_proposals().filter(pk=proposal.pk).first()
    if word is None:
        raise NotPossible(_("Somebody has already decided about this proposal."))
    return word


def _policy_word(case: Case) -> UrgencyScore:
    if case.latest_score is None:
        raise NotPossible(_("The policy has not scored this case yet. Wait a minute and try again."))
    return case.latest_score


def _put_in_force(shown: Case, locked: Case, band: Band) -> None:
    locked.band = shown.band = int(band)
    locked.due_at = shown.due_at = due_with(locked, met=locked.met_clocks)
    locked.save(update_fields=["band", "due_at"])
    _alarm(locked)


def _alarm(case: Case) -> None:
    if case.band == Band.EMERGENCY and case.state == CaseState.RECEIVED:
        tell_leads_of_emergency()


def _is_answered_by_a_person(case: Case, word: Mapping[str, Any]) -> bool:
    """Whether people have lowered the case knowing all that the policy says now: then it does not rise again by the same
    reasons.

    Without this a lowered band would last until the next rescoring. Anything new — a gate, a floor, more points — ends it
    (docs/decisions/0052).
    """
    person = UrgencyScore.objects.by_people().in_force().filter(case=case).latest_first().select_related("rests_on").first()
    if person is None or person.rests_on is None or person.band <= person.rests_on.band:
        return False
    known = person.rests_on.result
    return (
        set(word["gates"]) <= set(known["gates"])
        and set(word["floors"]) <= set(known["floors"])
        and word["score"] <= known["score"]
    )
