"""The whole lifecycle of a case on one screen; docs/decisions/0050 says why waiting is no stage."""

from django.utils.translation import gettext_lazy as _

from cases import permissions
from cases.audit_verbs import CaseVerb
from cases.models import Case
from cases.states import OPEN_STATES, CaseState, NextStep
from intake.states import PublicStatus
from rainbowrail.lifecycle.moves import Move

RECEIVED, IN_REVIEW, VERIFIED, IN_SUPPORT, READY, REFERRED, OUTCOME, CLOSED = CaseState

CLAIM = Move(
    "claim", leaves=[RECEIVED], enters=IN_REVIEW, may=permissions.check_claim, label=_("Take this case"), verb=CaseVerb.CLAIMED
)
ASSIGN = Move(
    "assign",
    leaves=[RECEIVED],
    enters=IN_REVIEW,
    may=permissions.check_assign,
    label=_("Give to somebody"),
    verb=CaseVerb.ASSIGNED,
)
VERIFY = Move(
    "verify",
    leaves=[IN_REVIEW],
    enters=VERIFIED,
    may=permissions.check_work_on,
    label=_("Account verified"),
    verb=CaseVerb.VERIFIED,
)
DOUBT = Move(
    "doubt",
    leaves=[VERIFIED, IN_SUPPORT, READY],
    enters=IN_REVIEW,
    may=permissions.check_work_on,
    label=_("Back to review"),
    needs_reason=True,
    verb=CaseVerb.DOUBTED,
)
PLAN = Move(
    "plan_support",
    leaves=[VERIFIED, READY, OUTCOME],
    enters=IN_SUPPORT,
    may=permissions.check_work_on,
    label=_("Support planned"),
    verb=CaseVerb.SUPPORT_PLANNED,
)
MARK_READY = Move(
    "mark_ready",
    leaves=[VERIFIED, IN_SUPPORT, OUTCOME],
    enters=READY,
    may=permissions.check_mark_ready,
    label=_("Ready for referral"),
    verb=CaseVerb.READY,
)
REFER = Move("refer", leaves=[READY], enters=REFERRED, may=permissions.check_refer, label=_("Referred"), verb=CaseVerb.REFERRED)
RECORD_OUTCOME = Move(
    "record_outcome",
    leaves=[REFERRED],
    enters=OUTCOME,
    may=permissions.check_refer,
    label=_("Outcome known"),
    verb=CaseVerb.OUTCOME,
)
CLOSE = Move(
    "close",
    leaves=OPEN_STATES,
    enters=CLOSED,
    may=permissions.check_close,
    label=_("Close"),
    needs_reason=True,
    verb=CaseVerb.CLOSED,
)
REOPEN = Move(
    "reopen",
    leaves=[CLOSED],
    enters=IN_REVIEW,
    may=permissions.check_reopen,
    label=_("Reopen"),
    needs_reason=True,
    verb=CaseVerb.REOPENED,
)

MOVES = [CLAIM, ASSIGN, VERIFY, DOUBT, PLAN, MARK_READY, REFER, RECORD_OUTCOME, CLOSE, REOPEN]

# What the applicant reads. A question that is open is said before everything else: see `public_status`.
PUBLIC_STATUS = {
    RECEIVED: PublicStatus.RECEIVED,
    IN_REVIEW: PublicStatus.BEING_READ,
    VERIFIED: PublicStatus.BEING_READ,
    IN_SUPPORT: PublicStatus.SUPPORT,
    READY: PublicStatus.SUPPORT,
    REFERRED: PublicStatus.SUPPORT,
    OUTCOME: PublicStatus.SUPPORT,
    CLOSED: PublicStatus.CLOSED,
}

# Nobody is ever without a next step: what follows the entry into a stage, unless a person says otherwise.
NEXT_STEP = {
    RECEIVED: NextStep.READ,
    IN_REVIEW: NextStep.CHECK,
    VERIFIED: NextStep.PLAN,
    IN_SUPPORT: NextStep.FOLLOW_UP,
    READY: NextStep.PREPARE_REFERRAL,
    REFERRED: NextStep.AWAIT_OFFICE,
    OUTCOME: NextStep.CONCLUDE,
}


def public_status(case: Case) -> PublicStatus:
    """The one plain word that the applicant sees for this case."""
    return PublicStatus.QUESTION if case.is_waiting_for_applicant else PUBLIC_STATUS[CaseState(case.state)]
