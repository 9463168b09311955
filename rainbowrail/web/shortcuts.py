"""Keys for whoever works without a mouse: one list, from which the dialog, the plain page and the script are made.

Apps add theirs when they are ready. A key never fires in a field, nor with Ctrl, Alt or Meta, and each person can switch all of
them off (WCAG 2.1.4), for those whose speech or shaking hands would press them.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from rainbowrail.roles import Role
from rainbowrail.web.doors import staff_page


@dataclass(frozen=True, slots=True)
class Shortcut:
    """`keys` as they are pressed one after the other ("g q"). It moves to the field or link `focus` (a selector) where the page
    has it, else to the page `url_name`; `list_step` goes through the lines of a list. `roles` empty: for everybody."""

    keys: str
    label: str | Promise
    url_name: str = ""
    focus: str = ""
    list_step: str = ""
    roles: frozenset[Role] = frozenset()
    place: int = 50

    @property
    def url(self) -> str:
        return reverse(self.url_name) if self.url_name else ""

    @property
    def strokes(self) -> list[str]:
        return self.keys.split()


_shortcuts: dict[str, Shortcut] = {}


def register(shortcut: Shortcut) -> None:
    """Add a shortcut, from an app's `ready`; the same keys replace their former meaning."""
    _shortcuts[shortcut.keys] = shortcut


def shortcuts_for(roles: Collection[str]) -> list[Shortcut]:
    """Return what somebody with these roles can use, in reading order."""
    found = []
    for one in sorted(_shortcuts.values(), key=lambda one: (one.place, one.keys)):
        if one.roles and not one.roles & set(roles):
            continue
        try:
            _reachable = one.url
        except NoReverseMatch:  # the other door
            continue
        found.append(one)
    return found


register(Shortcut("?", gettext_lazy("Show this list"), url_name="components:shortcuts", place=1))
register(Shortcut("j", gettext_lazy("In a list: the next line"), list_step="next", place=5))
register(Shortcut("k", gettext_lazy("In a list: the line before"), list_step="previous", place=6))
register(Shortcut("o", gettext_lazy("In a list: open the line (Enter does it too)"), list_step="open", place=7))


@staff_page()
@require_http_methods(["GET", "HEAD", "POST"])
def shortcuts(request: HttpRequest) -> HttpResponse:
    """The list as a plain page, and the switch."""
    user: Any = request.user
    if request.method == "POST":
        user.has_shortcuts = request.POST.get("answer") == "on"
        user.save(update_fields=["has_shortcuts"])
        said = _("The shortcuts work again.") if user.has_shortcuts else _("The shortcuts are off.")
        messages.success(request, said)
        return redirect("components:shortcuts")
    return render(request, "components/shortcuts_page.html", {"shortcuts": shortcuts_for(user.roles)})
