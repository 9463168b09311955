"""The component tags, built into every template."""

from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField
from django.forms.widgets import Textarea, TextInput
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info

from rainbowrail.crypto.numerals import in_numerals_of, numbering_system_of
from rainbowrail.web import language, navigation

register = template.Library()

NOTICE_KINDS = ("info", "warn", "danger", "good")


@register.filter
def ltr(value: object) -> SafeString:
    """Show a reference, number or address left to right inside a right-to-left sentence."""
    return format_html('<bdi dir="ltr">{}</bdi>', value)


@register.filter
def numerals(value: object) -> str:
    """Show the digits of a number or a date in the numerals of the reader's language: ٢١, ۲۱, 21."""
    return in_numerals_of(str(value), get_language() or "")


@register.simple_tag
def numbering_system() -> str:
    """Return the name of the numerals of the reader's language, for scripts that show numbers: arab, arabext, latn."""
    return numbering_system_of(get_language() or "")


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """Show a time to the minute in the reader's language, with the machine form beside it; nothing for None."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), date_format(local, "DATETIME_FORMAT"))


@register.filter
def day(value: date | None) -> SafeString | str:
    """Show a day in the reader's language, with the machine form beside it; nothing for None."""
    if value is None:
        return ""
    on = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return format_html('<time datetime="{}">{}</time>', on.isoformat(), date_format(on, "DATE_FORMAT"))


@register.simple_tag(takes_context=True)
def page_url(context: template.Context, token: str | None) -> str:
    """Return the address of another page of this list, with its filters: `{% page_url page.next_token as next_url %}`.

    Empty when there is no such page.
    """
    if not token:
        return ""
    query = context["request"].GET.copy()
    query["after"] = token
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def staff_menu(context: template.Context) -> navigation.Menu:
    """Return the menu of the person signed in: `{% staff_menu as menu %}`."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return navigation.Menu([], [])
    match = getattr(request, "resolver_match", None)
    return navigation.folded(navigation.menu_for(user.roles, here=match.view_name if match else ""))


@register.simple_tag
def languages() -> list[dict[str, Any]]:
    """Return the languages, each under its own name: `{% languages as choices %}` gives code, name, bidi, is_here."""
    here = get_language()
    found = []
    for code, name in settings.LANGUAGES:
        info = get_language_info(code)
        found.append({"code": code, "name": name, "bidi": info["bidi"], "is_here": code == here})
    return found


@register.simple_tag
def staff_languages() -> list[dict[str, str]]:
    """Return the other languages of staff pages, each under its own name: `{% staff_languages as choices %}`: code, name."""
    names, here = dict(settings.LANGUAGES), get_language()
    return [{"code": code, "name": names[code]} for code in settings.STAFF_LANGUAGES if code != here]


@register.simple_tag
def nobody_reviewed() -> bool:
    """Say whether no native speaker has read the words of this language yet: `{% nobody_reviewed as is_unread %}`."""
    return not language.is_reviewed(get_language() or "")


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """Draw the field's control, described by its hint, its errors and, for a long answer, the line that says how much fits."""
    described_by = [] if field.use_fieldset else [field.aria_describedby or ""]
    if room_for(field) is not None:
        described_by.append(f"{field.auto_id}_count")
    attrs: dict[str, str | bool] = {"aria-describedby": joined} if (joined := " ".join(filter(None, described_by))) else {}
    if type(field.field.widget) in (TextInput, Textarea):
        attrs["dir"] = "auto"  # a name in Latin letters on an Arabic page reads from its own side
    return field.as_widget(attrs=attrs)


@register.filter
def room_for(field: BoundField) -> int | None:
    """Return how many characters a long answer may have, or None where the page should not count."""
    limit: int | None = getattr(field.field, "max_length", None)
    return limit if isinstance(field.field.widget, Textarea) else None


@register.filter
def grouped(value: int) -> str:
    """Show a large whole number with the separators and numerals of the language: 5,000."""
    return numerals(number_format(value, force_grouping=True))


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "") -> SafeString:
    """Set a few sentences apart: `{% notice "warn" title=… %}…{% endnotice %}`. Raises TemplateSyntaxError for another kind."""
    if kind not in NOTICE_KINDS:
        raise template.TemplateSyntaxError(f"A notice is one of {', '.join(NOTICE_KINDS)}, not {kind!r}.")
    heading = format_html('<p class="notice__title">{}</p>', title) if title else ""
    return format_html('<div class="notice notice--{}">{}{}</div>', kind, heading, content)


@register.simple_block_tag
def panel(content: str, title: str = "", heading_id: str = "", *, folds: bool = False, is_open: object = True) -> SafeString:
    """Frame one part of a staff page as a labelled section: `{% panel title=… heading_id="facts" %}…{% endpanel %}`.

    One that `folds` opens at its title, without script, and stands open from the start where `is_open` is true of anything.
    """
    told = {"content": content, "title": title, "heading_id": heading_id, "folds": folds, "is_open": bool(is_open)}
    return render_to_string("components/panel.html", told)


@register.simple_block_tag
def filters(content: str, form: BaseForm) -> SafeString:
    """Fold what narrows a list on a phone: `{% filters form %}<form …>{% endfilters %}`; it says how many filters are in force.

    It stands open while something in it is mistaken.
    """
    number = sum(bool(field.value()) for field in form.visible_fields())
    return render_to_string("components/filters.html", {"content": content, "number": number, "is_open": bool(form.errors)})
