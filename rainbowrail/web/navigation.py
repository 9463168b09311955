"""The staff menu, by URL name and role. Apps add their line when they are ready; the layout draws what a person may open."""

from collections.abc import Collection
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from rainbowrail.roles import Role


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One line of the menu. `roles` empty: for every member of staff. `place` orders the lines, lowest first."""

    url_name: str
    label: str | Promise
    roles: frozenset[Role] = frozenset()
    place: int = 50


@dataclass(frozen=True, slots=True)
class MenuLine:
    url: str
    label: str | Promise
    is_here: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """The menu of one person: what is always in sight, and what stands folded behind “More”."""

    at_hand: list[MenuLine]
    more: list[MenuLine]

    @property
    def is_here_in_more(self) -> bool:
        return any(line.is_here for line in self.more)


# So many lines fit beside the name and the way out, and in two rows of the smallest phone.
AT_HAND = 4

_items: dict[str, MenuItem] = {}


def register(item: MenuItem) -> None:
    """Add a line to the menu, called from an app's `ready`; the same URL name replaces its former line."""
    _items[item.url_name] = item


def menu_for(roles: Collection[str], *, here: str = "") -> list[MenuLine]:
    """Return the lines that somebody with these roles may open; `here` is the name of the page being shown."""
    lines = []
    for item in sorted(_items.values(), key=lambda item: (item.place, item.url_name)):
        if item.roles and not item.roles & set(roles):
            continue
        try:
            lines.append(MenuLine(reverse(item.url_name), item.label, item.url_name == here))
        except NoReverseMatch:  # the other door, whose layout shows no menu
            continue
    return lines


def folded(lines: list[MenuLine]) -> Menu:
    """Fold a long menu: the first lines stay in sight. Folding a single line away would save nothing, so five stay whole."""
    return Menu(lines, []) if len(lines) <= AT_HAND + 1 else Menu(lines[:AT_HAND], lines[AT_HAND:])
