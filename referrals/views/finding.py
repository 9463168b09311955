"""How every page finds its referral: it starts at what the person may see, and what is hidden is a 404."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from rainbowrail.accounts.models import User
from rainbowrail.errors import NotPossible
from rainbowrail.roles import Role
from referrals.models import RecallNotice, Referral
from referrals.permissions import APPROVERS, KEY_CHECKERS, LEADS, OFFICERS
from referrals.queries import READERS, RECALLERS

READER_ROLES: tuple[Role, ...] = tuple(sorted(READERS))
OFFICER_ROLES: tuple[Role, ...] = tuple(sorted(OFFICERS))
CONTENT_ROLES: tuple[Role, ...] = tuple(sorted(OFFICERS | APPROVERS))
APPROVER_ROLES: tuple[Role, ...] = tuple(sorted(APPROVERS))
STOPPING_ROLES: tuple[Role, ...] = tuple(sorted(OFFICERS | LEADS))
RECALL_ROLES: tuple[Role, ...] = tuple(sorted(RECALLERS))
KEY_ROLES: tuple[Role, ...] = tuple(sorted(KEY_CHECKERS))


def staff_of(request: HttpRequest) -> User:
    """Return who is signed in. The staff door let nobody else pass; without it nobody passes here either."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def referral_of(request: HttpRequest, packet_id: str) -> Referral:
    """Return the referral, if this person may see it. Raises Http404 otherwise, as for a number that does not exist, and
    NotPossible once the person was erased: nothing in it opens."""
    referrals = (
        Referral.objects.visible_to(staff_of(request)).with_list_columns().select_related("case__help_request", "case__erasure")
    )
    referral = get_object_or_404(referrals, packet_id=packet_id)
    if referral.case.erased_on:
        raise NotPossible(_("This person was erased. Only what can be counted is left."))
    return referral


def recall_of(request: HttpRequest, packet_id: str, notice_id: UUID) -> RecallNotice:
    """Return the recall notice of a file of this referral, if this person may see it. Raises Http404 otherwise.

    A notice opens nothing, so that it is found also where the referral itself is not any more: an office is told even when the
    person wished to be deleted, or is.
    """
    notices = RecallNotice.objects.visible_to(staff_of(request)).select_related(
        "told_by", "packet__recipient", "packet__referral__case__officer", "packet__referral__drafted_by"
    )
    return get_object_or_404(notices, pk=notice_id, packet__referral__packet_id=packet_id)
