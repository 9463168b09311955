"""Inviting people and letting them begin again; each act is one line in the trail (decision 0028)."""

import secrets
from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from rainbowrail.accounts import granting, permissions
from rainbowrail.accounts.models import FactorReset, Invitation, User
from rainbowrail.accounts.models.invitation import VALID_FOR
from rainbowrail.accounts.notifications import BEGIN_AGAIN, INVITED
from rainbowrail.accounts.sessions import end_all_of
from rainbowrail.actors import SYSTEM, Actor
from rainbowrail.audit.record import record
from rainbowrail.audit.verbs import KernelVerb
from rainbowrail.errors import NotPossible
from rainbowrail.notifications.outbox import queue
from rainbowrail.roles import BY_TWO, Role


def hash_of(token: str) -> str:
    """Return what is stored of a link's secret."""
    return sha256(f"rainbowrail invitation {token}".encode()).hexdigest()


@transaction.atomic
def invite(email: str, *, roles: Iterable[Role], by: Actor) -> Invitation:
    """Invite somebody by mail; the roles that take two begin when a second person agrees, before or after they sign up.

    Raises NotAllowed, and NotPossible for an address that has an account or an open invitation.
    """
    permissions.manage_people(by)
    address = email.strip().lower()
    if User.objects.filter(email=address).exists():
        raise NotPossible(_("This address has an account."))
    invitation = _new(Invitation(email=address, roles=granting.in_order(roles), invited_by_id=by.staff_id))
    queue(INVITED, invitation.pk)
    record(KernelVerb.PERSON_INVITED, by=by, on=invitation, detail={"roles": ",".join(invitation.roles)})
    waiting = set(invitation.roles) - set(granting.begins_at_once(invitation.roles, by=by))
    if waiting:
        granting.put_forward(waiting, for_=invitation, by=by)
    return invitation


@transaction.atomic
def send_again(invitation: Invitation, *, by: Actor) -> list[str]:
    """Mail a new link; the former one stops working. Roles for which the time ran out wait anew, and are returned.

    Raises NotAllowed, NotPossible when it was used or taken back.
    """
    permissions.manage_people(by)
    row = _open(invitation)
    Invitation.objects.filter(pk=row.pk).update(token_hash="", expires_at=None)
    queue(BEGIN_AGAIN if row.person_id else INVITED, row.pk)
    record(KernelVerb.INVITATION_SENT_AGAIN, by=by, on=row)
    return granting.wait_again(row, by=by)


@transaction.atomic
def revoke(invitation: Invitation, *, by: Actor) -> None:
    """Take an invitation back: its link stops working at once, and its roles wait no more.

    Raises NotAllowed, NotPossible when it was used meanwhile.
    """
    permissions.manage_people(by)
    row = _open(invitation)
    Invitation.objects.filter(pk=row.pk).update(revoked_at=timezone.now(), token_hash="")
    record(KernelVerb.INVITATION_REVOKED, by=by, on=row)
    granting.withdraw_all(granting.grants_of(row), by=by)


def lock_links_of(person: User) -> None:
    """Lock the open invitations to somebody and in their name, which is done before people are locked (`granting`)."""
    mine = Invitation.objects.open().filter(Q(person=person) | Q(invited_by=person))
    list(mine.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))


def end_links_of(person: User, *, by: Actor) -> None:
    """Let no link open that was mailed to somebody whose account closes; the caller has checked who does it."""
    _end(Invitation.objects.open().filter(person=person), by)


def end_links_from(person: User, *, by: Actor) -> None:
    """Let no link open that was mailed in the name of somebody whose account may be in other hands."""
    _end(Invitation.objects.open().filter(invited_by=person), by)


def _end(invitations: QuerySet[Invitation], by: Actor) -> None:
    for row in invitations.select_for_update(of=("self",)).order_by("pk"):
        Invitation.objects.filter(pk=row.pk).update(revoked_at=timezone.now(), token_hash="")
        record(KernelVerb.INVITATION_REVOKED, by=by, on=row)


def new_link(invitation_id: UUID) -> str:
    """Make the secret of a link, keep its hash, and return it: called at the moment of sending and never stored."""
    token = secrets.token_urlsafe(32)
    Invitation.objects.filter(pk=invitation_id).update(token_hash=hash_of(token), expires_at=timezone.now() + VALID_FOR)
    return token


def of_link(token: str) -> Invitation | None:
    """Return the invitation that this link opens, or None: used, taken back, run out or never made look the same."""
    return Invitation.objects.usable().filter(token_hash=hash_of(token)).first()


@transaction.atomic
def accept(token: str, *, name: str, password: str | None) -> User:
    """Use the link, once: make the account, or set the new password of the one it was for, and return the person.

    Somebody new begins with the roles that need nobody, and with those to which somebody has agreed within 14 days. Without a
    password the account opens with a passkey alone. Raises NotPossible for a link that does not work, ValidationError for a
    weak password.
    """
    row = Invitation.objects.select_for_update().usable().filter(token_hash=hash_of(token)).first()
    if row is None:
        raise NotPossible(_("This link does not work any more. Ask whoever invited you for another one."))
    person = User.objects.select_for_update(no_key=True).get(pk=row.person_id) if row.person_id else _somebody_new(row, name)
    if not person.is_active:
        raise NotPossible(_("This link does not work any more. Ask whoever invited you for another one."))
    if password:
        validate_password(password, person)
        person.set_password(password)
    else:
        person.set_unusable_password()
    person.full_clean(exclude=["password"])
    person.save()
    end_all_of(person.pk)
    Invitation.objects.filter(pk=row.pk).update(used_at=timezone.now(), token_hash="", person=person)
    granting.person_is_there(row, person)
    record(KernelVerb.INVITATION_ACCEPTED, by=person.actor, on=person)
    return person


@transaction.atomic
def let_set_password(person: User, *, by: Actor) -> Invitation:
    """Mail a link with which somebody sets a new password; the second factor stays. Raises NotAllowed, NotPossible."""
    permissions.manage_people(by)
    permissions.not_oneself(by, person.pk)
    invitation = _begin_again(person, by)
    record(KernelVerb.PASSWORD_LINK_SENT, by=by, on=person)
    return invitation


@transaction.atomic
def ask_reset(person: User, *, by: Actor) -> FactorReset:
    """Ask another administrator to reset a lost second factor. Raises NotAllowed, NotPossible when it is asked already."""
    permissions.manage_people(by)
    permissions.not_oneself(by, person.pk)
    try:
        with transaction.atomic():
            reset = FactorReset.objects.create(person=person, asked_by_id=permissions.staff_id(by))
    except IntegrityError:
        raise NotPossible(_("Somebody has asked for this already; another administrator decides.")) from None
    record(KernelVerb.RESET_ASKED, by=by, on=person)
    return reset


@transaction.atomic
def decide_reset(reset: FactorReset, *, allow: bool, by: Actor) -> None:
    """Allow it, as a second administrator: factors and password go, sessions end, a link to begin again is mailed. Or refuse.

    Raises NotAllowed for the wrong person, who asked and whom it is about; NotPossible when it was decided meanwhile.
    """
    permissions.manage_people(by)
    resets = FactorReset.objects.select_for_update(of=("self",)).select_related("person")
    row = resets.filter(pk=reset.pk, decided_at=None).first()
    if row is None:
        raise NotPossible(_("Somebody has decided this already."))
    permissions.not_oneself(by, row.person_id)
    permissions.somebody_else(by, row.asked_by_id)
    FactorReset.objects.filter(pk=row.pk).update(decided_by_id=by.staff_id, decided_at=timezone.now(), allowed=allow)
    if allow:
        lock_links_of(row.person)
        forget_factors(row.person)
        _begin_again(row.person, by)
    record(KernelVerb.RESET_ALLOWED if allow else KernelVerb.RESET_REFUSED, by=by, on=row.person)


@transaction.atomic
def reset_by_system(person: User, *, password: str) -> None:
    """Take the factors of somebody away and set a new password: for an operator, when no administrator can sign in.

    Raises ValidationError for a weak password.
    """
    validate_password(password, person)
    forget_factors(person)
    person.set_password(password)
    person.save(update_fields=["password"])
    record(KernelVerb.RESET_ALLOWED, by=SYSTEM, on=person)


def forget_factors(person: User) -> None:
    """Remove every second factor and the password of somebody, and end their sessions."""
    Authenticator.objects.filter(user_id=person.pk).delete()
    person.set_unusable_password()
    person.save(update_fields=["password"])
    end_all_of(person.pk)


def _somebody_new(invitation: Invitation, name: str) -> User:
    """Return the account, not saved yet. The roles stand beside the invitation, and whoever wrote that row alone gives none."""
    free = [role for role in invitation.roles if role not in BY_TWO]
    agreed = [role for role in granting.agreed_for(invitation) if role in invitation.roles]
    return User(email=invitation.email, name=name, roles=granting.in_order([*free, *agreed]))


def _begin_again(person: User, by: Actor) -> Invitation:
    if not User.objects.filter(pk=person.pk, is_active=True).exists():
        raise NotPossible(_("This account is closed. Open it again first."))
    Invitation.objects.open().filter(person=person).update(revoked_at=timezone.now(), token_hash="")
    invitation = _new(Invitation(email=person.email, roles=person.roles, person=person, invited_by_id=by.staff_id))
    queue(BEGIN_AGAIN, invitation.pk)
    return invitation


def _new(invitation: Invitation) -> Invitation:
    try:
        invitation.clean_fields(exclude={field.name for field in Invitation._meta.fields} - {"email"})
        invitation.validate_constraints()
    except ValidationError as error:
        raise NotPossible(" ".join(error.messages)) from None
    invitation.save(force_insert=True)
    return invitation


def _open(invitation: Invitation) -> Invitation:
    row = Invitation.objects.select_for_update().open().filter(pk=invitation.pk).first()
    if row is None:
        raise NotPossible(_("This invitation was used or taken back already."))
    return row
