"""What the plan closes while it is in force: exports, for everybody, and the structured answers that say where somebody is."""

from typing import Final

from django.http import HttpRequest
from django.utils.translation import gettext as _

from rainbowrail.errors import NotPossible
from rainbowrail.panic.models import Panic

# Where somebody stays, by the keys under which answers, contact plans and plans of help hold it. The reasons of an urgency
# stay: they say for how many nights, not where, and people are helped in their order on such a day too.
PLACES: Final = frozenset(
    {"region", "location_type", "shelter_until", "shelter_nights_left", "trusted_person_nearby", "place", "staying_at"}
)
_MEMO = "_panic_in_force"


def in_force() -> bool:
    """Whether the plan is in force now. One query on an index that holds at most one row."""
    return Panic.objects.in_force().exists()


def in_force_for(request: HttpRequest) -> bool:
    """The same, asked once a request."""
    if not hasattr(request, _MEMO):
        setattr(request, _MEMO, in_force())
    return bool(getattr(request, _MEMO))


def check_exports() -> None:
    """Raise NotPossible while the plan is in force: what every export asks, through `rainbowrail.web.exports`."""
    if in_force():
        raise NotPossible(
            _("Nothing leaves the building now: the panic plan is in force. A lead, a manager or an administrator can say why.")
        )


def covered_keys(request: HttpRequest) -> frozenset[str]:
    """Return the keys that a page neither shows nor calls "not stated" now: none, or PLACES while the plan is in force."""
    return PLACES if in_force_for(request) else frozenset()
