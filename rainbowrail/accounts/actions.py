"""What administrators do with staff accounts; each is one line in the trail."""

from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils.translation import gettext as _

from rainbowrail.accounts import holdings, permissions
from rainbowrail.accounts.models import User
from rainbowrail.accounts.notifications import tell_of_roles
from rainbowrail.accounts.sessions import end_all_of
from rainbowrail.actors import Actor
from rainbowrail.audit.record import record
from rainbowrail.audit.verbs import KernelVerb
from rainbowrail.errors import NotPossible
from rainbowrail.roles import Role


@transaction.atomic
def add_person(email: str, *, name: str, roles: Iterable[Role], password: str | None, by: Actor) -> User:
    """Make a staff account and return it; without a password it cannot sign in yet.

    Raises ValidationError for an address that has an account, an unknown role or a weak password; NotAllowed for the wrong
    person.
    """
    permissions.manage_people(by)
    person = User(email=email.strip().lower(), name=name, roles=_sorted(roles))
    if password is None:
        person.set_unusable_password()
    else:
        validate_password(password, person)
        person.set_password(password)
    person.full_clean()
    person.save()
    record(KernelVerb.PERSON_ADDED, by=by, on=person, detail={"roles": ",".join(person.roles)})
    return person


@transaction.atomic
def change_roles(person: User, *, roles: Iterable[Role], by: Actor) -> User:
    """Give a person exactly these roles.

    Their sessions end, so that nothing stays open that the former roles opened. Raises NotAllowed for the wrong person and for
    one's own roles, NotPossible for the last administrator and while they hold what needs a role that they would lose.
    """
    permissions.manage_people(by)
    permissions.not_oneself(by, person.pk)
    kept = _sorted(roles)
    if Role.ADMINISTRATOR not in kept:
        _check_not_last_administrator(person)
    holdings.check_empty(person.pk, keeps=frozenset(kept))
    given = set(kept) - set(person.roles)
    person.roles = kept
    person.full_clean(exclude=["password"])
    person.save(update_fields=["roles"])
    tell_of_roles(given)
    end_all_of(person.pk)
    record(KernelVerb.ROLES_CHANGED, by=by, on=person, detail={"roles": ",".join(person.roles)})
    return person


@transaction.atomic
def deactivate(person: User, *, by: Actor) -> User:
    """Close an account: its sessions end at once.

    Raises NotAllowed for the wrong person and for oneself, NotPossible for the last administrator and while they hold something
    that would then belong to nobody.
    """
    permissions.manage_people(by)
    permissions.not_oneself(by, person.pk)
    _check_not_last_administrator(person)
    holdings.check_empty(person.pk)
    person.is_active = False
    person.save(update_fields=["is_active"])
    end_all_of(person.pk)
    record(KernelVerb.PERSON_DEACTIVATED, by=by, on=person)
    return person


@transaction.atomic
def reopen(person: User, *, by: Actor) -> User:
    """Open a closed account again. Raises NotAllowed for the wrong person."""
    permissions.manage_people(by)
    person.is_active = True
    person.save(update_fields=["is_active"])
    record(KernelVerb.PERSON_REOPENED, by=by, on=person)
    return person


def _check_not_last_administrator(person: User) -> None:
    """Raise NotPossible when nobody else could manage people. The rows are locked, so that two do not remove each other."""
    rows = User.objects.with_role(Role.ADMINISTRATOR).select_for_update().order_by("pk")
    administrators = list(rows.values_list("pk", flat=True))
    if administrators == [person.pk]:
        raise NotPossible(_("This is the last administrator. Make somebody else one first."))


def _sorted(roles: Iterable[Role]) -> list[str]:
    return sorted({Role(role).value for role in roles})
