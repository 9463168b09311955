"""The opened identity as lines for the page: how to call the person, and how to reach them without harm. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from intake.models import ContactPlan
from intake.states import Channel

REACHING: dict[str, str | Promise] = {
    "through_me": gettext_lazy("only through the one who wrote"),
    "direct": gettext_lazy("directly, with care"),
    "own_way": gettext_lazy("they will write themselves"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `value` empty means not stated."""

    label: str | Promise
    value: str


def lines_of(identity: Mapping[str, Any], plans: Sequence[ContactPlan] = ()) -> Iterator[Line]:
    """Yield what `HelpRequest.identity` holds, in the order in which somebody about to call must read it.

    `plans` are the later contact plans, the newest first: the first of them is in force, those behind it are closed.
    """
    newest, older = (plans[0], plans[1:]) if plans else (None, ())
    yield from _in_force(identity, newest.plan if newest else identity.get("contact") or {}, of_filer=newest is None)
    if newest is not None and older:
        yield Line(_("This plan since"), date_format(newest.since_on, "DATE_FORMAT"))
    for closed in older:
        ended = date_format(closed.ended_on, "DATE_FORMAT") if closed.ended_on else ""
        yield Line(_("Do not use: plan until %(day)s") % {"day": ended}, _in_short(closed.plan))


def _in_force(identity: Mapping[str, Any], plan: Mapping[str, Any], *, of_filer: bool) -> Iterator[Line]:
    yield Line(_("Name to call them"), str(identity.get("call_you") or ""))
    yield Line(_("Pronouns"), str(identity.get("pronouns") or ""))
    yield from _of_filer(identity, of_filer=of_filer)
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


def _in_short(plan: Mapping[str, Any]) -> str:
    channel = plan.get("channel") or Channel.NONE
    words = str(Channel(channel).label) if channel in Channel.values else str(channel)
    return " · ".join(piece for piece in (words, str(plan.get("address") or "")) if piece)


def _of_filer(identity: Mapping[str, Any], *, of_filer: bool) -> Iterator[Line]:
    """Yield what somebody who filed for the person said of themselves, and of how to reach the person.

    `of_filer`: the plan that follows is still theirs, and not one that the person gave since.
    """
    if name := identity.get("filer_call_you"):
        yield Line(_("Who wrote for them"), str(name))
    said: Mapping[str, Any] = identity.get("contact") or {}
    how = str(said.get("person_how") or "")
    if how or said.get("person_address") or said.get("person_careful"):
        yield Line(_("Reaching the person"), str(REACHING.get(how, how)))
        yield Line(_("The person's address or number"), str(said.get("person_address") or ""))
        yield Line(_("Be careful about"), str(said.get("person_careful") or ""))
        if of_filer:
            yield Line(_("What follows is how to reach"), _("the one who wrote"))


def _hours(plan: Mapping[str, Any]) -> str:
    begin, end, offset = plan.get("from_hour"), plan.get("until_hour"), plan.get("utc_offset")
    if begin is None or end is None or begin == end:
        return _("any hour")
    zone = "" if offset is None else f" (UTC{'+' if offset >= 0 else '−'}{abs(offset) // 60:02d}:{abs(offset) % 60:02d})"
    return f"{begin:02d}:00–{end:02d}:00{zone}"


def _yes_no(value: object, *, unknown: str) -> str:
    return {True: _("yes"), False: _("no")}[value] if isinstance(value, bool) else unknown
