"""Signing in: with a passkey alone, or with a password and then a second factor. allauth does the work, the pages are ours."""

from typing import Any

from allauth.account import views as account
from allauth.account.models import Login
from allauth.mfa.base import views as mfa
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.internal import flows as passkeys
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from rainbowrail.accounts import factors
from rainbowrail.accounts.forms.factors import SignInByPasskey
from rainbowrail.web.doors import public_page


class PasswordView(account.LoginView):  # type: ignore[misc]  # allauth is not typed
    """The sign-in page: the passkey first, the password second."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        then = self.request.POST.get("next") or self.request.GET.get("next") or ""
        return {**super().get_context_data(**kwargs), "by_passkey": SignInByPasskey(), "next": then}


class SecondFactorView(mfa.AuthenticateView):  # type: ignore[misc]
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        owned = factors.kinds_of(self.stage.login.user)
        return {"webauthn_form": None, "js_data": {}, **super().get_context_data(**kwargs), "owned": owned}


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def passkey(request: HttpRequest) -> HttpResponse:
    """A GET by script begins: it gets what the browser must sign. The POST brings the signature and signs in."""
    if request.method != "POST":
        return JsonResponse(webauthn.begin_authentication(None))
    form = SignInByPasskey(data=request.POST)
    if not form.is_valid():
        for said in form.non_field_errors():
            messages.error(request, str(said))
        return redirect("account_login")
    authenticator = form.cleaned_data["credential"]
    then = request.POST.get("next", "")
    safe = then if url_has_allowed_host_and_scheme(then, allowed_hosts=None) else None
    response: HttpResponse = passkeys.perform_passwordless_login(
        request, authenticator, Login(user=authenticator.user, redirect_url=safe)
    )
    return response


password = PasswordView.as_view()
second_factor = SecondFactorView.as_view()
