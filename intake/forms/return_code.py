"""Coming back: typing the code, and typing part of it once to be sure it was written down."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from rainbowrail.crypto import return_code
from rainbowrail.crypto.errors import CodeFault, ReturnCodeUnreadable
from rainbowrail.crypto.numerals import to_ascii
from rainbowrail.web.forms import PageForm

# Which group of five is asked back; not the first, which people remember without having written anything.
ASKED_GROUP = 3
FAULTS = {
    CodeFault.EMPTY: _("Write your code: 25 digits, in five groups of five."),
    CodeFault.NOT_DIGITS: _("A code has digits only. Please leave out letters and other signs."),
    CodeFault.TOO_SHORT: _("Some digits are missing. A code has 25, in five groups of five."),
    CodeFault.TOO_LONG: _("There are too many digits. A code has 25, in five groups of five."),
    CodeFault.CHECK_DIGIT: _(
        "There is a typing mistake in one or two digits. Please compare each group with what you wrote down."
    ),
}
NOT_FOUND = _(
    "The digits fit together, but nothing belongs to this code. It may be over seven days old, or one that was replaced."
)
BUSY = _("Many people are here at the same time. Your code was not checked yet. Please try again in a minute.")

NOT_THIS_CODE = _("That is not the code you came in with. Please compare each group with what you wrote down.")


class TypeCodeForm(PageForm):
    """A typing mistake is told without asking anything of the server's costly work."""

    return_code = forms.CharField(
        label=_("Your code"),
        help_text=_("25 digits. Spaces do not matter."),
        required=False,
        max_length=return_code.LONGEST_TEXT,
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "off",
                "autocapitalize": "off",
                "spellcheck": "false",
                "dir": "ltr",
                "size": "30",
            }
        ),
    )

    def clean_return_code(self) -> str:
        try:
            return return_code.read(self.cleaned_data["return_code"])
        except ReturnCodeUnreadable as error:
            raise forms.ValidationError(FAULTS[error.reason]) from error


class PresentCodeForm(TypeCodeForm):
    """Asks for the present code before another one is made: a phone left open for a moment must not lock its owner out.

    `once` is a random mark of the page: the same page sent twice makes one code.
    """

    once = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput())

    def __init__(self, data: object = None, *, ask: bool, initial: dict[str, str]) -> None:
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        self.asks = ask
        if not ask:
            del self.fields["return_code"]
        else:
            self.fields["return_code"].label = _("Your present code")


class ConfirmCodeForm(PageForm):
    """Asks one group of the code back; passing over it is as good."""

    group = forms.CharField(
        label=_("Write the third group of five digits"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": "8", "dir": "ltr"}),
    )

    def __init__(self, data: object = None, *, code: str) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.wanted = code[(ASKED_GROUP - 1) * return_code.GROUP : ASKED_GROUP * return_code.GROUP]

    def clean_group(self) -> str:
        typed = "".join(digit for sign in self.cleaned_data["group"] if (digit := to_ascii(sign)) is not None)
        if typed != self.wanted:
            raise forms.ValidationError(
                _("That is not the third group. Please look at the code again and correct what you wrote down.")
            )
        return typed
