"""What runs later: an id in, an action called, safe to run twice."""

from uuid import UUID

from celery import shared_task

from cases import actions
from cases.models import Case
from cases.urgency.facts import BadFacts
from intake.models import HelpRequest
from rainbowrail.crypto.errors import CryptoError
from rainbowrail.web import logs

# A sweep takes what one minute can carry; the next sweep takes the rest.
SWEEP_LIMIT = 500
COMPARED_LIMIT = 100
NAMED_LIMIT = 100


@shared_task(name="cases.open_missed")
def open_missed() -> int:
    """Open a case for every help request that was drained without one. Returns how many were opened.

    One that cannot be opened is logged and passed over, so that nobody waits behind it; it is tried again by the next sweep.
    """
    missed = HelpRequest.objects.filter(case=None).order_by("received_hour", "id")[:SWEEP_LIMIT]
    return sum(_open(help_request) for help_request in missed)


def _open(help_request: HelpRequest) -> bool:
    try:
        actions.open_case(help_request)
    except (BadFacts, CryptoError) as error:
        logs.failure("case_not_opened", error, about_id=help_request.pk)
        return False
    return True


@shared_task(name="cases.name_missed")
def name_missed() -> int:
    """Note where the words of a person say who they are, for cases whose card is shown and that came before this was noted.

    Returns how many were noted. One that does not open is logged and passed over; it is tried again by the next sweep.
    """
    waiting = Case.objects.without_named_places().order_by("received_at", "id").values_list("id", flat=True)
    return sum(_name(case_id) for case_id in waiting[:NAMED_LIMIT])


def _name(case_id: UUID) -> bool:
    try:
        return actions.note_names(case_id)
    except CryptoError as error:
        logs.failure("names_not_noted", error, about_id=case_id)
        return False


@shared_task(name="cases.rescore")
def rescore(case_id: str) -> None:
    """Score one case again by the policy in force; a case that is gone or closed is left alone."""
    case = Case.objects.waiting().filter(pk=UUID(case_id)).first()
    if case is not None:
        actions.rescore(case)


@shared_task(name="cases.forget_typed")
def forget_typed() -> int:
    """Delete what staff typed, did not save and did not come back for. Returns how many texts went."""
    return actions.forget_old_typed()


@shared_task(name="cases.forget_texts")
def forget_texts() -> None:
    """Delete the numbers of texts that are past their days."""
    actions.forget_texts()


@shared_task(name="cases.compare_missed")
def compare_missed() -> int:
    """Look for cases of one person among those that were not compared since they came or changed. Returns how many were.

    One that cannot be compared is logged and passed over; it is tried again by the next sweep.
    """
    waiting = Case.objects.filter(is_compared=False).select_related("help_request").order_by("received_at", "id")
    return sum(_compare(case) for case in waiting[:COMPARED_LIMIT])


def _compare(case: Case) -> bool:
    try:
        actions.compare(case)
    except CryptoError as error:
        logs.failure("case_not_compared", error, about_id=case.pk)
        return False
    return True
