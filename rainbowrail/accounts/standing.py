"""What this browser session has proven: that the person who is signed in showed both factors, and when last.

A password alone signs somebody in who has no second factor yet, so that they can enrol; it opens nothing else (decision 0028).
The mark is of the session, not of the account: enrolling in one browser must not raise a session that somebody else opened with
a stolen password before.
"""

import time

from django.http import HttpRequest

from rainbowrail.accounts.models import User

KEY = "both_factors"
RECENT_SECONDS = 10 * 60


def mark(request: HttpRequest, person: User) -> None:
    """Note that this person has just shown both factors in this session."""
    request.session[KEY] = mark_of(person)


def raise_to_both(request: HttpRequest, person: User) -> None:
    """Raise the session of somebody who has just enrolled, under a new session key; of whoever stood higher nothing changes."""
    if not has_both_factors(request):
        request.session.cycle_key()
        mark(request, person)


def mark_of(person: User) -> dict[str, int]:
    """Return the mark: whose it is, and when (Unix seconds). It holds no factor and no address."""
    return {"person": person.pk, "at": int(time.time())}


def has_both_factors(request: HttpRequest) -> bool:
    """Whether the person signed in has shown both factors in this session."""
    return _shown_at(request) is not None


def is_recent(request: HttpRequest) -> bool:
    """Whether both factors were shown within the last ten minutes."""
    at = _shown_at(request)
    return at is not None and 0 <= time.time() - at < RECENT_SECONDS


def _shown_at(request: HttpRequest) -> int | None:
    shown = request.session.get(KEY)
    if not request.user.is_authenticated or not isinstance(shown, dict) or shown.get("person") != request.user.pk:
        return None
    return int(shown["at"])
