"""Setting one's own password."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rainbowrail.web.forms import PageForm


class OwnPasswordForm(PageForm):
    """The former password, for whoever has one (a passkey alone is enough to work here), and the new one twice."""

    former = forms.CharField(
        label=_("Your password until now"), max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip
    password = forms.CharField(
        label=_("New password"), max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 14 characters; a sentence is good."),
    )  # fmt: skip
    again = forms.CharField(
        label=_("The new password again"), max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, *args: Any, has_password: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_password:
            del self.fields["former"]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if "password" in told and "again" in told and told["password"] != told["again"]:
            self.add_error("again", _("The two passwords differ."))
        return told
