"""Codes of a case as names, in the reader's language: `{% load case_words %}`."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import get_language, get_language_info, gettext, ngettext

from cases.figures import FEWEST
from rainbowrail.countries import codes

register = template.Library()
HOUR = 3_600
DAY = 24 * HOUR


@register.filter
def how_long(moment: datetime) -> str:
    """Show the time from now to a moment, or since it, in its largest unit: "3 hours", "2 days", "under an hour"."""
    return span(abs(moment - timezone.now()))


@register.filter
def span(duration: timedelta) -> str:
    """Show a length of time in its largest unit."""
    seconds = duration.total_seconds()
    if seconds < HOUR:
        return gettext("under an hour")
    if seconds < 2 * DAY:
        return ngettext("%d hour", "%d hours", int(seconds // HOUR)) % (seconds // HOUR)
    return ngettext("%d day", "%d days", int(seconds // DAY)) % (seconds // DAY)


@register.filter
def few(count: int, floor: int = FEWEST) -> str:
    """Show how many there are, but no number under `floor`: so small a one would be about somebody."""
    if 0 < count < floor:
        return gettext("fewer than %d") % floor
    return number_format(count, force_grouping=True)


@register.filter
def country(alpha3: str) -> str:
    """Show the name of a country; a code that is not listed is shown as it is."""
    return codes.name(alpha3, get_language() or "en") if codes.is_code(alpha3) else alpha3


@register.filter
def language(code: str) -> str:
    """Show the name of a language; a code that Django does not know is shown as it is."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code or gettext("not stated")
