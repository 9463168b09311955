"""A person's own sessions: which there are, and how they end one from afar."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rainbowrail.accounts import sessions
from rainbowrail.accounts.models import StaffSession, User
from rainbowrail.audit.record import record
from rainbowrail.audit.verbs import KernelVerb
from rainbowrail.crypto.errors import KeyMissing, OpenFailed

BROWSER = "browser"
# The first that fits: Edge says Chrome too, Chrome says Safari too.
FAMILIES = (("Firefox/", "Firefox"), ("Edg/", "Edge"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))


@dataclass(frozen=True, slots=True)
class Session:
    """One of my sessions. `seen_hour` is cut to the hour; `browser` is a family or empty."""

    id: UUID
    started_at: datetime
    seen_hour: datetime
    browser: str
    is_this: bool


def family_of(user_agent: str) -> str:
    """Return the coarse family of a browser, or an empty word; the rest of what it says of itself is dropped."""
    return next((family for mark, family in FAMILIES if mark in user_agent), "")


def mine(person: User, key: str) -> list[Session]:
    """Return the live sessions of a person, this one first, then the last used; one query."""
    here = sessions.hash_of(key)
    rows = StaffSession.objects.live().of(person.pk).order_by("-seen_at")
    listed = [
        Session(
            row.pk, row.started_at, row.seen_at.replace(minute=0, second=0, microsecond=0), _browser(row), row.key_hash == here
        )
        for row in rows
    ]
    return sorted(listed, key=lambda session: not session.is_this)


def end_one(person: User, session_id: UUID) -> bool:
    """End one session of a person; returns whether there was one."""
    ended, _by_model = StaffSession.objects.of(person.pk).filter(pk=session_id).delete()
    if ended:
        record(KernelVerb.SESSION_ENDED, by=person.actor, on=person, detail={"count": ended})
    return bool(ended)


def end_others(person: User, key: str) -> int:
    """End every session of a person but this one, and return how many ended."""
    ended = sessions.end_all_of(person.pk, but=key)
    record(KernelVerb.SESSION_ENDED, by=person.actor, on=person, detail={"count": ended})
    return ended


def _browser(row: StaffSession) -> str:
    try:
        return str(sessions.opened(row).get(BROWSER, ""))
    except (KeyMissing, OpenFailed):
        return ""
