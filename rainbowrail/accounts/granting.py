"""Giving roles takes two people (decision 0081): what one gave waits here until another agrees, refuses, or the time is over.

Everything that sets somebody's roles goes through this module: `begins_at_once` says what needs nobody, `put_forward` keeps the
rest, `agree` lets it begin. Taking a role away needs nobody.

Rows are locked in one order, here and wherever an account changes: invitations, people, grants. People are locked with
`no_key`: an act of somebody else that only names the person, as nearly every row does, then waits for nothing.
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from rainbowrail.accounts import factors, permissions
from rainbowrail.accounts.models import Invitation, RoleGrant, User
from rainbowrail.accounts.models.role_grant import WAITS_FOR, Answer, RoleGrantQuerySet, WhyLapsed, WhyNot
from rainbowrail.accounts.notifications import tell_of_roles, tell_of_waiting, tell_refused, tell_role_begins
from rainbowrail.accounts.queries import could_agree
from rainbowrail.actors import SYSTEM, Actor
from rainbowrail.audit.record import record
from rainbowrail.audit.verbs import KernelVerb
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.roles import BY_TWO, Role


def in_order(roles: Iterable[str]) -> list[str]:
    """Return the values of roles, each once, sorted. Raises ValueError for a word that is no role."""
    return sorted({Role(role).value for role in roles})


def begins_at_once(roles: Iterable[str], *, by: Actor) -> list[str]:
    """Return those of the roles that need no second person: all of them when the operator gives them at the host."""
    return [role for role in in_order(roles) if by is SYSTEM or role not in BY_TWO]


def put_forward(roles: Iterable[str], *, for_: User | Invitation, by: Actor) -> list[str]:
    """Keep roles until a second person agrees, and tell those who can; return those that did not wait already.

    The caller has checked who gives, and holds the lock of the person. Raises NotAllowed for anybody but staff.
    """
    theirs = grants_of(for_)
    _lapse(theirs.overdue(), WhyLapsed.TIME)
    new = [role for role in in_order(roles) if role not in set(theirs.waiting().values_list("role", flat=True))]
    until = timezone.now() + WAITS_FOR
    whom = {"person": for_} if isinstance(for_, User) else {"invitation": for_}
    giver = permissions.staff_id(by)
    RoleGrant.objects.bulk_create(RoleGrant(role=role, given_by_id=giver, waits_until=until, **whom) for role in new)
    for role in new:
        _record(KernelVerb.ROLE_PUT_FORWARD, by, for_, {"role": role})
    if new:
        tell_of_waiting()
    return new


def grants_of(for_: User | Invitation) -> RoleGrantQuerySet:
    """Return every role that was ever put forward for somebody, or for whoever accepts an invitation."""
    return RoleGrant.objects.filter(person=for_) if isinstance(for_, User) else RoleGrant.objects.filter(invitation=for_)


@transaction.atomic
def agree(grant: RoleGrant, *, by: Actor) -> RoleGrant:
    """Let the role begin: now, or when the invitation is accepted.

    Pressing twice is agreeing once. Raises NotAllowed for whoever gave it, whoever receives it, and anybody who may not agree
    or has no second factor; NotPossible when it was answered otherwise or its time is over.
    """
    row = _locked(grant)
    _check_second_person(row, by)
    if row.answer == Answer.AGREED and row.answered_by_id == by.staff_id:
        return row
    _check_waits(row)
    _answer(row, Answer.AGREED, by)
    _record(KernelVerb.ROLE_AGREED, by, row.person or row.invitation, {"role": row.role})
    if row.person:
        row.person.roles = in_order([*row.person.roles, row.role])
        row.person.save(update_fields=["roles"])
        tell_role_begins(row.person.pk)
    tell_of_roles([row.role])
    return row


@transaction.atomic
def refuse(grant: RoleGrant, *, why: WhyNot, by: Actor) -> RoleGrant:
    """Say no, and tell whoever gave it. Raises NotAllowed and NotPossible as `agree` does."""
    row = _locked(grant)
    _check_second_person(row, by)
    _check_waits(row)
    _answer(row, Answer.REFUSED, by, why=WhyNot(why))
    _record(KernelVerb.ROLE_REFUSED, by, row.person or row.invitation, {"role": row.role, "reason_code": row.why})
    tell_refused(row.given_by_id)
    return row


@transaction.atomic
def withdraw(grant: RoleGrant, *, by: Actor) -> RoleGrant:
    """Take back what waits. Raises NotAllowed for anybody but administrators, NotPossible when it was answered meanwhile."""
    permissions.manage_people(by)
    row = _locked(grant)
    _check_waits(row)
    _withdraw(row, by)
    return row


def withdraw_all(grants: RoleGrantQuerySet, *, by: Actor) -> None:
    """Take back what of these waits; the caller has checked who does it."""
    for row in grants.unanswered().select_related("person", "invitation").select_for_update(of=("self",)).order_by("pk"):
        _withdraw(row, by)


def agree_at_the_host(address: str) -> list[str]:
    """Agree, as the operator, to all that waits for one mail address, and return the roles; each is a line of the system's."""
    theirs = Q(person__email=address.lower()) | Q(invitation__email=address.lower())
    return [agree(row, by=SYSTEM).role for row in RoleGrant.objects.waiting().filter(theirs).order_by("role")]


def agreed_for(invitation: Invitation) -> list[str]:
    """Return the roles of an invitation that somebody has agreed to within WAITS_FOR; end what is older."""
    _lapse(grants_of(invitation).unused(), WhyLapsed.UNUSED)
    return list(grants_of(invitation).filter(answer=Answer.AGREED).values_list("role", flat=True))


def wait_again(invitation: Invitation, *, by: Actor) -> list[str]:
    """Put forward anew, in the name of whoever sends an invitation again, what ended by time alone; return these roles.

    The caller has checked who sends, and holds the lock of the invitation.
    """
    _lapse(grants_of(invitation).overdue(), WhyLapsed.TIME)
    _lapse(grants_of(invitation).unused(), WhyLapsed.UNUSED)
    newest = {row.role: row for row in grants_of(invitation).order_by("given_at")}
    ended = [role for role, row in newest.items() if row.why in {WhyLapsed.TIME, WhyLapsed.UNUSED}]
    return put_forward(ended, for_=invitation, by=by) if ended and by is not SYSTEM else []


def person_is_there(invitation: Invitation, person: User) -> None:
    """What waits for an invitation waits, once it is accepted, for the person."""
    grants_of(invitation).update(person=person)


def giver_is_gone(staff_id: int) -> None:
    """End what somebody put forward who may not give roles any more."""
    _lapse(RoleGrant.objects.unanswered().filter(given_by=staff_id), WhyLapsed.GIVER)


def account_is_closed(person: User) -> None:
    _lapse(grants_of(person).unanswered(), WhyLapsed.ACCOUNT)


@transaction.atomic
def end_overdue() -> int:
    """End what nobody answered in time, and what was agreed to for invitations that nobody used; return how many."""
    return _lapse(RoleGrant.objects.overdue(), WhyLapsed.TIME) + _lapse(RoleGrant.objects.unused(), WhyLapsed.UNUSED)


def _locked(grant: RoleGrant) -> RoleGrant:
    """Lock what an answer touches. Whose it is can change only under the lock of the invitation, so it is read after that."""
    if grant.invitation_id:
        Invitation.objects.select_for_update().get(pk=grant.invitation_id)
    person_id = RoleGrant.objects.values_list("person_id", flat=True).get(pk=grant.pk)
    person = User.objects.select_for_update(no_key=True).get(pk=person_id) if person_id else None
    row = RoleGrant.objects.select_for_update(of=("self",)).select_related("invitation").get(pk=grant.pk)
    row.person = person
    return row


def _check_second_person(row: RoleGrant, by: Actor) -> None:
    if by is SYSTEM:
        return
    permissions.agree_to_roles(by)
    if by.staff_id == row.given_by_id:
        raise NotAllowed(_("You gave this role yourself. A second person must agree."))
    if row.person_id and by.staff_id == row.person_id:
        raise NotAllowed(_("This role is for you. Somebody else must agree."))
    second = could_agree().filter(pk=permissions.staff_id(by)).first()
    if second is None or not factors.kinds_of(second).any:
        raise NotAllowed(_("Set up a second factor first: only then does your word count as a second person’s."))


def _check_waits(row: RoleGrant) -> None:
    if row.answer:
        raise NotPossible(_("This has been answered already."))
    if not row.is_waiting:
        raise NotPossible(_("Nobody agreed in time. The role must be given again."))


def _answer(row: RoleGrant, answer: Answer, by: Actor, *, why: str = "") -> None:
    row.answer, row.answered_by_id, row.answered_at, row.why = answer, by.staff_id, timezone.now(), why
    row.save(update_fields=["answer", "answered_by", "answered_at", "why"])


def _withdraw(row: RoleGrant, by: Actor) -> None:
    _answer(row, Answer.WITHDRAWN, by)
    _record(KernelVerb.ROLE_WITHDRAWN, by, row.person or row.invitation, {"role": row.role})


def _lapse(grants: RoleGrantQuerySet, why: WhyLapsed) -> int:
    rows = list(grants.select_related("person", "invitation").select_for_update(of=("self",)).order_by("pk"))
    for row in rows:
        _answer(row, Answer.LAPSED, SYSTEM, why=why)
        _record(KernelVerb.ROLE_LAPSED, SYSTEM, row.person or row.invitation, {"role": row.role, "reason_code": row.why})
    return len(rows)


def _record(verb: KernelVerb, by: Actor, whom: User | Invitation | None, detail: dict[str, str | int]) -> None:
    """Write the line, with the person where there is one: the trail then shows the name. An address never stands there."""
    record(verb, by=by, on=whom, detail=detail | ({"person": whom.pk} if isinstance(whom, User) else {}))
