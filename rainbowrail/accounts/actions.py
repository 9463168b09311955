"""What administrators do with staff accounts; each is one line in the trail."""

from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from rainbowrail.accounts import permissions
from rainbowrail.accounts.models import User
from rainbowrail.actors import Actor
from rainbowrail.audit.record import record
from rainbowrail.audit.verbs import KernelVerb
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
    """Give a person exactly these roles. Raises NotAllowed for the wrong person."""
    permissions.manage_people(by)
    person.roles = _sorted(roles)
    person.full_clean(exclude=["password"])
    person.save(update_fields=["roles"])
    record(KernelVerb.ROLES_CHANGED, by=by, on=person, detail={"roles": ",".join(person.roles)})
    return person


@transaction.atomic
def deactivate(person: User, *, by: Actor) -> User:
    """Close an account: its open sessions end with the next request. Raises NotAllowed for the wrong person."""
    permissions.manage_people(by)
    person.is_active = False
    person.save(update_fields=["is_active"])
    record(KernelVerb.PERSON_DEACTIVATED, by=by, on=person)
    return person


def _sorted(roles: Iterable[Role]) -> list[str]:
    return sorted({Role(role).value for role in roles})
