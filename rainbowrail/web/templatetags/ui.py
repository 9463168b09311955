"""The component tags. A template builtin: no page loads it. Components that need no Python are includes (templates/components/)."""

from typing import Any

from django import template
from django.forms import BoundField
from django.forms.widgets import Textarea
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

NOTICE_KINDS = ("info", "warn", "danger", "good")


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """Draw the field's control, described by its hint, its errors and, for a long answer, the line that says how much fits."""
    described_by = [field.aria_describedby or ""] if not field.use_fieldset else []
    if room_for(field) is not None:
        described_by.append(f"{field.auto_id}_count")
    joined = " ".join(part for part in described_by if part)
    return field.as_widget(attrs={"aria-describedby": joined} if joined else {})


@register.filter
def room_for(field: BoundField) -> int | None:
    """Return how many characters a long answer may have, or None where the page should not count."""
    limit: int | None = getattr(field.field, "max_length", None)
    return limit if isinstance(field.field.widget, Textarea) else None


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "") -> SafeString:
    """Set a few sentences apart: `{% notice "warn" title=… %}…{% endnotice %}`. Raises TemplateSyntaxError for another kind."""
    if kind not in NOTICE_KINDS:
        raise template.TemplateSyntaxError(f"A notice is one of {', '.join(NOTICE_KINDS)}, not {kind!r}.")
    heading = format_html('<p class="notice__title">{}</p>', title) if title else ""
    return format_html('<div class="notice notice--{}">{}{}</div>', kind, heading, content)


@register.simple_block_tag
def panel(content: str, title: str = "", heading_id: str = "") -> SafeString:
    """Frame one part of a staff page as a labelled section: `{% panel title=… heading_id="facts" %}…{% endpanel %}`."""
    context: dict[str, Any] = {"content": content, "title": title, "heading_id": heading_id}
    return render_to_string("components/panel.html", context)
