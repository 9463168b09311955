"""Asks the policy, and keeps its word: the row that a score becomes."""

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cases.models import Case, UrgencyScore
from cases.states import ScoredBy
from cases.urgency import explain
from cases.urgency.facts import UrgencyFacts
from cases.urgency.score import Urgency, score
from intake.models import HelpRequest
from intake.models.hours import this_hour


def policy_says(help_request: HelpRequest, *, today: date) -> Urgency:
    """Score what the person stated, as of `today`. Opens STORY.

    Raises BadFacts for stored answers that the policy cannot read.
    """
    return score(UrgencyFacts.from_answers(help_request.facts(today)), today=today)


def result_of(urgency: Urgency) -> dict[str, Any]:
    """Return what is kept of a score: what `manage.py score` prints, in English, and `words`: its sentences by language.

    The sentences are kept, not made again when somebody looks, because what the policy said on that day is part of the case.
    """
    with translation.override("en"):
        kept = urgency.as_json()
    kept["words"] = {}
    for language in settings.STAFF_LANGUAGES:  # only staff read them
        with translation.override(language):
            kept["words"][language] = _sentences(urgency)
    return kept


def _sentences(urgency: Urgency) -> dict[str, Any]:
    return {
        "gates": [_(rule.says) for rule in urgency.fired_gates],
        "floors": [_(rule.says) for rule in urgency.fired_floors],
        "reasons": explain.reasons(urgency),
        "questions": explain.questions(urgency),
        "factors": {name: _(one.factor.name) for name, one in urgency.factors.items()},
    }


def policy_row(case: Case, urgency: Urgency, *, number: int) -> UrgencyScore:
    """Return the row that keeps this word of the policy; saving it is the caller's."""
    return UrgencyScore(
        id=uuid.uuid4(),
        case=case,
        number=number,
        scored_by=ScoredBy.POLICY,
        band=int(urgency.band),
        score=urgency.score,
        policy_version=urgency.policy_version,
        countries_as_of=urgency.countries_as_of,
        result=result_of(urgency),
        scored_at=this_hour(),
        in_force_at=this_hour(),
    )


def person_row(
    case: Case, *, band: int, reason: str, staff_id: int | None, rests_on: UrgencyScore, in_force: bool
) -> UrgencyScore:
    """Return the row that keeps a person's word beside the policy's; saving it is the caller's."""
    return UrgencyScore(
        id=uuid.uuid4(),
        case=case,
        number=next_number(case),
        scored_by=ScoredBy.PERSON,
        band=band,
        score=rests_on.score,
        policy_version=rests_on.policy_version,
        countries_as_of=rests_on.countries_as_of,
        result={"reason": reason},
        scored_at=this_hour(),
        rests_on=rests_on,
        by_id=staff_id,
        in_force_at=timezone.now() if in_force else None,
    )


def next_number(case: Case) -> int:
    """Return the next number among the words of a case; its row must be locked."""
    last = UrgencyScore.objects.filter(case=case).order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1
