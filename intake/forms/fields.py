"""The few kinds of field the questionnaire is made of. Each may be left empty, and says "not stated" in one way: None."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from rainbowrail.crypto.numerals import in_numerals_of

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

type Label = str | _StrPromise
type Choice = tuple[str, Label]

SKIP = "skip"
RATHER_NOT: Choice = (SKIP, _("I would rather not say"))
NOT_SURE: Choice = (SKIP, _("I do not know"))
YES, NO = "true", "false"


def number_shown(number: object) -> str:
    """Return a number in the numerals of the page's language."""
    return in_numerals_of(str(number), get_language() or "")


class Pick(forms.ChoiceField):
    """One of a few, as radio buttons, with a last one for "rather not say". Cleans to the word, or None."""

    widget = forms.RadioSelect

    def __init__(self, label: Label, choices: Iterable[Choice], *, why: Label = "", other: Choice | None = RATHER_NOT) -> None:
        super().__init__(
            label=label, choices=[*choices, *([other] if other else [])], required=False, help_text=why,
            error_messages={"invalid_choice": _("Choose one of these, or leave it.")},
        )  # fmt: skip

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        return None if cleaned in {"", SKIP} else cleaned

    def shown(self, value: Any) -> Label | None:
        return dict(self.choices).get(value)  # type: ignore[arg-type]


class PickNumber(Pick):
    """A scale, kept as a whole number."""

    def clean(self, value: Any) -> int | None:
        cleaned = super().clean(value)
        return None if cleaned is None else int(cleaned)

    def shown(self, value: Any) -> Label | None:
        return super().shown(str(value))


class YesNo(Pick):
    """Yes, no, or not stated; kept as true, false or None."""

    def __init__(self, label: Label, *, why: Label = "", other: Choice | None = RATHER_NOT) -> None:
        super().__init__(label, [(YES, _("Yes")), (NO, _("No"))], why=why, other=other)

    def prepare_value(self, value: Any) -> Any:
        return {True: YES, False: NO}.get(value, value) if isinstance(value, bool) else value

    def clean(self, value: Any) -> bool | None:
        cleaned = super().clean(value)
        return None if cleaned is None else cleaned == YES

    def shown(self, value: Any) -> Label | None:
        return super().shown(self.prepare_value(value))


class Several(forms.MultipleChoiceField):
    """Any number of a list, as ticks. Cleans to a list, or None when nothing is ticked."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, label: Label, choices: Iterable[Choice], *, why: Label = "") -> None:
        super().__init__(
            label=label, choices=list(choices), required=False, help_text=why,
            error_messages={"invalid_choice": _("Choose from these, or leave it.")},
        )  # fmt: skip

    def clean(self, value: Any) -> list[str] | None:
        return super().clean(value) or None

    def shown(self, value: Any) -> list[Label]:
        names = dict(self.choices)  # type: ignore[arg-type]
        return [names[one] for one in value or [] if one in names]


class Country(forms.ChoiceField):
    """A country, named in the page's language; `StepForm.offer` sets the choices, since the form knows the language."""

    def __init__(self, label: Label, *, why: Label = "") -> None:
        super().__init__(
            label=label,
            required=False,
            help_text=why,
            error_messages={"invalid_choice": _("Choose from the list, or leave it.")},
        )

    def clean(self, value: Any) -> Any:
        return super().clean(value) or None

    def shown(self, value: Any) -> Label | None:
        return dict(self.choices).get(str(value)) if value is not None else None  # type: ignore[arg-type]


class Listed(Country):
    """A whole number chosen from a long list."""

    def clean(self, value: Any) -> int | None:
        cleaned = super().clean(value)
        return None if cleaned is None else int(cleaned)


class Number(forms.IntegerField):
    """A small whole number, typed in the digits of any script, as a phone's own keyboard gives them."""

    widget = forms.TextInput

    def __init__(self, label: Label, *, most: int, why: Label = "") -> None:
        super().__init__(
            label=label, required=False, help_text=why, min_value=0, max_value=most,
            error_messages={
                "invalid": _("Write a whole number, such as 3."),
                "min_value": _("Write a number from 0 up."),
                "max_value": _("Write a number up to %(limit_value)s."),
            },
        )  # fmt: skip

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "numeric", "autocomplete": "off", "size": "6"}

    def run_validators(self, value: Any) -> None:
        """Let the sentence about a wrong number name its limit as the page writes numbers."""
        try:
            super().run_validators(value)
        except ValidationError as error:
            for one in error.error_list:
                one.params = {name: number_shown(said) for name, said in (one.params or {}).items()}
            raise

    def shown(self, value: Any) -> Label | None:
        return None if value is None else number_shown(value)


class Words(forms.CharField):
    """A few words, or many. Cleans to the text without outer spaces, or None."""

    def __init__(self, label: Label, *, most: int, why: Label = "", long: bool = False, **attrs: str) -> None:
        widget: forms.Widget = forms.Textarea(attrs={"rows": "8"}) if long else forms.TextInput()
        widget.attrs |= {"autocomplete": "off", "dir": "auto", **attrs}
        super().__init__(label=label, required=False, max_length=most, help_text=why, widget=widget)

    def clean(self, value: Any) -> str | None:
        return super().clean(value) or None

    def shown(self, value: Any) -> Label | None:
        return value or None


class Tick(forms.BooleanField):
    """One tick. Cleans to true, or None when it is left open: no tick is not a "no"."""

    def __init__(self, label: Label, *, why: Label = "", required: bool = False, error: Label = "") -> None:
        super().__init__(label=label, help_text=why, required=required, error_messages={"required": error} if error else {})

    def clean(self, value: Any) -> bool | None:
        return super().clean(value) or None

    def shown(self, value: Any) -> Label | None:
        return _("Yes") if value else None
