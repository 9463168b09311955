"""What runs later: an id in, an action called, safe to run twice."""

from uuid import UUID

from celery import shared_task

from cases import actions
from cases.models import Case
from intake.models import HelpRequest

# A sweep takes what one minute can carry; the next sweep takes the rest.
SWEEP_LIMIT = 500


@shared_task(name="cases.open_missed")
def open_missed() -> int:
    """Open a case for every help request that was drained without one. Returns how many were opened."""
    missed = HelpRequest.objects.filter(case=None).order_by("received_hour", "id")[:SWEEP_LIMIT]
    for help_request in missed:
        actions.open_case(help_request)
    return len(missed)


@shared_task(name="cases.rescore")
def rescore(case_id: str) -> None:
    """Score one case again by the policy in force; a case that is gone or closed is left alone."""
    case = Case.objects.waiting().filter(pk=UUID(case_id)).first()
    if case is not None:
        actions.rescore(case)
