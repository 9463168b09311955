"""Who may do what with a referral, and the rule of two people. Each check raises NotAllowed with a sentence fit for the screen.

Whether a referral may be seen at all is `Referral.objects.visible_to`; a check takes a referral that was found so.
"""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rainbowrail.actors import Actor, ActorKind
from rainbowrail.errors import NotAllowed
from rainbowrail.roles import Role
from referrals.models import Recipient, Referral
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


def check_draft(by: Actor, thing: object = None) -> None:
    """Referral officers write referrals, record consent, hand files over and record what the office answers."""
    _need(by, OFFICERS, _("Only a referral officer prepares a referral."))


def check_approve(by: Actor, referral: Referral) -> None:
    """A triage lead or manager approves, unless they had a hand in the draft; the database repeats the rule."""
    _need(by, APPROVERS, _("Only a triage lead or a manager approves a referral."))
    if by.staff_id == referral.drafted_by_id or by.staff_id in referral.edited_by:
        raise NotAllowed(_("You wrote in this referral. A second person must approve it."))


def check_return(by: Actor, referral: Referral) -> None:
    _need(by, APPROVERS, _("Only a triage lead or a manager returns a referral."))


def check_withdraw(by: Actor, referral: Referral) -> None:
    """Stopping needs no second person; the system stops when consent is withdrawn or the case closes."""
    if by.kind is not ActorKind.SYSTEM:
        _need(by, OFFICERS | APPROVERS, _("Only a referral officer, a triage lead or a manager withdraws a referral."))


def check_build(by: Actor, referral: Referral) -> None:
    """The worker makes the file; nobody else holds the signing key."""
    if by.kind is not ActorKind.SYSTEM:
        raise NotAllowed(_("The file is made by the system, after the approval."))


def check_read_contents(by: Actor, referral: Referral) -> None:
    """Opening who the person is, within a referral: officers and leads; a manager only while it waits for approval."""
    if referral.state == ReferralState.WAITING:
        _need(by, OFFICERS | APPROVERS, _("Only referral officers, triage leads and managers read what is in a referral."))
    else:
        _need(
            by,
            OFFICERS | LEADS,
            _("Only referral officers and triage leads read a referral; a manager does while it waits for approval."),
        )


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
