"""The line on every staff page while the plan is in force: `{% load panic %}{% panic_in_force as is_in_force %}`."""

from django import template

from rainbowrail.panic import freeze

register = template.Library()


@register.simple_tag(takes_context=True)
def panic_in_force(context: template.Context) -> bool:
    """Whether to show the line. One query a request, and none for a page that nobody is signed in to."""
    request = context.get("request")
    user = getattr(request, "user", None)
    return bool(request is not None and user is not None and user.is_authenticated and freeze.in_force_for(request))
