"""What the codes mean that the trail keeps of work on cases, for the people who read it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from cases.states import CaseState, CloseReason, DismissalWhy, ErasureWhy, NextStep
from cases.workflow import MOVES

BANDS: Mapping[str, Promise] = {
    "EMERGENCY": pgettext_lazy("urgency", "Emergency"),
    "URGENT": pgettext_lazy("urgency", "Urgent"),
    "ELEVATED": pgettext_lazy("urgency", "Elevated"),
    "NORMAL": pgettext_lazy("urgency", "Normal"),
}

# What was opened that may be hard to read, what was searched for, which list of coming erasures was looked at.
KINDS: Mapping[str, Promise] = {
    "account": pgettext_lazy("opened", "account"),
    "picture": pgettext_lazy("opened", "picture"),
    "file": pgettext_lazy("opened", "file"),
    "reference": pgettext_lazy("searched for", "reference"),
    "email": pgettext_lazy("searched for", "e-mail address"),
    "number": pgettext_lazy("searched for", "number"),
    "name": pgettext_lazy("searched for", "name"),
    "cases": pgettext_lazy("coming erasures", "people and their cases"),
    "packets": pgettext_lazy("coming erasures", "our copies of packets"),
}

# Where one saw something of cases in a list; the line is the trail's own.
LISTS: Mapping[str, Promise] = {
    "queue": pgettext_lazy("seen in a list", "the queue"),
    "access": pgettext_lazy("seen in a list", "cases opened for others"),
    "duplicates": pgettext_lazy("seen in a list", "possible duplicates"),
}


def trail_codes() -> dict[str, Mapping[str, str | Promise]]:
    """Return the words of each code, by the key of the detail that it stands under."""
    why = {one.value: one.label for kind in (CloseReason, ErasureWhy, DismissalWhy) for one in kind}
    return {
        "left": {one.value: one.label for one in CaseState},
        "entered": {one.value: one.label for one in CaseState},
        "move": {one.name: one.label for one in MOVES},
        "step": {one.value: one.label for one in NextStep},
        "cause": why,
        "kind": KINDS,
        **dict.fromkeys(("band", "from_band", "to_band"), BANDS),
    }
