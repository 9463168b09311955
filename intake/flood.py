"""Whether somebody floods the door: a rate, measured over everybody; nobody's address (docs/decisions/0093, 0043).

What is counted is presses of *Send* and new drafts, a minute. Above the threshold a flag goes up for TEN minutes; while it is
up, half the threshold keeps it up, so that it does not flutter. Safe for the public process, which alone counts; staff read
the flag. With Redis gone each process counts for itself, with its share of the threshold.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from intake import limiter
from intake.limiter import Budget

FLAG = "flood"
CALM_SECONDS = 10 * 60
# While it is on, this share of the threshold keeps it on.
STILL = 0.5
# Far more people begin than send.
DRAFTS_FOR_ONE_SENT = 4
# A process that counts for itself sees a part of the rate only: production runs a few of them.
PROCESSES = 4


def note_send() -> None:
    """Count a press of *Send*, whether or not it was let through."""
    _note("flood-send", 1)


def note_draft() -> None:
    """Count a new draft."""
    _note("flood-draft", DRAFTS_FOR_ONE_SENT)


def is_on() -> bool:
    """Whether a flood is on. One short question to Redis."""
    return settings.FLOOD_A_MINUTE > 0 and limiter.is_raised(FLAG)


def complaints() -> Iterator[str]:
    """For `manage.py doctor`: a flood that is on."""
    if is_on():
        yield (
            f"A flood is on: more than {settings.FLOOD_A_MINUTE} requests a minute were sent within the last "
            f"{CALM_SECONDS // 60} minutes. Applicants solve a puzzle or wait before sending; nobody is refused. What was sent "
            "without the puzzle stands under “Set aside”. RAINBOWRAIL_FLOOD_A_MINUTE sets the rate."
        )


def _note(name: str, times: int) -> None:
    threshold = settings.FLOOD_A_MINUTE * times
    if threshold <= 0:
        return
    share = limiter.share_taken(Budget(name, a_minute=threshold, alone=max(1, threshold // PROCESSES)))
    # Asking whether it is on costs one more trip, so only where the answer matters.
    if share > 1 or (share > STILL and limiter.is_raised(FLAG)):
        limiter.raise_flag(FLAG, seconds=CALM_SECONDS)
