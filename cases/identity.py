"""The opened identity as lines for the page: how to call the person, and how to reach them without harm. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from intake.states import Channel


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `value` empty means not stated."""

    label: str | Promise
    value: str


def lines_of(identity: Mapping[str, Any]) -> Iterator[Line]:
    """Yield what `HelpRequest.identity` holds, in the order in which somebody about to call must read it."""
    plan: Mapping[str, Any] = identity.get("contact") or {}
    yield Line(_("Name to call them"), str(identity.get("call_you") or ""))
    yield Line(_("Pronouns"), str(identity.get("pronouns") or ""))
    channel = plan.get("channel") or Channel.NONE
    yield Line(_("Contact"), str(Channel(channel).label) if channel in Channel.values else str(channel))
    if channel == Channel.NONE:
        return
    yield Line(_("Ask for this word first"), str(plan.get("word") or ""))
    yield Line(_("Address or number"), str(plan.get("address") or ""))
    yield Line(_("Safe hours, their time"), _hours(plan))
    yield Line(_("Others use the device"), _yes_no(plan.get("shared_device"), unknown=_("not stated: assume yes")))
    yield Line(_("A message may be left"), _yes_no(plan.get("leave_message"), unknown=_("not stated: no")))
    yield Line(_("Last confirmed"), str(plan.get("confirmed_on") or ""))


def _hours(plan: Mapping[str, Any]) -> str:
    begin, end, offset = plan.get("from_hour"), plan.get("until_hour"), plan.get("utc_offset")
    if begin is None or end is None or begin == end:
        return _("any hour")
    zone = "" if offset is None else f" (UTC{'+' if offset >= 0 else '−'}{abs(offset) // 60:02d}:{abs(offset) % 60:02d})"
    return f"{begin:02d}:00–{end:02d}:00{zone}"


def _yes_no(value: object, *, unknown: str) -> str:
    return {True: _("yes"), False: _("no")}[value] if isinstance(value, bool) else unknown
