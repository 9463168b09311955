"""Signing in: with a passkey alone, or with a password and then a second factor. allauth does the work, the pages are ours."""

from typing import Any

from allauth.account import views as account
from allauth.account.models import Login
from allauth.mfa.base import views as mfa
from allauth.mfa.webauthn.internal import flows as passkeys
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_http_methods

from rainbowrail.accounts import factors, passkey_challenge
from rainbowrail.accounts.forms.factors import SignInByPasskey
from rainbowrail.web.doors import public_page

# In the address of the sign-in page: the passkey just tried opened nothing.
FAILED = "no"


class PasswordView(account.LoginView):  # type: ignore[misc]  # allauth is not typed
    """The sign-in page: the passkey first, the password second."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        then = self.request.POST.get("next") or self.request.GET.get("next") or ""
        failed = self.request.GET.get("passkey") == FAILED
        return {**super().get_context_data(**kwargs), "by_passkey": SignInByPasskey(), "next": then, "passkey_failed": failed}


class SecondFactorView(mfa.AuthenticateView):  # type: ignore[misc]
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        owned = factors.kinds_of(self.stage.login.user)
        said = "" if owned.opens else factors.NONE_OPENS
        return {"webauthn_form": None, "js_data": {}, **super().get_context_data(**kwargs), "owned": owned, "none_opens": said}


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def passkey(request: HttpRequest) -> HttpResponse:
    """A GET by script begins: it gets what the browser must sign. The POST brings the signature and signs in."""
    if request.method != "POST":
        return passkey_challenge.begin(request)
    challenge = passkey_challenge.bring_back(request)
    form = SignInByPasskey(data=request.POST)
    then = request.POST.get("next", "")
    if not form.is_valid() or not passkey_challenge.use_up(challenge):
        passkey_challenge.take_away(request)
        # Said by the address and not by a message, which would be a session for everybody who fails.
        return redirect(f"{reverse('account_login')}?{urlencode({'passkey': FAILED} | ({'next': then} if then else {}))}")
    authenticator = form.cleaned_data["credential"]
    safe = then if url_has_allowed_host_and_scheme(then, allowed_hosts=None) else None
    response: HttpResponse = passkeys.perform_passwordless_login(
        request, authenticator, Login(user=authenticator.user, redirect_url=safe)
    )
    passkey_challenge.forget(response)
    return response


password = PasswordView.as_view()
second_factor = SecondFactorView.as_view()
