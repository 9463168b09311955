"""Forms about people: inviting, roles, accepting an invitation."""

from collections.abc import Collection, Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from rainbowrail.accounts.models.role_grant import WhyNot
from rainbowrail.roles import SENTENCES, Role
from rainbowrail.web.forms import PageForm


def role_choices(waiting: Collection[str] = ()) -> Iterable[tuple[str, str]]:
    """Return each role with the sentence that says what it may do, and whether it waits for a second person."""
    waits = _("Waits for a second person.")
    return [(role.value, f"{role.label}: {SENTENCES[role]}" + (f" {waits}" if role in waiting else "")) for role in Role]


class RolesForm(PageForm):
    """The roles of somebody; `waiting` are those that were given and have not begun."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=role_choices, widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_(
            "Each role but that of the auditor begins when a second person agrees: a triage lead, a manager or another "
            "administrator. Without a role a person may sign in, and opens nothing."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, waiting: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.MultipleChoiceField, self.fields["roles"]).choices = role_choices(waiting)


class InviteForm(RolesForm):
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    field_order = ["email", "roles"]


class RefuseForm(PageForm):
    why = forms.ChoiceField(label=_("Why not"), choices=[("", _("Choose why")), *WhyNot.choices])


class AcceptForm(PageForm):
    """A name, and a password or none. `is_known`: the account exists, and its name stays."""

    name = forms.CharField(label=_("Your name, as colleagues call you"), max_length=120)
    password = forms.CharField(
        label=_("Password"), required=False, max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 14 characters; a sentence is good. Leave it empty if you will use a passkey only."),
    )  # fmt: skip
    again = forms.CharField(
        label=_("The same password again"), required=False, max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, *args: Any, is_known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_known:
            del self.fields["name"]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("password") != told.get("again"):
            self.add_error("again", _("The two passwords differ."))
        return told
