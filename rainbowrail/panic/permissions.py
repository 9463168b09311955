"""Who begins the panic plan, and the rule of two people: for the hosts, and for the end."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from rainbowrail.actors import Actor
from rainbowrail.errors import NotAllowed
from rainbowrail.roles import Role

KEEPERS = (Role.TRIAGE_LEAD, Role.MANAGER, Role.ADMINISTRATOR)


def check_keeper(by: Actor, plan: Any = None) -> None:
    """Triage leads, managers and administrators hold the plan: whoever of them notices first begins it."""
    if not by.roles & {role.value for role in KEEPERS}:
        raise NotAllowed(_("Only a triage lead, a manager or an administrator does this. Call one of them at once."))


def check_confirm_hosts(by: Actor, plan: Any) -> None:
    check_keeper(by)
    if by.staff_id == plan.begun_by_id:
        raise NotAllowed(_("You began the plan. A second person must look at the hosts and confirm that they are ours."))


def check_end(by: Actor, plan: Any) -> None:
    check_keeper(by)
    if by.staff_id == plan.end_asked_by_id:
        raise NotAllowed(_("You asked to end the plan. A second person must agree."))


def person(by: Actor) -> int:
    """Return the id of the member of staff who acts. Raises NotAllowed for applicant and system."""
    if by.staff_id is None:
        raise NotAllowed(_("Only staff hold the panic plan."))
    return by.staff_id
