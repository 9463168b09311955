"""What administrators do with staff accounts; each is one line in the trail."""

from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils.translation import gettext as _

from rainbowrail.accounts import granting, holdings, inviting, permissions
from rainbowrail.accounts.models import User
from rainbowrail.accounts.notifications import tell_closed_at_once, tell_of_roles
from rainbowrail.accounts.sessions import end_all_of
from rainbowrail.actors import SYSTEM, Actor
from rainbowrail.audit.record import record
from rainbowrail.audit.verbs import KernelVerb
from rainbowrail.errors import NotPossible
from rainbowrail.roles import Role


@transaction.atomic
def add_person(email: str, *, name: str, roles: Iterable[Role], password: str | None, by: Actor) -> User:
    """Make a staff account and return it; without a password it cannot sign in yet.

    The roles that take two wait for a second person, unless the system gives them. Raises ValidationError for an address that
    has an account or a weak password, ValueError for an unknown role, NotAllowed for the wrong person.
    """
    permissions.manage_people(by)
    wanted = granting.in_order(roles)
    person = User(email=email.strip().lower(), name=name, roles=granting.begins_at_once(wanted, by=by))
    if password is None:
        person.set_unusable_password()
    else:
        validate_password(password, person)
        person.set_password(password)
    person.full_clean()
    person.save()
    record(KernelVerb.PERSON_ADDED, by=by, on=person, detail={"roles": ",".join(person.roles)})
    if wanted != person.roles:
        granting.put_forward(set(wanted) - set(person.roles), for_=person, by=by)
    return person


@transaction.atomic
def add_at_the_host(email: str, *, name: str, roles: Iterable[Role], password: str) -> User:
    """Make an account as the operator: its roles begin at once, and everybody who could have agreed gets a mail.

    Raises ValidationError as `add_person` does.
    """
    person = add_person(email, name=name, roles=roles, password=password, by=SYSTEM)
    tell_of_roles(person.roles)
    return person


@transaction.atomic
def change_roles(person: User, *, roles: Iterable[Role], by: Actor) -> list[str]:
    """Give a person exactly these roles, and return those that now wait for a second person.

    What is taken away goes at once, also what waited. When their roles change, their sessions end, so that nothing stays open
    that the former roles opened. Raises NotAllowed for the wrong person and for one's own roles, NotPossible for the last
    administrator, for a closed account, and while they hold what needs a role that they would lose.
    """
    permissions.manage_people(by)
    permissions.not_oneself(by, person.pk)
    wanted = set(granting.in_order(roles))
    if Role.ADMINISTRATOR not in wanted:
        _check_not_last_administrator(person)
    row = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    held = sorted(wanted & set(row.roles) | set(granting.begins_at_once(wanted, by=by)))
    if wanted - set(held) and not row.is_active:
        raise NotPossible(_("This account is closed. Open it again first."))
    holdings.check_empty(row.pk, keeps=frozenset(held), by=by)
    granting.withdraw_all(granting.grants_of(row).exclude(role__in=wanted - set(held)), by=by)
    if wanted != set(held):
        granting.put_forward(wanted - set(held), for_=row, by=by)
    _set_roles(row, held, by)
    person.roles = held
    return sorted(wanted - set(held))


def _set_roles(row: User, held: list[str], by: Actor) -> None:
    if held == sorted(row.roles):
        return
    if Role.ADMINISTRATOR not in held:
        granting.giver_is_gone(row.pk)
    begun = set(held) - set(row.roles)
    row.roles = held
    row.full_clean(exclude=["password"])
    row.save(update_fields=["roles"])
    tell_of_roles(begun)
    end_all_of(row.pk)
    record(KernelVerb.ROLES_CHANGED, by=by, on=row, detail={"roles": ",".join(held)})


@transaction.atomic
def deactivate(person: User, *, by: Actor) -> User:
    """Close an account: its sessions end at once.

    Raises NotAllowed for the wrong person and for oneself, NotPossible for the last administrator and while they hold something
    that would then belong to nobody.
    """
    permissions.manage_people(by)
    permissions.not_oneself(by, person.pk)
    inviting.lock_links_of(person)
    _check_not_last_administrator(person)
    holdings.check_empty(person.pk, by=by)
    _shut(person, by)
    record(KernelVerb.PERSON_DEACTIVATED, by=by, on=person)
    return person


@transaction.atomic
def suspend(person: User, *, by: Actor) -> User:
    """Close an account this moment, whatever the person holds: it may be in other hands (decision 0082).

    Also the invitations that went out in their name end. What they hold waits on the page “Hand-over”; everybody who leads gets
    a mail. Pressing twice is closing once. Raises NotAllowed for the wrong person and for oneself, NotPossible for the last
    administrator.
    """
    permissions.manage_people(by)
    permissions.not_oneself(by, person.pk)
    inviting.lock_links_of(person)
    _check_not_last_administrator(person)
    row = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if row.is_active:
        _shut(row, by)
        inviting.end_links_from(row, by=by)
        record(KernelVerb.PERSON_SUSPENDED, by=by, on=row)
        tell_closed_at_once()
    person.is_active = False
    return row


def _shut(person: User, by: Actor) -> None:
    """Close it; the caller has locked the invitations of the person (`inviting.lock_links_of`) before anybody."""
    person.is_active = False
    person.save(update_fields=["is_active"])
    end_all_of(person.pk)
    inviting.end_links_of(person, by=by)
    granting.account_is_closed(person)
    granting.giver_is_gone(person.pk)


@transaction.atomic
def reopen(person: User, *, by: Actor) -> User:
    """Open a closed account again. Roles that take two do not come back by one person: they wait for another.

    Does nothing to an account that is open. Raises NotAllowed for the wrong person and for oneself.
    """
    permissions.manage_people(by)
    permissions.not_oneself(by, person.pk)
    row = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if row.is_active:
        return row
    had = granting.in_order(row.roles)
    row.is_active = True
    row.save(update_fields=["is_active"])
    record(KernelVerb.PERSON_REOPENED, by=by, on=row)
    held = granting.begins_at_once(had, by=by)
    if held != had:
        granting.put_forward(set(had) - set(held), for_=row, by=by)
        _set_roles(row, held, by)
    person.is_active, person.roles = True, held
    return row


def _check_not_last_administrator(person: User) -> None:
    """Raise NotPossible when nobody else could manage people. The rows are locked, so that two do not remove each other."""
    rows = User.objects.with_role(Role.ADMINISTRATOR).select_for_update(no_key=True).order_by("pk")
    administrators = list(rows.values_list("pk", flat=True))
    if administrators == [person.pk]:
        raise NotPossible(_("This is the last administrator. Make somebody else one first."))
