"""Who did it: for columns that name a member of staff."""

from django.utils.translation import gettext as _

from rainbowrail.actors import Actor
from rainbowrail.errors import NotAllowed


def staff_id_of(by: Actor) -> int:
    """Return the member of staff. Raises NotAllowed for an applicant and for the system."""
    if by.staff_id is None:
        raise NotAllowed(_("Only a member of staff does this."))
    return by.staff_id
