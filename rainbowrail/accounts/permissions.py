"""Checks of roles that every app words in its own permissions."""

from django.utils.translation import gettext as _

from rainbowrail.actors import SYSTEM, Actor
from rainbowrail.errors import NotAllowed
from rainbowrail.roles import AGREERS, Role


def has_role(by: Actor, *roles: Role) -> bool:
    """Whether the actor has at least one of these roles; applicants and the system have none."""
    return bool(by.roles & {str(role) for role in roles})


def check_role(by: Actor, *roles: Role, to: str) -> None:
    """Raise NotAllowed unless the actor has one of the roles. `to` is the thing done, in words that end a sentence."""
    if not has_role(by, *roles):
        names = ", ".join(str(role.label) for role in roles)
        raise NotAllowed(_("To %(do_it)s you need one of these roles: %(roles)s.") % {"do_it": to, "roles": names})


def manage_people(by: Actor) -> None:
    """Administrators manage staff accounts; so does the system, for the first account of an installation."""
    if by is not SYSTEM:
        check_role(by, Role.ADMINISTRATOR, to=_("change staff accounts"))


def agree_to_roles(by: Actor) -> None:
    """Triage leads, managers and administrators are the second person of a role that somebody else gave."""
    check_role(by, *sorted(AGREERS), to=_("agree to roles that somebody gives"))


def not_oneself(by: Actor, person_id: int) -> None:
    """Nobody changes, closes or resets their own account: that takes somebody else."""
    if by.staff_id == person_id:
        raise NotAllowed(_("Nobody does this to their own account. Ask another administrator."))


def somebody_else(by: Actor, first_id: int) -> None:
    """What takes two people is not done by one."""
    if by.staff_id == first_id:
        raise NotAllowed(_("You asked for this yourself; another administrator decides."))


def staff_id(by: Actor) -> int:
    """Return the id of the member of staff who acts. Raises NotAllowed for applicant and system."""
    if by.staff_id is None:
        raise NotAllowed(_("Only a member of staff does this."))
    return by.staff_id
