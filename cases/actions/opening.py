"""A request has been drained: a case opens, scored, at its place in the queue."""

import uuid
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from cases import covering
from cases.actions.planning import due_at_from
from cases.actions.scoring import policy_row, policy_says
from cases.actions.telling import tell_leads_of_emergency
from cases.audit_verbs import CaseVerb
from cases.models import Case, NamedPlaces, UrgencyScore
from cases.states import NextStep
from cases.urgency.bands import Band
from intake.models import HelpRequest
from rainbowrail.actors import APPLICANT, Actor
from rainbowrail.audit.record import record
from rainbowrail.crypto import datakeys
from rainbowrail.crypto.compartments import Compartment


def open_case(help_request: HelpRequest, *, by: Actor = APPLICANT) -> Case:
    """Open the case of a help request, or return the one it has: at most one, however often this runs.

    Opens STORY to score it, and IDENTITY to note where the texts say who it is. The trail names the applicant, and thereby
    keeps the hour only: the time of the drain must not tell when somebody was at a keyboard. Raises BadFacts when the stored
    answers are outside what the policy knows; the drain then keeps the delivery aside for a person to look at.
    """
    existing = Case.objects.filter(help_request=help_request).first()
    if existing is not None:
        return existing
    try:
        with transaction.atomic():
            return _open(help_request, by=by)
    except IntegrityError:
        # Drain and sweep met: the other was first. Anything else is an error of its own.
        existing = Case.objects.filter(help_request=help_request).first()
        if existing is None:
            raise
        return existing


def _open(help_request: HelpRequest, *, by: Actor) -> Case:
    today = timezone.localdate()
    urgency = policy_says(help_request, today=today)
    case = Case(
        id=uuid.uuid4(), help_request=help_request, language=help_request.language, received_at=help_request.received_hour
    )
    case.country = str(help_request.facts(today).get("current_country") or "")
    case.band, case.score = int(urgency.band), urgency.score
    case.due_at = due_at_from(urgency, case, met=set())
    case.next_step, case.next_step_on = NextStep.READ, max(today, case.due_at.date())
    datakeys.create(case.pk, Compartment.CASEWORK)
    scored: UrgencyScore = policy_row(case, urgency, number=1)
    # The two rows name each other; PostgreSQL checks both at the commit.
    case.latest_score_id = scored.pk
    case.save(force_insert=True)
    scored.save(force_insert=True)
    NamedPlaces.objects.create(case=case, places=_where_named(help_request))
    record(CaseVerb.OPENED, by=by, on=case, case_id=case.pk, detail={"band": urgency.band.name})
    if urgency.band is Band.EMERGENCY:
        tell_leads_of_emergency()
    return case


def note_names(case_id: UUID) -> bool:
    """Note where the texts of a case from before there were such rows say who it is. False when there is nothing to note any
    more. Safe to run twice. Opens IDENTITY and STORY."""
    with transaction.atomic():
        # Under the lock: a case that is being erased ends its keys under it, and two sweeps may meet.
        case = Case.objects.without_named_places().select_for_update(of=("self",)).filter(pk=case_id).first()
        if case is None or NamedPlaces.objects.filter(case=case_id).exists():
            return False
        NamedPlaces.objects.create(case=case, places=_where_named(case.help_request))
    return True


def _where_named(help_request: HelpRequest) -> dict[str, covering.Places]:
    """Return where each text that a card shows says who the person is, or how they are reached. Opens IDENTITY and STORY."""
    others = [str(member.identity.get("called") or "") for member in help_request.household.arrived()]
    known = covering.names_in(help_request.identity or {}, others)
    return covering.all_places({**(help_request.answers or {}), "own_words": help_request.own_words}, known)
