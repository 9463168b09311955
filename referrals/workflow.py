"""The whole lifecycle of a referral on one screen. Two people: who writes never approves; docs/decisions/0063."""

from django.utils.translation import gettext_lazy as _

from rainbowrail.lifecycle.moves import Move
from referrals import permissions
from referrals.audit_verbs import ReferralVerb
from referrals.states import OPEN_STATES, ReferralState

DRAFT, WAITING, BUILDING, BUILD_FAILED, READY, SENT, ACKNOWLEDGED, MORE_ASKED, DECIDED, WITHDRAWN = ReferralState

SUBMIT = Move(
    "submit",
    leaves=[DRAFT],
    enters=WAITING,
    may=permissions.check_draft,
    label=_("Ask for approval"),
    verb=ReferralVerb.SUBMITTED,
)
TAKE_BACK = Move(
    "take_back",
    leaves=[WAITING, BUILD_FAILED, READY],
    enters=DRAFT,
    may=permissions.check_draft,
    label=_("Take back to change it"),
    verb=ReferralVerb.TAKEN_BACK,
)
RETURN = Move(
    "return",
    leaves=[WAITING],
    enters=DRAFT,
    may=permissions.check_return,
    label=_("Return with a reason"),
    needs_reason=True,
    verb=ReferralVerb.RETURNED,
)
APPROVE = Move(
    "approve",
    leaves=[WAITING],
    enters=BUILDING,
    may=permissions.check_approve,
    label=_("Approve"),
    verb=ReferralVerb.APPROVED,
    needs_second=True,
)
BUILT = Move("built", leaves=[BUILDING], enters=READY, may=permissions.check_build, label=_("File made"))
FAIL = Move(
    "fail",
    leaves=[BUILDING],
    enters=BUILD_FAILED,
    may=permissions.check_build,
    label=_("File could not be made"),
    verb=ReferralVerb.BUILD_FAILED,
)
RETRY = Move(
    "retry",
    leaves=[BUILD_FAILED],
    enters=BUILDING,
    may=permissions.check_draft,
    label=_("Try again"),
    verb=ReferralVerb.BUILD_RETRIED,
)
SEND = Move("send", leaves=[READY], enters=SENT, may=permissions.check_draft, label=_("Handed over"), verb=ReferralVerb.SENT)
ACKNOWLEDGE = Move(
    "acknowledge",
    leaves=[SENT],
    enters=ACKNOWLEDGED,
    may=permissions.check_draft,
    label=_("Receipt confirmed"),
    verb=ReferralVerb.ACKNOWLEDGED,
)
ASK_MORE = Move(
    "ask_more",
    leaves=[SENT, ACKNOWLEDGED],
    enters=MORE_ASKED,
    may=permissions.check_draft,
    label=_("Office asks for more"),
    verb=ReferralVerb.OUTCOME_RECORDED,
)
DECIDE = Move(
    "decide",
    leaves=[SENT, ACKNOWLEDGED, MORE_ASKED],
    enters=DECIDED,
    may=permissions.check_draft,
    label=_("Record the answer"),
    verb=ReferralVerb.OUTCOME_RECORDED,
)
REVISE = Move(
    "revise",
    leaves=[SENT, ACKNOWLEDGED, MORE_ASKED],
    enters=DRAFT,
    may=permissions.check_draft,
    label=_("Begin a new version"),
    verb=ReferralVerb.REVISED,
)
WITHDRAW = Move(
    "withdraw",
    leaves=OPEN_STATES,
    enters=WITHDRAWN,
    may=permissions.check_withdraw,
    label=_("Withdraw"),
    needs_reason=True,
    verb=ReferralVerb.WITHDRAWN,
)

MOVES = [SUBMIT, TAKE_BACK, RETURN, APPROVE, BUILT, FAIL, RETRY, SEND, ACKNOWLEDGE, ASK_MORE, DECIDE, REVISE, WITHDRAW]
