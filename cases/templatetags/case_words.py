"""Codes of a case as names, in the reader's language: `{% load case_words %}`."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.translation import get_language, get_language_info, gettext, ngettext

from rainbowrail.countries import codes

register = template.Library()
HOUR = 3_600
DAY = 24 * HOUR


@register.filter
def how_long(moment: datetime) -> str:
    """Show the time from now to a moment, or since it, in its largest unit: "3 hours", "2 days", "under an hour"."""
    seconds = abs((moment - timezone.now()).total_seconds())
    if seconds < HOUR:
        return gettext("under an hour")
    if seconds < 2 * DAY:
        return ngettext("%d hour", "%d hours", int(seconds // HOUR)) % (seconds // HOUR)
    return ngettext("%d day", "%d days", int(seconds // DAY)) % (seconds // DAY)


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
