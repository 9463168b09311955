"""The line on every staff page while the plan is in force: `{% load panic %}{% panic_in_force as is_in_force %}`, and whether
its reader may open the plan: `{% panic_keeper as is_keeper %}`."""

from django import template

from rainbowrail.panic import freeze
from rainbowrail.panic.permissions import KEEPERS

register = template.Library()


@register.simple_tag(takes_context=True)
def panic_in_force(context: template.Context) -> bool:
    """Whether to show the line. One query a request, and none for a page that nobody is signed in to."""
    request = context.get("request")
    user = getattr(request, "user", None)
    return bool(request is not None and user is not None and user.is_authenticated and freeze.in_force_for(request))


@register.simple_tag(takes_context=True)
def panic_keeper(context: template.Context) -> bool:
    """Whether whoever is signed in may open the page of the plan. No query."""
    user = getattr(context.get("request"), "user", None)
    return bool(user is not None and user.is_authenticated and user.has_role(*KEEPERS))
