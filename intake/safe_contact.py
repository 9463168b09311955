"""The contact plan, and whether a notice may go out under it now. Pure (domain.md, "Safe contact, enforced by the software").

A plan is the dict under `identity["contact"]`; every key may be absent, and absent is read the cautious way:

    channel        none | email | text | call       absent: none
    address        e-mail address or phone number
    from_hour, until_hour    0-23, local; both absent or equal: any hour
    utc_offset     minutes east of UTC, as the person's clock showed when they wrote
    shared_device  true | false                     absent: shared
    leave_message  true | false                     absent: no
    word           what both sides say at the start of a call
    confirmed_on   ISO date
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any

from intake.states import Channel
from rainbowrail.notifications.kinds import SEND_NOW, Decision, send_later, send_never

# Days since the plan was last confirmed (domain.md): 14 for EMERGENCY and URGENT, 60 otherwise. Intake does not know bands.
CAUTIOUS_DAYS = 14


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
    opens = _next_opening(plan, now)
    return SEND_NOW if opens is None else send_later(opens, "outside_hours")


def _next_opening(plan: Mapping[str, Any], now: datetime) -> datetime | None:
    """Return when the person's hours begin next, or None when they are now. Hours without a time zone are never now.

    Without an offset the hours cannot be placed; half a day of the window would be a guess, so UTC is used only when the
    person set no hours at all.
    """
    begin, end = plan.get("from_hour"), plan.get("until_hour")
    if begin is None or end is None or begin == end:
        return None
    local = now.astimezone(timezone(timedelta(minutes=int(plan.get("utc_offset") or 0))))
    inside = begin <= local.hour < end if begin < end else local.hour >= begin or local.hour < end
    if inside:
        return None
    opening = local.replace(hour=begin, minute=0, second=0, microsecond=0)
    return opening if opening > local else opening + timedelta(days=1)
