"""The keys of the pages of cases."""

from django.utils.translation import gettext_lazy as _

from cases.need_to_know import READERS
from cases.permissions import SEARCHERS
from rainbowrail.web.shortcuts import Shortcut, register

SEARCH_FIELD, NOTE_FIELD = "#search_words", "#note_text"


def join() -> None:
    """Join the list; CasesConfig.ready calls this once."""
    register(Shortcut("/", _("Search for a person"), "cases:queue", SEARCH_FIELD, roles=SEARCHERS, place=2))
    register(Shortcut("g q", _("Go to the queue"), "cases:queue", roles=READERS, place=10))
    register(Shortcut("g s", _("Go to the search"), "cases:queue", SEARCH_FIELD, roles=SEARCHERS, place=11))
    register(Shortcut("g c", _("Go to “Care”"), "cases:care", roles=READERS, place=12))
    register(Shortcut("n", _("On a case: write a note"), focus=NOTE_FIELD, roles=READERS, place=20))
