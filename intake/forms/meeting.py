"""Two windows on one draft: what the older one sends meets what the newer one saved, and nobody's words are lost. Pure.

A page carries the revision at which it was drawn. Where an answer was saved since, by another window:

- left empty here, it stays as it was saved there;
- the same in both, there is nothing to say;
- otherwise the page is shown again with both, and the person chooses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from intake.forms.base import StepForm

JOIN = "\n\n"


def revision_of(text: str) -> int:
    """Return the revision that a page sent; 0, which is older than everything, for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def meet(form: StepForm, *, seen: int, changed: Mapping[str, int], data: Any) -> StepForm | None:
    """Keep in a valid form what another window saved since `seen`, or return the form to show again, with both answers.

    `changed`: at which revision each of the form's keys was last saved. `data` is what was posted. The form's `initial` is
    what is saved now.
    """
    owned = form.owned_keys()
    newer = [name for name in form.fields if any(changed.get(key, 0) > seen for key in ([name] if name in owned else owned))]
    clashing: dict[str, Any] = {}
    for name in newer:
        if (stands := _saved(form, name)) is None or stands == form.cleaned_data.get(name):
            continue
        if (told := _told_instead(form, name)) is None:
            form.cleaned_data[name] = stands
        else:
            clashing[told] = name
    return _with_both(form, clashing, data) if clashing else None


def _saved(form: StepForm, name: str) -> Any:
    """Return what is saved for a field, as a cleaned value; None for nothing."""
    value = form.initial.get(name)
    field = form.fields[name]
    return None if value is None or value in ("", []) else field.clean(field.prepare_value(value))


def _told_instead(form: StepForm, name: str) -> str | None:
    """Return the field of this window whose answer cannot stand beside what is saved for `name`, or None."""
    together: Iterable[str] = form.one_of if name in form.one_of else [name]
    return next((one for one in together if form.cleaned_data.get(one) is not None), None)


def _with_both(form: StepForm, clashing: Mapping[str, str], data: Any) -> StepForm:
    again = data.copy()
    long_texts = {name for name in clashing if isinstance(form.fields[name].widget, forms.Textarea)}
    for name in long_texts:
        typed, stands = form.cleaned_data[name], form.initial[name]
        again[name] = typed if stands in typed else JOIN.join([stands, typed])
    both = type(form)(again, answers=form.saved, today=form.today, language=form.language)
    for name, saved in clashing.items():
        if name in long_texts:
            both.add_error(
                name, _("You wrote here in another window too. Both texts are below: keep what you want, then continue.")
            )
        else:
            other = {"other": _shown(form, saved)}
            both.add_error(name, _("Meanwhile this was saved here: %(other)s. Choose what is right, then continue.") % other)
    return both


def _shown(form: StepForm, name: str) -> str:
    field: Any = form.fields[name]
    value = form.initial.get(name)
    shown = field.label if value is True and isinstance(field, forms.BooleanField) else field.shown(value)
    return " · ".join(map(str, shown)) if isinstance(shown, list) else str(shown)
