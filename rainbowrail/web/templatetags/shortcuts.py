"""The shortcuts of the person who is signed in, for the layout."""

from django import template

from rainbowrail.web.shortcuts import Shortcut, shortcuts_for

register = template.Library()


@register.simple_tag(takes_context=True)
def staff_shortcuts(context: template.Context) -> list[Shortcut]:
    """Return what the person can use; nothing for a stranger, and for whoever switched them off."""
    user = getattr(context.get("request"), "user", None)
    if user is None or not user.is_authenticated or not user.has_shortcuts:
        return []
    return shortcuts_for(user.roles)
