"""When a case needs no officer any more (docs/decisions/0066)."""

from cases.actions import release_officer
from cases.models import Case
from cases.states import REFERRAL_STATES, CaseState
from rainbowrail.actors import Actor
from referrals.models import Referral


def let_go(case: Case, *, by: Actor) -> None:
    """End that the case has an officer when nothing of it is left to an officer: it is worked on by its owner again and has no
    open referral, or it closed and nothing of it ever left the building.

    A closed case of which an office has a file keeps its officer: the office may still ask.
    """
    case.refresh_from_db(fields=["state", "officer", "referred_on"])
    left_the_building = case.state == CaseState.CLOSED and case.referred_on is not None
    if case.officer_id is None or case.state in REFERRAL_STATES or left_the_building:
        return
    if not Referral.objects.open().filter(case=case).exists():
        release_officer(case, by=by)


def approvers_of(case: Case) -> list[int]:
    """Return who approved what is open in this case: they do not answer for what they approved."""
    approved = Referral.objects.open().filter(case=case, approved_by__isnull=False)
    return list(approved.values_list("approved_by", flat=True))
