"""The whole lifecycle of a case on one screen; docs/decisions/0050 says why waiting is no stage."""

from django.utils.translation import gettext_lazy as _

from cases import permissions as may
from cases.audit_verbs import CaseVerb as Verb
from cases.models import Case
from cases.states import OPEN_STATES, CaseState, NextStep
from intake.states import PublicStatus
from rainbowrail.lifecycle.moves import Move

RECEIVED, IN_REVIEW, VERIFIED, IN_SUPPORT, READY, REFERRED, OUTCOME, CLOSED = CaseState

# fmt: off
CLAIM = Move("claim", leaves=[RECEIVED], enters=IN_REVIEW,
    may=may.check_claim, verb=Verb.CLAIMED, label=_("Take this case"))
ASSIGN = Move("assign", leaves=[RECEIVED], enters=IN_REVIEW,
    may=may.check_assign, verb=Verb.ASSIGNED, label=_("Give to somebody"))
VERIFY = Move("verify", leaves=[IN_REVIEW], enters=VERIFIED,
    may=may.check_work_on, verb=Verb.VERIFIED, label=_("Account is verified"))
DOUBT = Move("doubt", leaves=[VERIFIED, IN_SUPPORT, READY], enters=IN_REVIEW,
    may=may.check_work_on, verb=Verb.DOUBTED, label=_("Back to review"), needs_reason=True)
PLAN = Move("plan_support", leaves=[VERIFIED, READY, OUTCOME], enters=IN_SUPPORT,
    may=may.check_work_on, verb=Verb.SUPPORT_PLANNED, label=_("Support is planned"))
MARK_READY = Move("mark_ready", leaves=[VERIFIED, IN_SUPPORT, OUTCOME], enters=READY,
    may=may.check_mark_ready, verb=Verb.READY, label=_("Ready for referral"))
REFER = Move("refer", leaves=[READY], enters=REFERRED,
    may=may.check_refer, verb=Verb.REFERRED, label=_("Referred"))
RECORD_OUTCOME = Move("record_outcome", leaves=[REFERRED], enters=OUTCOME,
    may=may.check_record_outcome, verb=Verb.OUTCOME, label=_("Outcome known"))
CLOSE = Move("close", leaves=OPEN_STATES, enters=CLOSED,
    may=may.check_close, verb=Verb.CLOSED, label=_("Close the case"), needs_reason=True)
REOPEN = Move("reopen", leaves=[CLOSED], enters=IN_REVIEW,
    may=may.check_reopen, verb=Verb.REOPENED, label=_("Reopen the case"), needs_reason=True)
# Moves that nobody of staff makes: the person's own wish, and a restored backup that learns what was erased since.
WISH = Move("wish_deletion", leaves=OPEN_STATES, enters=CLOSED,
    may=may.check_person_asked, verb=Verb.ERASURE_WISHED, label=_("The person asked us to delete everything"))
ERASE_AGAIN = Move("erase_again", leaves=OPEN_STATES, enters=CLOSED,
    may=may.check_system, verb=Verb.ERASED, label=_("Erased before, and again after a restore"))
# fmt: on

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
