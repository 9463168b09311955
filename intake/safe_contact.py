"""The contact plan, and whether a notice may go out under it now. Pure (domain.md, "Safe contact, enforced by the software").

A plan is the dict under `identity["contact"]`; every key may be absent, and absent is read the cautious way:

    channel        none | email | text | call       absent: none
    address        e-mail address or phone number
    from_hour, until_hour    0-23 on the person's clock; one absent, or both equal: any hour
    utc_offset     minutes east of UTC, as that clock showed when they wrote; absent with hours: never
    shared_device  true | false                     absent: shared
    leave_message  true | false                     absent: no
    word           what both sides say at the start of a call
    confirmed_on   ISO date
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any

from intake.states import CAUTIOUS_DAYS, Channel
from rainbowrail.notifications.kinds import SEND_NOW, Decision, send_later, send_never


def decide(plan: Mapping[str, Any], *, channel: Channel, now: datetime, most_days: int = CAUTIOUS_DAYS) -> Decision:
    """Say whether a notice by `channel` may go out at `now` (aware): now, later when the person's hours begin, or never.

    A notice is a message that stays on a device; on one that others hold, or may hold, it needs the person's own yes.
    """
    if plan.get("channel") != channel or channel not in {Channel.EMAIL, Channel.TEXT}:
        return send_never("other_channel")
    if not plan.get("address"):
        return send_never("no_address")
    if plan.get("shared_device") is not False and plan.get("leave_message") is not True:
        return send_never("shared_device")
    confirmed = plan.get("confirmed_on")
    if not confirmed or (now.date() - date.fromisoformat(confirmed)).days > most_days:
        return send_never("not_confirmed_lately")
    begin, end = plan.get("from_hour"), plan.get("until_hour")
    if begin is None or end is None or begin == end:
        return SEND_NOW
    if plan.get("utc_offset") is None:
        return send_never("hours_without_clock")  # eight in the evening of which clock? A guess could be their father's dinner
    opens = _next_opening(int(begin), int(end), int(plan["utc_offset"]), now)
    return SEND_NOW if opens is None else send_later(opens, "outside_hours")


def _next_opening(begin: int, end: int, utc_offset: int, now: datetime) -> datetime | None:
    """Return when the hours from `begin` to `end` come next on the person's clock, or None when they are now."""
    local = now.astimezone(timezone(timedelta(minutes=utc_offset)))
    inside = begin <= local.hour < end if begin < end else local.hour >= begin or local.hour < end
    if inside:
        return None
    opening = local.replace(hour=begin, minute=0, second=0, microsecond=0)
    return opening if opening > local else opening + timedelta(days=1)
