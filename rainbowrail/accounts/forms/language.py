"""Which language the pages and mails of a member of staff are in."""

from collections.abc import Iterable

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from rainbowrail.web.forms import PageForm


def staff_languages() -> Iterable[tuple[str, object]]:
    """Return what can be chosen: each language under its own name, and to follow the browser."""
    names = dict(settings.LANGUAGES)
    return [*((code, names[code]) for code in settings.STAFF_LANGUAGES), ("", _("What my browser asks for"))]


class LanguageForm(PageForm):
    language = forms.ChoiceField(
        label=_("Which language do you read?"), choices=staff_languages, required=False, widget=forms.RadioSelect,
        help_text=_("For every page, on every device, and for mails to you."),
    )  # fmt: skip
