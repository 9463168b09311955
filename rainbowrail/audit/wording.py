"""A line of the trail in words: who, when they may be gone; which detail, and what its codes mean. Pure."""

from collections.abc import Iterator, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rainbowrail.crypto.compartments import Compartment
from rainbowrail.roles import Role

type Words = str | Promise

KEYS: Final[Mapping[str, Words]] = {
    "band": _("band"),
    "cause": _("cause"),
    "channel": _("channel"),
    "code": _("code"),
    "compartment": _("part"),
    "count": _("how many"),
    "entered": _("now"),
    "found": _("found"),
    "from_band": _("band before"),
    "kind": _("kind"),
    "left": _("before"),
    "format": _("format"),
    "move": _("step"),
    "owner": _("owner"),
    "page": _("page"),
    "person": _("person"),
    "programme": _("programme"),
    "reason_code": _("why"),
    "referral": _("referral"),
    "role": _("role"),
    "roles": _("roles"),
    "size": _("size"),
    "state": _("stage"),
    "status": _("answer"),
    "step": _("next step"),
    "to_band": _("band after"),
    "tries": _("tries"),
    "version": _("version"),
}
COMPARTMENTS: Final[Mapping[str, Words]] = {
    Compartment.IDENTITY: _("who the person is"),
    Compartment.STORY: _("what the person told us"),
    Compartment.CONVERSATION: _("messages"),
    Compartment.CASEWORK: _("notes and assessments"),
    Compartment.EVIDENCE: _("a file"),
}
THINGS: Final[Mapping[str, Words]] = {
    "cases.case": "",  # the line names it beside
    "cases.note": _("note"),
    "cases.hardmark": _("mark of what is hard to read"),
    "cases.secondreading": _("second reading"),
    "cases.restriction": _("hidden from somebody"),
    "cases.slot": _("booked time"),
    "intake.message": _("message"),
    "intake.evidence": _("file"),
    "intake.helprequest": _("request"),
    "referrals.referral": _("referral"),
    "referrals.sentpacket": _("sent file"),
    "referrals.recipient": _("official"),
    "referrals.consentrecord": _("consent"),
    "accounts.user": _("member of staff"),
    "accounts.invitation": _("invitation"),
    "notifications.notification": _("notice"),
    "panic.panic": _("panic plan"),
}

# What the codes of an app mean, by app and key of the detail: two apps may call two things "ready".
_codes: dict[tuple[str, str], Mapping[str, Words]] = {}


def register_codes(app: str, key: str, words: Mapping[str, Words]) -> None:
    """Give the codes that an app records under a key their words, from its `ready`."""
    _codes[app, key] = words


def detail_in_words(verb: str, detail: Mapping[str, object], people: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    """Yield each detail of a line as (label, value); a code that has no words is shown as it is."""
    app = verb.partition(".")[0]
    for key, value in detail.items():
        words = _codes.get((app, key), {}).get(str(value))
        yield str(KEYS.get(key, key)), str(words) if words is not None else _value(key, value, people)


def _value(key: str, value: object, people: Mapping[int, str]) -> str:
    if key == "compartment":
        return str(COMPARTMENTS.get(str(value), value))
    if key in {"role", "roles"}:
        return ", ".join(str(Role(role).label) if role in Role.values else role for role in str(value).split(",") if role)
    if key in {"owner", "person"} and str(value).isdigit():
        return people.get(int(str(value)), str(value))
    return str(value)


def thing_in_words(thing: str) -> str:
    """Return the word for a kind of thing; nothing for one that has none here, of which the verb says enough."""
    return str(THINGS.get(thing, ""))
