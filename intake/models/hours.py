"""Times of intake are cut to the hour, so that the database alone does not tell when somebody was at a keyboard."""

from datetime import datetime

from django.utils import timezone


def this_hour() -> datetime:
    """Return the beginning of the present hour, UTC."""
    return timezone.now().replace(minute=0, second=0, microsecond=0)
