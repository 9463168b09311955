"""The rule of two people: who writes asks, another reads and approves, and exactly what was read is built."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Restriction
from rainbowrail.accounts.models import User
from rainbowrail.accounts.notices import to_person
from rainbowrail.actors import Actor
from rainbowrail.errors import NotPossible
from rainbowrail.notifications import outbox
from referrals import notifications, workflow
from referrals.actions.building import start_build
from referrals.actions.locking import move
from referrals.actions.telling import tell_officer
from referrals.gather import compile_packet
from referrals.models import PacketPassphrase, Referral
from referrals.packet import Packet
from referrals.permissions import APPROVERS

NO_APPROVAL = {"approved_by_id": None, "approved_at": None, "approved_digest": ""}


def submit(referral: Referral, *, by: Actor) -> Referral:
    """Ask for approval; leads and managers who did not write in it, and may know of it, are told, by reference only.

    Raises NotPossible while the linter finds something: a second person should not have to find it.
    """
    with transaction.atomic():
        moved = move(referral, workflow.SUBMIT, by=by, changes={"changed_at": timezone.now()})
        _without_findings(moved)
        hidden = Restriction.objects.filter(case=moved.case_id, lifted_at=None)
        approvers = User.objects.filter(is_active=True, roles__overlap=list(APPROVERS)).exclude(pk__in=moved.edited_by)
        if moved.case.officer is not None:
            approvers = approvers.exclude(pk=moved.case.officer.pk)
        for person in approvers.exclude(pk__in=hidden.values("person")):
            outbox.queue(notifications.APPROVAL_WAITS, to_person(person.pk))
    return moved


def take_back(referral: Referral, *, by: Actor) -> Referral:
    """Make it a draft again; an approval it had is void, and so is a file that was made and not handed over."""
    with transaction.atomic():
        moved = move(referral, workflow.TAKE_BACK, by=by, changes={**NO_APPROVAL, "problem": "", "changed_at": timezone.now()})
        PacketPassphrase.objects.of(moved).delete()
    return moved


def return_with_reason(referral: Referral, *, reason: str, by: Actor) -> Referral:
    """Send it back to the officer of the case, who is told that something came back."""
    with transaction.atomic():
        moved = move(referral, workflow.RETURN, by=by, reason=reason, changes={"changed_at": timezone.now()})
        tell_officer(moved.case, notifications.RETURNED)
    return moved


def approve(referral: Referral, *, read_digest: str, by: Actor) -> Referral:
    """Approve what was read, and have the file made. `read_digest` is the digest of the packet that the page showed.

    Raises NotAllowed for anybody who wrote in it, NotPossible when it reads differently by now or something stands in the way.
    """
    now = timezone.now()
    with transaction.atomic():
        changes = {"approved_by_id": by.staff_id, "approved_at": now, "approved_digest": read_digest, "changed_at": now}
        moved = move(referral, workflow.APPROVE, by=by, changes=changes)
        if moved.case.officer_id is None:
            raise NotPossible(_("This case has no officer, who would answer the office. Let one take it first."))
        if _without_findings(moved).digest() != read_digest:
            raise NotPossible(_("This referral changed while you were reading it. Read it again."))
        start_build(moved)
    return moved


def _without_findings(referral: Referral) -> Packet:
    """Return the packet of a referral as the engine read it under its lock; what the caller holds in memory may be old."""
    packet, findings = compile_packet(referral, today=timezone.localdate())
    if findings:
        count = len(findings)
        message = ngettext(
            "One thing still stands in the way: %(first)s",
            "%(count)s things still stand in the way. The first: %(first)s",
            count,
        )
        raise NotPossible(message % {"count": count, "first": findings[0].sentence})
    return packet
