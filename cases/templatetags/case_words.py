"""Codes of a case as names, in the reader's language: `{% load case_words %}`."""

from django import template
from django.utils.translation import get_language, get_language_info, gettext

from rainbowrail.countries import codes

register = template.Library()


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
