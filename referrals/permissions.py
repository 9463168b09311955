"""Who may do what with a referral, and the rule of two people. Each check raises NotAllowed with a sentence fit for the screen.

Whether a referral may be seen at all is `Referral.objects.visible_to`; a check takes a referral that was found so.
"""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases import need_to_know
from cases.need_to_know import Depth
from rainbowrail.actors import Actor, ActorKind
from rainbowrail.errors import NotAllowed
from rainbowrail.roles import Role
from referrals.models import Recipient, Referral
from referrals.queries import RECALLERS
from referrals.states import ReferralState

type Check = Callable[[Actor, Any], None]

OFFICERS = frozenset({Role.REFERRAL_OFFICER})
LEADS = frozenset({Role.TRIAGE_LEAD})
APPROVERS = frozenset({Role.TRIAGE_LEAD, Role.MANAGER})
KEY_KEEPERS = frozenset({Role.REFERRAL_OFFICER, Role.ADMINISTRATOR})
KEY_CHECKERS = KEY_KEEPERS | APPROVERS


def _need(by: Actor, roles: frozenset[Role], refusal: Promise) -> None:
    if not by.roles & roles:
        raise NotAllowed(refusal)


def _need_to_know(by: Actor, referral: Referral) -> None:
    if need_to_know.depth_of(referral.case, by) is Depth.NOTHING:
        raise NotAllowed(_("This referral is not open to you."))


def _need_not_hidden(by: Actor, referral: Referral) -> None:
    """Stopping waits for nobody: it is for everybody who has the role and from whom the case is not hidden, seen or not."""
    if need_to_know.hidden_ids(by).filter(case=referral.case_id).exists():
        raise NotAllowed(_("This referral is not open to you."))


def check_prepare(by: Actor) -> None:
    """Referral officers prepare referrals; of which case, says `check_draft`."""
    _need(by, OFFICERS, _("Only a referral officer prepares a referral."))


def check_draft(by: Actor, referral: Referral) -> None:
    """The officer of the case writes, records consent, hands files over and records what the office answers; nobody else."""
    check_prepare(by)
    is_officer = by.staff_id is not None and referral.case.officer_id == by.staff_id
    if not is_officer or need_to_know.depth_of(referral.case, by) < Depth.IDENTITY:
        raise NotAllowed(_("Only the officer of the case does this. A triage lead can give the case to another officer."))


def check_approve(by: Actor, referral: Referral) -> None:
    """A triage lead or manager approves, unless they had a hand in the draft; the database repeats the rule. Nor does whoever
    is the officer of the case by now and answers for it."""
    _need(by, APPROVERS, _("Only a triage lead or a manager approves a referral."))
    _need_to_know(by, referral)
    if by.staff_id == referral.case.officer_id:
        raise NotAllowed(_("You are the officer of this case. A second person must approve its referral."))
    if by.staff_id == referral.drafted_by_id or by.staff_id in referral.edited_by:
        raise NotAllowed(_("You wrote in this referral. A second person must approve it."))


def check_return(by: Actor, referral: Referral) -> None:
    _need(by, APPROVERS, _("Only a triage lead or a manager returns a referral."))
    _need_to_know(by, referral)


def check_withdraw(by: Actor, referral: Referral) -> None:
    """Stopping needs no second person and not the officer of the case; the system stops when the case closes."""
    if by.kind is not ActorKind.SYSTEM:
        _need(by, OFFICERS | APPROVERS, _("Only a referral officer, a triage lead or a manager withdraws a referral."))
        _need_not_hidden(by, referral)


def check_hear_withdrawal(by: Actor, referral: Referral) -> None:
    """Whoever hears first that the person withdraws consent records it: no withdrawal waits for an officer who is away."""
    _need(by, OFFICERS | LEADS, _("Only a referral officer or a triage lead records that consent was withdrawn."))
    _need_not_hidden(by, referral)


def check_recall(by: Actor) -> None:
    """Any officer and any lead asks an office to destroy what it has; the notice names the file, and never the person."""
    _need(by, RECALLERS, _("Only a referral officer or a triage lead calls a file back."))


def check_build(by: Actor, referral: Referral) -> None:
    """The worker makes the file; nobody else holds the signing key."""
    if by.kind is not ActorKind.SYSTEM:
        raise NotAllowed(_("The file is made by the system, after the approval."))


def check_read_contents(by: Actor, referral: Referral) -> None:
    """Opening who the person is, within a referral: the officer of the case, leads, and officers whom a lead let in; who
    approves, only while it waits for approval."""
    depth = need_to_know.depth_of(referral.case, by)
    if referral.state == ReferralState.WAITING and by.roles & APPROVERS and depth is not Depth.NOTHING:
        return
    _need(
        by,
        OFFICERS | LEADS,
        _("Only the officer of the case and triage leads read a referral; a manager does while it waits for approval."),
    )
    if depth < Depth.IDENTITY:
        raise NotAllowed(_("Another officer has this case. Ask to open it, or let a triage lead give it to you."))


def check_read_consent(by: Actor, referral: Referral) -> None:
    check_read_contents(by, referral)


def check_add_recipient(by: Actor) -> None:
    _need(by, KEY_KEEPERS, _("Only a referral officer or an administrator adds or retires an official."))


def check_confirm_key(by: Actor, recipient: Recipient) -> None:
    """A second person compares the key over another channel: a wrong key would send everything to the wrong eyes."""
    _need(by, KEY_CHECKERS, _("Only referral officers, triage leads, managers and administrators check an official's key."))
    if by.staff_id == recipient.added_by_id:
        raise NotAllowed(_("You added this key. A second person must check it with the official."))


def allows(check: Check, by: Actor, thing: object) -> bool:
    """Ask a check without raising: for buttons."""
    try:
        check(by, thing)
    except NotAllowed:
        return False
    return True
