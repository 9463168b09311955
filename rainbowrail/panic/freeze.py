"""What the plan closes while it is in force: exports, for everybody, and the structured answers that say where somebody is."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext as _

from rainbowrail.errors import NotPossible
from rainbowrail.panic.models import Panic

# Where somebody stays, by the keys under which answers, contact plans and plans of help hold it, on whatever level.
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


def covered(request: HttpRequest, answers: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return answers as a page may show them now: without what says where the person is, while the plan is in force."""
    return without_places(answers) if in_force_for(request) else answers


def without_places(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers without what says where the person is, however deep it stands."""
    return {
        key: without_places(value) if isinstance(value, Mapping) else value
        for key, value in answers.items()
        if key not in PLACES
    }
