"""allauth's forms for second factors, with our words, our limits and a line in the trail for each failure."""

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, LoginWebAuthnForm, ReauthenticateWebAuthnForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from rainbowrail.accounts import limits
from rainbowrail.accounts.trail import factor_failed
from rainbowrail.accounts.whose_factor import is_theirs

PASSKEY = _("A passkey")
CODE = {"autocomplete": "one-time-code", "autocapitalize": "off", "spellcheck": "false"}


class _Code(forms.Form):
    """The field, and the limit around allauth's check. Recovery codes are longer and may be typed with spaces."""

    user: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = forms.CharField(
            label=_("Code"), max_length=20, widget=forms.TextInput(attrs=CODE), help_text=self.hint
        )

    hint: Any = _("The six digits that the app shows, or one of your recovery codes.")

    def clean_code(self) -> str:
        limits.CODES.take(self.user.pk)
        try:
            code: str = super().clean_code()  # type: ignore[misc]  # allauth's form is the other parent
            if (shown := getattr(self, "authenticator", None)) and not is_theirs(shown):
                raise ValidationError("not theirs")  # answered like a wrong code
        except ValidationError:
            factor_failed(self.user, kind="code")
            raise ValidationError(_("This code does not fit. Take the one that the app shows now.")) from None
        limits.CODES.forget(self.user.pk)
        return code


class SignInByCode(_Code, AuthenticateForm):  # type: ignore[misc]  # allauth is not typed
    pass


class ConfirmByCode(_Code, ReauthenticateForm):  # type: ignore[misc]
    pass


class AddApp(_Code, ActivateTOTPForm):  # type: ignore[misc]
    hint = _("The six digits that the app shows now.")


class _Passkey(forms.Form):
    """A passkey cannot be guessed: its failures are told and on record, and slow nobody down."""

    user: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].label = PASSKEY

    def clean_credential(self) -> Authenticator | None:
        try:
            shown: Authenticator = super().clean_credential()  # type: ignore[misc]
            if not is_theirs(shown):
                self.user = shown.user
                raise ValidationError("not theirs")
            return shown
        except ValidationError:
            if self.user is not None:
                factor_failed(self.user, kind="passkey")
            self.add_error(None, _("This passkey did not open. Try again, or take another way."))
            return None


class SignInByPasskeyAfterPassword(_Passkey, AuthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class ConfirmByPasskey(_Passkey, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class SignInByPasskey(_Passkey, LoginWebAuthnForm):  # type: ignore[misc]
    pass


class AddPasskey(AddWebAuthnForm):  # type: ignore[misc]
    """Every passkey of ours signs in alone, so it must check finger, face or PIN."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].label = PASSKEY
        self.fields["name"] = forms.CharField(
            label=_("What is it in?"), max_length=40, help_text=_("For example: my phone, the key on my ring.")
        )
        self.fields.pop("passwordless", None)
