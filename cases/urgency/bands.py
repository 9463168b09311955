"""The four bands, and which one is in force."""

from enum import IntEnum


class Band(IntEnum):
    """The smaller the sooner, so that an index in rising order is the queue. A class of danger, never a count of points."""

    EMERGENCY = 0
    URGENT = 1
    ELEVATED = 2
    NORMAL = 3

    def __str__(self) -> str:
        return self.name


def more_urgent(*bands: Band) -> Band:
    """Return the most urgent of the bands; at least one is needed."""
    return min(bands)


def in_force(held: Band | None, policy: Band) -> Band:
    """Return the band of a case: the higher of the one in force and the policy's. Only a person lowers it, with a reason.

    `held` is None before the first scoring.
    """
    return policy if held is None else more_urgent(held, policy)


def would_lower(held: Band, policy: Band) -> bool:
    """Say whether the policy's word is below the band in force: the case stays, and joins the list for a person to confirm."""
    return policy > held
