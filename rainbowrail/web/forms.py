"""The base of every form on both doors: cleans what was typed, counts it in a sentence, leaves drawing to the template pack."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.validators import MaxLengthValidator
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.deconstruct import deconstructible
from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext_lazy

from rainbowrail.crypto.numerals import in_numerals_of

# Everything below U+0020 but tab and line feed, DEL and the C1 block; half characters; and the marks that turn the reading
# direction of text around them (embeddings, overrides, isolates), with which a note could be made to read as its opposite.
# The joiners U+200C/D and the marks U+200E/F stay: Persian, Arabic and Hebrew need them.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")

# The button that asks for another language; a form sent with it is shown again as it was typed, and nothing is saved.
SPEAK = "speak"

# What browsers offer again to whoever types next, unless they are told not to.
_KEPT_BY_BROWSERS = (forms.TextInput, forms.Textarea, forms.Select)


def clean_text(text: str) -> str:
    """Return the text as we store it: NFC, line ends as a single line feed, nothing invisible that could harm."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _UNWANTED.sub("", text))


@deconstructible
class CountedLength(MaxLengthValidator):
    """A length limit that says how long the text is, so that a person knows how much to cut: 5,312 written, 5,000 fit."""

    message = ngettext_lazy(
        "You wrote %(shown)s characters; %(fit)s fits.",
        "You wrote %(shown)s characters; %(fit)s fit.",
        "limit_value",
    )

    def __call__(self, value: str) -> None:
        length = self.clean(value)
        if length > self.limit_value:
            params = {
                "limit_value": self.limit_value,
                "shown": _counted(length),
                "fit": _counted(self.limit_value),
            }
            raise forms.ValidationError(self.message, code="max_length", params=params)


def _counted(number: int) -> str:
    return in_numerals_of(number_format(number, force_grouping=True), get_language() or "")


class PageForm(forms.Form):
    """A form of either door. The template writes the `<form>` tag, the CSRF token and the buttons; crispy draws the fields."""

    def __init__(self, data: Mapping[str, Any] | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(None if data is None else cleaned_data_of(data), *args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        for field in self.fields.values():
            if isinstance(field, forms.CharField) and field.max_length is not None:
                field.validators = [v for v in field.validators if not isinstance(v, MaxLengthValidator)]
                field.validators.append(CountedLength(field.max_length))
                # A browser that enforces maxlength cuts pasted text without a word; a sentence that counts loses nothing.
                field.widget.attrs.pop("maxlength", None)

    @property
    def is_only_shown(self) -> bool:
        """Whether what was typed is to be shown in another language, and nothing done with it."""
        return self.is_bound and SPEAK in self.data

    def is_valid(self) -> bool:
        return not self.is_only_shown and super().is_valid()

    def full_clean(self) -> None:
        if not self.is_only_shown:
            super().full_clean()
            return
        self._errors = ErrorDict(renderer=self.renderer)
        self.cleaned_data = {}

    def __getitem__(self, name: str) -> forms.BoundField:
        """Return the field as it is drawn: a browser keeps nothing of it, on a shared phone or a shared desk."""
        bound = super().__getitem__(name)
        if isinstance(bound.field.widget, _KEPT_BY_BROWSERS):
            bound.field.widget.attrs.setdefault("autocomplete", "off")
        return bound


def cleaned_data_of(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return submitted data of the same shape with every text cleaned; lists of one name stay lists."""
    if isinstance(data, QueryDict):
        cleaned = QueryDict(mutable=True)
        for name, values in data.lists():
            cleaned.setlist(name, [_clean(value) for value in values])
        return cleaned
    return {name: [_clean(v) for v in value] if isinstance(value, list) else _clean(value) for name, value in data.items()}


def _clean(value: Any) -> Any:
    return clean_text(value) if isinstance(value, str) else value
